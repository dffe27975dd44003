"""A question in two wordings: which texts are asked by which, and what both come to."""

from __future__ import annotations

import pytest

from rag.retrieve.question import understand, without_period
from rag.retrieve.translated import Scored
from rag.retrieve.wordings import in_all_wordings, weigh_wordings, wordings

ASKED = "How many innovations did Liao Shigang realize?"
PUT = "廖世刚实现了多少项革新？"


def test_texts_in_the_language_asked_in_are_asked_as_it_was() -> None:
    question = understand(ASKED, across=PUT)
    assert wordings(question, "en") == (question,)
    assert wordings(understand(ASKED), "zh") == (understand(ASKED),)


def test_others_are_asked_in_their_language_too() -> None:
    question = understand(ASKED, across=PUT)
    asked, put = wordings(question, "zh")
    assert asked == question
    assert (put.text, put.language, put.across) == (PUT, "zh", "")
    back = wordings(understand(PUT, across=ASKED), "en")[1]
    assert (back.language, back.names) == ("en", ("Liao Shigang",))


def test_the_period_that_filters_is_left_out_of_both() -> None:
    question = understand(f"In June 1958, {ASKED}", across=f"1958年6月，{PUT}")
    less = without_period(question)
    assert "1958" not in less.text + less.across
    assert "廖世刚" in less.across


def test_a_candidate_is_worth_the_mean_of_what_both_wordings_give() -> None:
    asked = [Scored(0.9, 1, ("dense",)), Scored(0.3, 2, ("dense", "keyword"))]
    put = [Scored(0.5, 1, ("keyword",)), Scored(0.7, 3, ("dense",))]
    # 2 was not proposed by the second, which gave .5 at the least; 3 not by the first, .3.
    assert in_all_wordings([asked, put]) == [
        Scored(pytest.approx(0.7), 1, ("dense", "keyword")),
        Scored(pytest.approx(0.4), 2, ("dense", "keyword")),
        Scored(pytest.approx(0.5), 3, ("dense",)),
    ]


def test_one_wording_changes_nothing() -> None:
    only = [Scored(0.9, 1, ("dense",))]
    assert in_all_wordings([only]) == only
    assert in_all_wordings([only, []]) == only
    assert in_all_wordings([]) == []
    assert weigh_wordings([0.25]) == 0.25
