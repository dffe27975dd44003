"""What dates of a text are read, and which statements of them stand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.dating import find_dates, stands, weekdays

DAY = date(2023, 7, 17)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("分季度看，一季度GDP同比增长4.5%，二季度增长6.3%。", ["q1", "q2"]),
        ("第一季度，1季度，三季度以来，四季度末", ["q1", "q1", "q3", "q4"]),
        ("2023年一季度与今年二季度", ["q1", "q2"]),
        ("2023 年第 2 季度，2023 年 上半年，第 3 季度", ["q2", "h1", "q3"]),
        # How many quarters, not which
        ("几季度，每季度，两个季度，前三季度，头三季度，连续三季度，近四季度", []),
        ("一至三季度，十四季度，四季，一季稻，三季人马", []),
    ],
)
def test_quarters_as_papers_write_them(text: str, parts: list[str]) -> None:
    assert [dated.part for dated in find_dates(text, DAY)] == parts


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("周四，美国商务部报告称", [3]),
        ("新西兰政府周一宣布", [0]),
        ("上周五，本周三（26日），星期天，礼拜日", [4, 2, 6, 6]),
        ("On Monday and last Friday; Tuesday's vote", [0, 4, 1]),
        ("两周三次，每周一次，一周五天，周日报，周一鸣说，四周年", []),
        ("Black Friday, sundae, Mon ami", []),
    ],
)
def test_days_of_the_week(text: str, days: list[int]) -> None:
    found = [dated.weekday for dated in find_dates(text, DAY)]
    assert [day for day in found if day is not None] == days


@pytest.mark.parametrize(
    ("wanted", "held", "agrees"),
    [
        ("on Monday", "周一宣布", True),
        ("on Friday", "周一宣布", False),
        ("周五", "on Friday", True),
        ("on Monday", "17日宣布", True),  # 17 July 2023
        ("on Tuesday", "17日宣布", False),
        ("2023年", "周一宣布", False),
        ("17日", "周一宣布", False),
        ("the first quarter", "一季度", True),
        ("the first quarter", "第二季度", False),
        ("first-quarter growth", "二季度", False),
        ("2023年8月11日", "2023 年 8 月 11 日", True),
        ("2022年8月11日", "2023 年 8 月 11 日", False),
        # A year lies in its decade, and not the other way round
        ("六十年代有多少人？", "1964年有六十四万人。", True),
        ("in the 1960s", "1964年有六十四万人。", True),
        ("in the 1970s", "1964年有六十四万人。", False),
        ("in 1964", "六十年代有六十四万人。", False),
    ],
)
def test_what_a_date_says_stands(wanted: str, held: str, agrees: bool) -> None:
    [date_wanted] = find_dates(wanted, DAY)
    assert stands(date_wanted, find_dates(held, DAY)) is agrees


@given(st.text(max_size=60), st.dates())
def test_any_text_is_read(text: str, published: date) -> None:
    for dated in find_dates(f"{text}2月30日", published):
        assert 0 <= dated.start < dated.end <= len(text) + 5
        assert weekdays(dated) <= set(range(7))
