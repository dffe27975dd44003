"""What is understood of a question: its language, names and numbers."""

from __future__ import annotations

from datetime import date

import pytest

from rag.errors import BadQuestion
from rag.retrieve.question import LONGEST, understand
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


@pytest.mark.parametrize("text", ["", " \n\t　", "字" * (LONGEST + 1)])
def test_a_question_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadQuestion) as caught:
        understand(text)
    assert caught.value.remedy


def test_the_longest_question_is_taken() -> None:
    assert len(understand("字" * LONGEST).text) == LONGEST
