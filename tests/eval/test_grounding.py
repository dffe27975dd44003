"""Citations against gold, worked out by hand."""

from __future__ import annotations

import pytest
from values import cited, place, record

from eval.grounding import beside, citation_precision, citation_recall, evidence_hit, missing
from eval.outcome import problems, stage
from eval.records import Gold, Sentence
from rag.types import Verdict

# Gold: 0-10 and 20-30 of the Chinese text, 0-15 of the English. Acceptable: 40-50 in Chinese.
GOLD = ((place(0, 10),), (place(20, 30),), (place(0, 15, language="en"),))
ALSO = (place(40, 50),)

#  what is cited, in Chinese unless said      recall  precision
CITED = [
    ([(0, 10), (20, 30)], 1, 1),
    ([(0, 10)], 1 / 2, 1),
    ([(9, 12)], 1 / 2, 1),  # one character is enough
    ([(10, 20)], 0, 0),  # ends are open
    ([(0, 10), (40, 50), (60, 70)], 1 / 2, 2 / 3),  # acceptable ones are right, and not enough
    ([(0, 10, "en")], 1, 1),  # the one gold sentence of the translation
    ([(60, 70, "zh", (2, 5))], 1, 0),  # the counterpart is shown, but it is not what is quoted
    ([(0, 10, "zh", None, "b")], 0, 0),  # the same place in another article
    ([], 0, None),
]


@pytest.mark.parametrize(("quotes", "recall", "precision"), CITED)
def test_recall_and_precision(quotes, recall, precision) -> None:
    cites = tuple(made(mark, *quote) for mark, quote in enumerate(quotes, 1))
    one = record(needed=GOLD, acceptable=ALSO, cites=cites)
    assert citation_recall(one) == pytest.approx(recall)
    assert citation_precision(one) == (None if precision is None else pytest.approx(precision))


def made(mark, start, end, language="zh", across=None, article="a"):
    there = place(*across, language="en") if across else None
    return cited(mark, place(start, end, article, language), across=there)


def test_a_citation_whose_mark_is_not_in_the_text_does_not_count() -> None:
    cites = (cited(1, place(0, 10)), cited(2, place(60, 70)))
    assert citation_precision(record(cites=cites, text="“q”[1]")) == 1
    assert citation_recall(record(cites=cites, text="“q”[2]")) == 0


def test_a_refusal_that_shows_what_is_near_cites_nothing() -> None:
    near = record(cites=(cited(1, place(0, 10)),), state="refused")
    assert citation_recall(near) == 0
    assert citation_precision(near) is None


def test_what_is_missing_and_what_stands_beside() -> None:
    one = record(needed=GOLD, cites=(made(1, 20, 30), made(2, 60, 70)))
    assert missing(one) == ["gold 0"]
    assert [c.mark for c in beside(one)] == [2]


def test_evidence_is_hit_among_the_first() -> None:
    found = tuple(Sentence(place(start, start + 5), "s", 0.0) for start in (60, 70, 3))
    one = record(evidence=found)
    assert [evidence_hit(found, one.gold, k) for k in (1, 2, 3)] == [0, 0, 1]


NEAR = {"why_not": "near_miss"}
UNSUPPORTED = (Verdict("x", "unsupported", "no such number"),)


@pytest.mark.parametrize(
    ("one", "where", "said"),
    [
        (record(cites=(made(1, 0, 10),)), "", []),
        (record(answerable=False), "", []),
        (record(answerable=False, case=NEAR, cites=(made(1, 0, 10),)), "answered",
         ["answered, though there is no answer (near_miss)"]),
        (record(), "refusal", ["refused, though there is an answer",
                               "the gold is sentence 1 by likelihood, margin +1.00"]),
        (record(evidence=()), "evidence", ["refused, though there is an answer",
            "the gold sentence is read, and not among the three likeliest"]),
        (record(cites=(made(1, 0, 10), made(2, 60, 70))), "choice",
         ["cited beside the gold: [2] q"]),
        (record(cites=(made(1, 0, 10),), faults=("mark: [9] stands for nothing",)), "fault",
         ["fault: mark: [9] stands for nothing"]),
        (record(cites=(made(1, 0, 10),), unsupported=UNSUPPORTED), "text",
         ["shown unsupported (no such number): x"]),
    ],
)  # fmt: skip
def test_what_was_wrong_and_where(one, where, said) -> None:
    assert stage(one) == where
    assert problems(one) == said


def test_gold_that_was_never_found_is_put_down_to_the_search() -> None:
    lost = record(needed=GOLD, gold=Gold(GOLD, (), {"zh": ("p9",)}))
    assert lost.reply.hits == ("p1", "p2")
    assert stage(lost) == "search"
