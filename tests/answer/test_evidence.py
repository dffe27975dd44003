"""Which sentences are taken as evidence, and when none is."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answer.evidence import Evidence, choose, load_evidence_weights
from rag.retrieve.terms import coverage
from rag.types import Hit, Masthead, Passage, Span

HEAD = Masthead("1959-11-24.p2.0123456789", {"zh": "题"}, (), date(1959, 11, 24), 2, "", "a.txt")
HIT = Hit(Passage("p", HEAD, "zh", 0, 4, "句子。"), 1.0, 1, ("dense",))


def sentence(score: float, margin: float = 1.0, held: tuple[float, ...] = ()) -> Evidence:
    features = (0.9, 0.7, 0.5, 0.9, 0.2, 0.0, 0.5, 1.0, 0.0, 0.0, 1.1)
    return Evidence(HIT, Span(0, 3), "句子。", features, score, margin, held, around=held)


@pytest.mark.parametrize(
    ("evidence", "chosen"),
    [
        ([], 0),
        ([sentence(5, -0.1), sentence(4.9)], 0),  # the best does not answer
        ([sentence(5), sentence(4.8)], 1),
        ([sentence(5), sentence(4.99), sentence(4.98), sentence(4.97)], 3),  # never more
        ([sentence(5), sentence(4.99, -0.1)], 1),  # never one that does not answer by itself
        # What holds another part of the question is quoted too, if it is nearly as likely.
        ([sentence(5, 1, (0.5, 0.0)), sentence(4, 1, (0.0, 0.5))], 2),
        ([sentence(5, 1, (0.5, 0.0)), sentence(4, 1, (0.5, 0.1))], 1),
        ([sentence(5, 1, (0.5, 0.0)), sentence(2, 1, (0.0, 0.5))], 1),
    ],
)
def test_choose(evidence: list[Evidence], chosen: int) -> None:
    assert len(choose(evidence)) == chosen


def test_coverage_is_a_share_by_weight() -> None:
    # 3 of 4 by weight: 革新 (2) and 建议 (1) stand in the sentence, 苏联 (1) does not.
    weighted = [({"革新": 1.0}, 2.0), ({"建议": 1.0}, 1.0), ({"苏联": 1.0}, 1.0)]
    assert coverage("职工提出技术革新的建议。", weighted) == pytest.approx(0.75)
    assert coverage("职工提出技术革新的建议。", []) == 0.0


def test_a_group_counts_once_by_its_best_term() -> None:
    weighted = [({"建议": 1.0, "提出": 0.5}, 1.0), ({"倡议": 1.0, "提出": 0.5}, 1.0)]
    assert coverage("职工提出技术革新的建议。", weighted) == pytest.approx(0.75)


def test_weights_cover_every_pair_of_languages() -> None:
    weights = load_evidence_weights()
    pairs = {"zh-zh", "en-en", "en-zh", "zh-en"}
    assert set(weights.scores) == set(weights.least) == set(weights.margins) == pairs
    assert {len(each) for each in weights.scores.values()} == {15}
    assert {len(each) for each in weights.margins.values()} == {16}
