# ruff: noqa: E501 -- a table: one pair a line
"""Opposites of a statement and its quotes, across languages too."""

from __future__ import annotations

import pytest

from rag.answer.polarity import check_negation
from rag.types import Language


def wrong(statement: str, quote: str) -> bool:
    said, held = (_language(text) for text in (statement, quote))
    found = check_negation(statement, said, [(held, quote)])
    return any(support == "unsupported" for support, _ in found)


def _language(text: str) -> Language:
    return "en" if text.isascii() else "zh"


PAIRS = [
    ("The union voted to reject the contract.", "The union voted to approve the contract.", "工会投票批准了合同。"),
    ("It allowed the company to sell the drug.", "It banned the company from selling the drug.", "政府禁止该公司销售这种药品。"),
    ("The court found him innocent.", "The court found him guilty.", "法院认定他有罪。"),
    ("The company made a profit of 300 million.", "The company made a loss of 300 million.", "公司亏损3亿元。"),
    ("The quake struck in the morning.", "The quake struck in the afternoon.", "地震发生在下午。"),
    ("The economy slowed.", "The economy accelerated.", "经济意外加速。"),
    ("法院认定他有罪。", "法院判处他无罪。", "The court found him innocent."),
    ("政府禁止销售。", "政府允许销售。", "The government allowed the sale."),
    ("经济放缓。", "经济加速。", "The economy accelerated."),
]  # fmt: skip


@pytest.mark.parametrize(("false", "true", "quote"), PAIRS)
def test_opposites_are_told_across_languages(false: str, true: str, quote: str) -> None:
    assert wrong(false, quote)
    assert not wrong(true, quote)


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("The government does not allow the sale.", "政府禁止销售。"),
        ("The court found him not guilty.", "法院判处他无罪。"),
        ("The union rejected the contract.", "工会拒绝批准合同。"),
        ("政府不允许销售。", "The government banned the sale."),
        ("The talks slowed after a morning of speeches.", "会谈在上午的讲话之后放缓。"),
    ],
)
def test_the_denial_of_an_opposite_is_none(statement: str, quote: str) -> None:
    assert not wrong(statement, quote)
