"""What a question asks for, and whether a sentence holds it."""

from __future__ import annotations

import pytest

from rag.answer.kind import asked_kind, counted, counts, holds


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("天津红桥区四天里提出了多少件技术革新建议？", "number"),
        ("全区有几个工厂提前完成？", "number"),
        ("How many suggestions were made?", "number"),
        ("What percentage of lines had no fuel?", "number"),
        ("What was the number of workers?", "number"),
        ("Why did the number of workers fall?", None),
        ("会议是何时召开的？", "time"),
        ("哪一年发生了石油危机？", "time"),
        ("When did the meeting open?", "time"),
        ("In what year did the crisis begin?", "time"),
        ("廖世刚是谁？", None),
        ("Why were copper basins donated?", None),
    ],
)
def test_asked_kind(question: str, kind: str | None) -> None:
    assert asked_kind(question) == kind


@pytest.mark.parametrize(
    ("text", "number", "time"),
    [
        ("提出了二十多万件建议。", True, False),
        ("有三个工厂。", True, False),
        ("大家都很高兴。", False, False),
        ("已由三分之一上升到二分之一强。", True, False),
        ("二十六日至二十九日召开会议。", True, True),
        ("The share rose from one-third to more than one-half.", True, False),
        ("It opened in October.", False, True),
        ("Everyone was glad.", False, False),
        ("In 1973 prices rose.", True, True),
    ],
)
def test_holds(text: str, number: bool, time: bool) -> None:
    assert (holds(text, "number", ""), holds(text, "time", "")) == (number, time)


@pytest.mark.parametrize(
    ("text", "question", "held"),
    [
        ("The No. 6 factory was glad.", "How big was the No. 6 factory?", False),
        ("The No. 6 factory has 300 workers.", "How big was the No. 6 factory?", True),
        ("The factory has six workers.", "How big was the No. 6 factory?", False),
        ("天津染化六厂大家都很高兴。", "天津染化六厂有多少职工？", False),
        ("1957年，工厂有三百名职工。", "1957年工厂有多少职工？", True),
        ("1957年，大家都很高兴。", "一九五七年工厂有多少职工？", False),
    ],
)
def test_a_number_of_the_question_is_not_its_answer(text: str, question: str, held: bool) -> None:
    assert holds(text, "number", question) is held


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("How many new factories did the district open?", "factories"),
        ("Into how many kinds of situation did the Bureau sort them?", "kinds situation"),
        ("How many kinds are there?", "kinds"),
        ("全区提出了多少件建议？", "建议"),
        ("What was the total number of workers in Hongqiao?", "workers"),
        ("红桥区的工人数是多少？", "工人"),
        ("技术革新建议的数量有多少？", "技术革新建议"),
        ("总数是多少？", ""),
        ("Who is Liao Shigang?", ""),
    ],
)
def test_what_is_counted(question: str, things: str) -> None:
    assert counted(question) == things


def test_a_number_counts_what_stands_behind_it() -> None:
    text = "by distinguishing three different situations, it was believed"
    assert counts(text, "en", {"situat"})
    assert not counts(text, "en", {"distinguish"})
    assert counts("The work took two years and a half.", "en", {"year"})
