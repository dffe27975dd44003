"""Question -> groups of index terms in the language of the passages.

A group stands for one word or name of the question and holds every index term that may stand for
it, with its weight; however many of them a passage holds, the group counts once.
"""

from __future__ import annotations

from rag.language import words
from rag.retrieve.dictionary import translations
from rag.types import Group, Language, Question


def term_groups(question: Question, target: Language) -> list[Group]:
    """Groups for passages in `target`, in the question's order, none twice.

    In the question's own language a word is its own group. Across languages it is the group of its
    translations, with itself where both languages write it alike (figures, Latin names); a word
    that the dictionary does not know is a group that nothing matches but itself.
    """
    terms = dict.fromkeys(words(question.text))
    if target == question.language:
        return [{term: 1.0} for term in terms]
    known = translations(terms, target)
    return [{**known.get(term, {}), term: 1.0} for term in terms]
