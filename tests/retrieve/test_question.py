"""What is understood of a question: its language, names and numbers."""

from __future__ import annotations

from datetime import date

import pytest

from rag.errors import BadQuestion
from rag.retrieve.question import LONGEST, told, understand, without_period
from rag.types import Filter, Period


@pytest.mark.parametrize(
    ("text", "language", "names", "numbers"),
    [
        ("Who is Liao Shigang?", "en", ("Liao Shigang",), ()),
        ("Why were copper basins donated?", "en", (), ()),
        ("What did Mao say at Lushan in 1959?", "en", ("Mao", "Lushan"), ("1959",)),
        ("Was Tianjin's output 3.5% higher?", "en", ("Tianjin",), ("3.5%",)),
        ("How many of 60,000 workers?", "en", (), ("60000",)),
        ("天津红桥区四天里提出了多少件建议？", "zh", (), ("4",)),
        ("1959年第2版说了什么？", "zh", (), ("1959", "#2")),
        # Not from what is said around it.
        ("你好！ Who is Liao Shigang?", "en", ("Liao Shigang",), ()),
        ("1. Who is Liao Shigang? Many Thanks!", "en", ("Liao Shigang",), ()),
    ],
)
def test_language_names_and_numbers(
    text: str, language: str, names: tuple[str, ...], numbers: tuple[str, ...]
) -> None:
    question = understand(text)
    assert (question.language, question.names, question.numbers) == (language, names, numbers)


def test_white_space_is_folded_and_the_period_is_the_filters() -> None:
    period = Period(date(1958, 1, 1), None)
    question = understand("  Who\n is\tthis? ", Filter(period=period))
    assert question.text == "Who is this?"
    assert question.period == period


@pytest.mark.parametrize("text", ["", " \n\t　", "字" * (LONGEST + 1), "\ud800 who?"])
def test_a_question_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadQuestion) as caught:
        understand(text)
    assert caught.value.remedy


def test_the_longest_question_is_taken() -> None:
    assert len(understand("字" * LONGEST).text) == LONGEST


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("In June 1958, what did Tianjin's workers do?", "what did Tianjin's workers do?"),
        ("What happened in Tianjin in June 1958?", "What happened in Tianjin?"),
        ("Which articles from June 1958 tell of steel?", "Which articles tell of steel?"),
        ("Between 1953 and 1956, how did wages change?", "how did wages change?"),
        ("1957年8月以后嘉兴的工厂怎样？", "嘉兴的工厂怎样？"),
        ("1957年8月底，重慶的工廠怎樣？", "重庆的工厂怎样？"),
        ("人民日报1959年11月24日的报道说了什么？", "人民日报报道说了什么？"),
        # Nothing is left to ask.
        ("1958年6月", "1958年6月"),
        ("In June 1958?", "In June 1958?"),
        # What does not filter is left alone, and no period says nothing.
        ("What did Mao say at Lushan in 1959?", "What did Mao say at Lushan in 1959?"),
        ("廖世刚是谁？", "廖世刚是谁？"),
    ],
)
def test_what_a_question_is_about_without_the_period_it_filters_by(text: str, rest: str) -> None:
    assert without_period(understand(text)).text == rest


def test_a_year_is_left_out_where_something_was_printed_in_it() -> None:
    question = understand("What did Mao say at Lushan in May in 1959?")
    assert question.period is None
    assert without_period(question, [date(1960, 1, 1)]) == question
    matter = without_period(question, [date(1960, 1, 1), date(1959, 8, 1)])
    assert matter.text == "What did Mao say at Lushan in May?"
    assert matter.names == ("Mao", "Lushan", "May")


def test_a_period_asked_for_beside_another_in_the_question_leaves_it_there() -> None:
    wanted = Filter(period=Period(date(1957, 1, 1), None))
    question = understand("In June 1958, what did workers do?", wanted)
    assert without_period(question) == question


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("In 1959, what did Mao say at Lushan?", 1959),
        ("1959年，毛泽东在庐山说了什么？", 1959),
        ("According to the article, what was said in 1959?", 1959),
        ("In June 1959, what did Mao say?", None),  # this filters
        ("How much was the 1956 profit plan exceeded by?", None),
        ("What did Mao say?", None),
    ],
)
def test_a_year_that_does_not_filter_is_told(text: str, year: int | None) -> None:
    period = told(understand(text))
    assert (period and period.start) == (year and date(year, 1, 1))
