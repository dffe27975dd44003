"""The benchmark's rule of relevance, and its data where it is at hand."""

from __future__ import annotations

from datetime import date

import pytest

from eval.xquad import XquadQuestion, gold_offset, is_relevant, load_questions
from rag.errors import NotFound
from rag.types import Masthead, Passage

QUESTION = XquadQuestion(
    "1", "Force", True, {"en": "?", "zh": "？"}, {"en": "308", "zh": "308"},
    {"en": "just 308 points", "zh": "丢了 308分"},
)  # fmt: skip


def passage(text: str, source: str = "Force.txt") -> Passage:
    head = Masthead("id", {}, (), date(2016, 2, 8), 1, "", source)
    return Passage("id.en.0-9", head, "en", 0, len(text), text)


def test_relevant_is_the_window_in_that_article() -> None:
    assert is_relevant(QUESTION, passage("gave up just  308\npoints, ranking"))
    assert not is_relevant(QUESTION, passage("gave up 308 points"))
    assert not is_relevant(QUESTION, passage("gave up just 308 points", "Other.txt"))


def test_gold_offset_is_where_the_answer_begins() -> None:
    text = "gave up  just \n 308 points"
    assert text[gold_offset(QUESTION, passage(text)) :].startswith("308")


def test_absent_benchmark_is_said(tmp_path) -> None:
    with pytest.raises(NotFound, match="there is no"):
        load_questions(tmp_path)


def test_all_questions_load(shared) -> None:
    questions = load_questions(shared / "bench" / "xquad")
    assert len(questions) == 612
    assert sum(not question.answerable for question in questions) == 202
