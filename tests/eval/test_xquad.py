"""The benchmark's rule of relevance, and its data where it is at hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from eval.cases import GoldQuote
from eval.xquad import XquadQuestion, cases, gold_offset, is_relevant, load_questions
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


def test_questions_become_cases_in_both_languages() -> None:
    en, zh = cases([QUESTION], languages=("en", "zh"))
    assert (en.id, en.pair, en.question, en.answers) == ("1.en", "1", "?", ("308",))
    assert (zh.id, zh.pair, zh.language, zh.question) == ("1.zh", "1", "zh", "？")
    assert en.articles == ("Force",)
    assert en.gold == zh.gold
    assert set(en.gold) == {
        GoldQuote("Force", "zh", "丢了 308分"),
        GoldQuote("Force", "en", "just 308 points"),
    }


def test_gold_is_in_the_languages_of_the_texts() -> None:
    (case,) = cases([QUESTION], languages=("en",), texts=("zh",))
    assert (case.pair, [quote.language for quote in case.gold]) == (None, ["zh"])


def test_a_question_held_out_becomes_an_absent_case() -> None:
    (case,) = cases([replace(QUESTION, answerable=False)], languages=("zh",))
    assert (case.answerable, case.why_not, case.articles, case.gold) == (False, "absent", (), ())
