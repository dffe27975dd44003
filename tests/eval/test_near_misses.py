"""Near misses are derived by rule: one slot changed, into what the gold article does not have."""

from __future__ import annotations

import random

import pytest

from eval.cases import SEEDS, load_cases
from eval.nearmiss import derive, from_seeds, sample, slots_of
from rag.archive import Archive

ARTICLE = "In 1959 Nikola Tesla moved 12 machines from France to Fresno."


def test_one_slot_is_changed_into_what_does_not_stand() -> None:
    question = "How many machines did Tesla move from France in 1959, 12 or more?"
    slots = slots_of(question, "en", ARTICLE)
    assert slots == {
        "year": ("1959",),
        "number": ("12",),
        "place": ("France",),
        "person": ("Tesla",),
    }
    found = list(derive(question, "en", slots, ARTICLE, random.Random(1)))
    assert {slot for slot, _, _ in found} == set(slots)
    for slot, was, now in found:
        assert was in slots[slot]
        assert now not in ARTICLE
        assert now != was


@pytest.mark.parametrize(
    "question",
    ["What did Teslas do in 1960?", "How many in the 1959s?", "Who was at Fresno-on-Sea?"],
)
def test_what_does_not_stand_in_the_article_is_no_slot(question: str) -> None:
    assert not any(slots_of(question, "en", "nothing of the kind").values())


def test_the_near_misses_of_the_seeds_differ_in_one_place(archive: Archive) -> None:
    cases = load_cases(SEEDS)
    bodies = {}
    for head in {p.masthead.article_id: p.masthead for p in archive.passages()}.values():
        texts = "\n".join(text.body for text in archive.article(head.article_id).texts)
        bodies[head.source.rpartition("/")[2]] = texts
    names = {name for case in cases for name in case.articles}
    bodies |= {name: bodies.get(name, bodies.get(f"{name}.txt", "")) for name in names}
    found = from_seeds(cases, bodies)
    questions = {case.question for case in cases if case.answerable}
    for miss in found:
        assert miss.question not in questions
        assert miss.question.replace(miss.now, miss.was, 1) in questions
    drawn = sample(found, 52)
    assert len(drawn) == 52
    assert drawn == sample(found, 52)
    assert {miss.slot for miss in drawn} == {"year", "number", "place", "person", "organisation"}
