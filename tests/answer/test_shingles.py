"""Runs of characters that a question and sentences share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.shingles import shingles, told_first


def test_runs_leave_punctuation_out() -> None:
    assert shingles("机床厂，", "zh") == {"机床", "床厂"}
    assert shingles("機床廠", "zh") == {"机床", "床厂"}
    assert shingles("A mill.", "en") == {"a mi", " mil", "mill", "ill "}
    assert shingles("厂", "zh") == frozenset()


def test_only_the_first_sentence_to_hold_a_run_counts_it() -> None:
    assert told_first("机床厂", ["重庆机床", "机床厂", "机床厂"], "zh") == [0.5, 0.5, 0.0]
    assert told_first("", ["机床厂"], "zh") == [0.0]


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=5))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_shares_never_exceed_the_whole(language: str, question: str, sentences: list[str]) -> None:
    shares = told_first(question, sentences, language)  # type: ignore[arg-type]
    assert len(shares) == len(sentences)
    assert all(share >= 0 for share in shares)
    assert sum(shares) <= 1 + 1e-9
