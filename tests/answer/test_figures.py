"""Figures of a statement against a quote's, where the two languages write a number differently."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answer.figures import find_figures
from rag.answer.verify import verify
from rag.types import Citation, Masthead, Quote

QUOTES = {
    "people": "全国有六亿五千多万人口。",
    "budget": "国家投资1亿2千多万元。",
    "workers": "工厂有十五至二十万工人。",
    "hours": "会议开了一个半小时。",
    "years": "工程用了两年半。",
    "times": "产量增加了一倍半。",
    "old": "六万万人民团结一致。",
    "grain": "共收1千5百斤粮食。",
}


def refused(name: str, statement: str) -> bool:
    head = Masthead("1959-11-24.p2.0123456789", {}, (), date(1959, 11, 24), 2, "", "a.txt")
    quote = Quote("zh", "original", QUOTES[name], 0, len(QUOTES[name]))
    (verdict,) = verify(f"{statement} [1]", [Citation(1, head, quote, None)])
    return verdict.support == "unsupported"


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("people", "The country has a population of more than 650 million."),
        ("people", "全国人口超过6.5亿。"),
        ("budget", "国家投资一亿二千余万元。"),
        ("workers", "The factory has 150,000 to 200,000 workers."),
        ("workers", "工厂有15万到20万工人。"),
        ("hours", "The meeting lasted an hour and a half."),
        ("hours", "The meeting lasted 1.5 hours."),
        ("years", "The work took two and a half years."),
        ("years", "The work took two years and a half."),
        ("times", "产量增加了1.5倍。"),
        ("old", "Six hundred million people are united."),
        ("grain", "They took in 1,500 jin of grain."),
    ],
)
def test_the_same_number_is_not_struck(name: str, statement: str) -> None:
    assert not refused(name, statement)


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("people", "The country has a population of more than 600 million."),
        ("people", "The country has a population of 6,000 million."),
        ("budget", "国家投资一亿多元。"),
        ("workers", "The factory has 15 to 200,000 workers."),
        ("hours", "The meeting lasted half an hour."),
        ("hours", "会议开了半小时。"),
        ("years", "The work took two years."),
        ("years", "The work took two and a half months."),
        ("grain", "他们一共收了500斤粮食。"),
    ],
)
def test_another_number_is_struck(name: str, statement: str) -> None:
    assert refused(name, statement)


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("两年半", "year"),
        ("一个半小时", "hour"),
        ("三里半路", "li"),
        ("An hour and a half passed", "hour"),
        ("two and a half million tons", "ton"),
        ("half of the workers", ""),
    ],
)
def test_a_half_leaves_the_measure(text: str, measure: str) -> None:
    assert [figure.measure for figure in find_figures(text)] == [measure]
