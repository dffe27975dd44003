"""Question -> groups of index terms in the language of the passages.

A group stands for one word or name of the question and holds every index term that may stand for
it, with its weight; however many of them a passage holds, the group counts once.
"""

from __future__ import annotations

from rag.language import words
from rag.retrieve.dictionary import translations
from rag.retrieve.names import name_groups
from rag.romanise import simplified
from rag.types import Group, Language, Question


def term_groups(question: Question, target: Language) -> list[Group]:
    """Groups for passages in `target`, in the question's order, names last.

    In the question's own language a word is its own group. Across languages it is the group of its
    translations, with itself where both languages write it alike (figures, Latin names). Names have
    groups of their other spellings; any Chinese word could be a name, and its romanised spellings
    join its translations.
    """
    terms = dict.fromkeys(words(simplified(question.text)))
    if target == question.language:
        return [*({term: 1.0} for term in terms), *_names(question, target)]
    known = translations(terms, target)
    if question.language == "zh":
        return [{**_spellings(term, target), **known.get(term, {}), term: 1.0} for term in terms]
    names = _names(question, target)
    # What a name explains is not looked for word by word too.
    named = {word for name in question.names for word in words(name)} if names else set()
    kept = [term for term in terms if term in known or term not in named]
    return [*({**known.get(term, {}), term: 1.0} for term in kept), *names]


def _names(question: Question, target: Language) -> list[Group]:
    return [dict.fromkeys(group, 1.0) for group in name_groups(question, target)]


def _spellings(term: str, target: Language) -> Group:
    """Index terms under which a word would go if it were a name."""
    groups = _names(Question(term, "zh"), target)
    return {spelling: weight for group in groups for spelling, weight in group.items()}
