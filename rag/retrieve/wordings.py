"""A question in two wordings: as it was asked, and in the texts' language where a model put it so.

Neither is trusted alone: a small model mistakes names, and what was asked in another language finds
less surely. Texts are scored by both, and the scores averaged. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.retrieve.question import names_in
from rag.retrieve.translated import Scored
from rag.types import Language, Question

# What the wording in the texts' language counts for, beside the one asked in: the best of .3 to .6
# on dev questions as a small model put them, among 20,000 articles of other subjects.
PUT = 0.5


def wordings(question: Question, language: Language) -> tuple[Question, ...]:
    """The wordings in which a question is put to texts of a language, as it was asked first."""
    if language == question.language or not question.across:
        return (question,)
    text = question.across
    names = names_in(text)
    return question, replace(question, text=text, language=language, names=names, across="")


def weigh_wordings(values: Sequence[float]) -> float:
    """One value of those that each wording gives, in the order of `wordings`."""
    return values[0] if len(values) == 1 else (1 - PUT) * values[0] + PUT * values[1]


def in_all_wordings(lists: Sequence[Sequence[Scored]]) -> list[Scored]:
    """The candidates of each wording as one list; to one that a wording did not propose it gives
    the lowest score that it gave."""
    if len(lists) == 1 or not all(lists):
        return [one for each in lists for one in each]
    lowest = [min(one.score for one in each) for each in lists]
    held = [{one.key: one for one in each} for each in lists]
    mixed = []
    for key in dict.fromkeys(one.key for each in lists for one in each):
        scores = [
            each[key].score if key in each else low for each, low in zip(held, lowest, strict=True)
        ]
        via = (leg for each in held if key in each for leg in each[key].via)
        mixed.append(Scored(weigh_wordings(scores), key, tuple(dict.fromkeys(via))))
    return mixed
