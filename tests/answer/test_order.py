"""Figures, dates and names that have changed places with one another."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.dating import find_dates
from rag.answer.figures import find_figures
from rag.answer.order import Row, check_order, row
from rag.types import Language

DAY = date(2023, 7, 17)


def read(text: str) -> Row:
    language: Language = "en" if text.isascii() else "zh"
    return row(language, text, find_figures(text), find_dates(text, DAY))


def exchanged(statement: str, *quotes: str) -> bool:
    return any(check_order(read(statement), [read(quote) for quote in quotes]))


SHARE = "比例由三分之一上升到二分之一。"
TRADE = "进口额为300亿元，出口额为500亿元。"
LIFE = "He was born in 1950 and died in 1999."
GAME = "中国队以99比91战胜日本队。"
SUIT = "John Smith sued Mary Jones over the contract in Washington."
TEAMS = "组织了包括一千多先进工人参加的七十六个技术队。"


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("The share has risen from one-half to one-third.", SHARE),
        ("The share has risen to one-third from one-half.", SHARE),
        ("进口额为500亿元，出口额为300亿元。", TRADE),
        ("出口额为300亿元，进口额为500亿元。", TRADE),
        ("Imports were 50 billion yuan and exports 30 billion yuan.", TRADE),
        ("He was born in 1999 and died in 1950.", LIFE),
        ("He died in 1950, and was born in 1999.", LIFE),
        ("他1999年出生，1950年去世。", LIFE),
        ("大会8月8日开幕，7月28日闭幕。", "大会7月28日开幕，8月8日闭幕。"),
        ("日本队以99比91战胜中国队。", GAME),
        ("日本队被中国队战胜。", GAME),  # a passive: only it may be true
        ("Jones sued Smith over the contract.", SUIT),
        ("The United States beat China 3 to 2.", "China beat the United States 3 to 2."),
        ("李刚在北京会见了王强。", "王强在北京会见了李刚。"),
        ("一季度增长6.3%，二季度增长4.5%。", "一季度增长4.5%，二季度增长6.3%。"),
    ],
)
def test_what_has_changed_places_is_seen(statement: str, quote: str) -> None:
    assert exchanged(statement, quote)


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("The share has risen from one-third to one-half.", SHARE),
        ("The share has risen to one-half from one-third.", SHARE),
        ("出口额为500亿元，进口额为300亿元。", TRADE),
        ("Exports were 50 billion yuan and imports 30 billion yuan.", TRADE),
        ("Exports were 50 billion yuan.", TRADE),
        ("He died in 1999, and was born in 1950.", LIFE),
        ("他1950年出生，1999年去世。", LIFE),
        ("中国队战胜日本队。", GAME),
        ("Smith sued Jones.", SUIT),
        ("Mary Jones was sued in Washington.", SUIT),
        ("The United States and China met.", "China and the United States met."),
        ("美国和中国同意会晤。", "中国和美国同意会晤。"),
        # Within a clause what counts different things has its own order in each language.
        ("It organized 76 technical teams, including more than 1,000 advanced workers.", TEAMS),
        ("26 sets of rolling equipment of 10,000 tons", "一万吨的轧钢设备二十六套"),
        ("Japan was beaten by China.", GAME),
        ("他于1999年1月7日去世。", "He died on 7 January 1999."),
        ("2010年 2月25日关闭", "closed 25 February 2010"),
        ("300 of 500 and 500 of 300", "500 of 300"),
    ],
)
def test_another_wording_has_changed_nothing(statement: str, quote: str) -> None:
    assert not exchanged(statement, quote)


def test_one_quote_in_the_same_order_is_enough() -> None:
    other = "出口额500亿元与进口额300亿元。"
    assert exchanged("二者为300亿元与500亿元。", other)
    assert not exchanged("二者为300亿元与500亿元。", other, TRADE)


_TOLD = st.sampled_from(
    ["300元", "500元", "1950年", "中国", "日本", "和", "从", "，", "增长", "王强"]
)


@given(st.lists(_TOLD, max_size=12).map("".join) | st.text(max_size=40))
def test_a_quote_is_in_its_own_order(text: str) -> None:
    said = row("zh", text, find_figures(text), find_dates(text, DAY))
    assert not any(check_order(said, [said]))
