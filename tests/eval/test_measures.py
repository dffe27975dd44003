"""The numbers of a run, from records made by hand with the figure expected beside them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from values import cited, place, record

from eval.intervals import Estimate
from eval.measures import confidence, numbers, refusal_at_coverage
from eval.metrics import by_question

#  ranking   gold      R@1  R@10  RR@10  nDCG@1  nDCG@10
RANKED = """
   a b c     a         1    1     1      1       1
   a b c     c         0    1     1/3    0       .5        1/log2(4)
   a b       z         0    0     0      0       0
   -         a         0    0     0      0       0         no hits count as zero
   b a c     a c       0    1     1/2    0       .6934     (1/log2(3)+1/2)/(1+1/log2(3))
"""


def test_measures_of_a_ranking() -> None:
    lines = [line for line in RANKED.splitlines() if line.strip()]
    for line in lines:
        ranking, gold, rest = line[3:12].split(), line[12:22].split(), line[22:].split()
        found = by_question({"q": [d for d in ranking if d != "-"]}, {"q": set(gold)})["q"]
        expected = [_number(text) for text in rest[:5]]
        assert list(found.values()) == pytest.approx(expected, abs=1e-4), line


def _number(text: str) -> float:
    above, _, below = text.partition("/")
    return float(above) / float(below or 1)


def test_equal_scores_keep_the_order_given() -> None:
    # Were ranks turned into equal scores, the library would put z before a.
    assert by_question({"q": ["a", "z"]}, {"q": {"a"}})["q"]["R@1"] == 1
    assert by_question({"q": ["z", "a"]}, {"q": {"a"}})["q"]["R@1"] == 0


# Confidence, with an answer (1) or without (0), best first. To answer 95 % of four, all four must
# be answered: the least is .3, and of the three without an answer one lies below it.
CONFIDENCE = [(0.9, 1), (0.8, 0), (0.7, 1), (0.6, 1), (0.5, 0), (0.3, 1), (0.2, 0)]


def test_refusal_at_95_percent_coverage() -> None:
    values = np.array(CONFIDENCE, float)
    ones = np.ones((1, 7))
    assert refusal_at_coverage(values, ones)[0] == pytest.approx(1 / 3)
    # Drawn 20 times each, three of the four make 60 of 61: the fourth may be refused.
    weights = np.array([[20, 1, 20, 20, 1, 1, 1]], float)
    assert refusal_at_coverage(values, weights)[0] == pytest.approx(2 / 3)
    # What is as sure as the least is not refused.
    tied = np.array([(0.5, 1), (0.5, 0), (0.1, 0)], float)
    assert refusal_at_coverage(tied, np.ones((1, 3)))[0] == pytest.approx(1 / 2)
    assert math.isnan(refusal_at_coverage(values[:1], np.ones((1, 1)))[0])


def test_any_answer_is_surer_than_any_refusal() -> None:
    answered = record(cites=(cited(1, place(0, 10)),), margin=-5.0)
    sure = record(cites=(cited(1, place(0, 10)),), margin=2.0)
    refused = record(margin=9.0)
    assert confidence(sure) > confidence(answered) > confidence(refused)
    assert confidence(refused) > confidence(record(margin=None))


#         language  answerable  cites          R@1 zh->zh, recall, precision, coverage
RECORDS = [
    record("1", "zh", cites=(cited(1, place(0, 10)),)),  # 1  1  1    1
    record("2", "zh", cites=(cited(1, place(0, 9)), cited(2, place(50, 60)))),  # 1  1  1/2  1
    record("3", "zh", rankings={"zh/fused": ("x",), "zh/dense": ("p1",)}),  # 0  0  -    0
    record("4", "en", cites=(cited(1, place(50, 60), across=place(0, 5)),)),  # -  1  0    1
    record("5", "en", answerable=False, cites=(cited(1, place(0, 5)),)),  # answered wrongly
    record("6", "en", answerable=False),
    record("7", "zh", answerable=False, case={"why_not": "out_of_scope"}),
]
EXPECTED = """
R@1                         | zh-zh | 2/3    |
R@1                         | en-zh | 1/1    |
R@1                         | same  | 2/3    |
R@1                         | cross | 1/1    |
fused - dense               | zh-zh | -.0873 | (2(1-1/log2(3))-1)/3
nDCG@1                      | same  | 2/3    |
evidence hit@1              | all   | 4/4    |
citation recall             | zh    | 2/3    |
citation recall             | all   | 3/4    |
citation precision          | zh    | 3/4    | of two: the one refused cites nothing
citation precision          | all   | 1/2    |
coverage                    | all   | 3/4    |
false answers, absent       | all   | 1/2    |
false answers, absent       | en    | 1/2    |
false answers, out of scope | all   | 0/1    |
unsupported shown           | all   | 0/7    |
refusal at 95 % coverage    | zh    | 0/1    | all three must be answered, the refused with them
EM                          | all   | 0/4    |
ms to done                  | all   | 3/1    |
tokens                      | zh    | 5/1    |
"""


def test_numbers() -> None:
    found = {(n.measure, n.cell): n.estimate for n in numbers(RECORDS)}
    for line in filter(str.strip, EXPECTED.splitlines()):
        measure, cell, value, *_ = (part.strip() for part in line.split("|"))
        estimate = found[measure, cell]
        assert estimate.value == pytest.approx(_number(value), abs=1e-4), line
        assert estimate.low <= estimate.value + 1e-9
        assert estimate.value <= estimate.high + 1e-9


def test_what_no_case_measures_has_no_number() -> None:
    found = {(n.measure, n.cell) for n in numbers(RECORDS)}
    assert ("R@1", "zh-en") not in found
    assert ("false answers, near miss", "all") not in found
    assert ("false answers, absent", "zh") not in found
    assert found == {(n.measure, n.cell) for n in numbers(RECORDS[::-1])}


def test_unsupported_sentences_count_in_every_case() -> None:
    from rag.types import Verdict

    bad = record(answerable=False, unsupported=(Verdict("x", "unsupported", "?"),) * 2)
    found = {(n.measure, n.cell): n.estimate for n in numbers([bad, record("2")])}
    assert isinstance(found["unsupported shown", "all"], Estimate)
    assert found["unsupported shown", "all"].value == 1.0
