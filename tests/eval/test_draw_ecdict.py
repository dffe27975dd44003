"""ECDICT's rows as the dictionary of the search: what is kept of them."""

from __future__ import annotations

from eval.draw_ecdict import drawn
from rag.retrieve.ecdict import read_ecdict


def row(word: str, translation: str, bnc: str = "0", frq: str = "") -> dict[str, str]:
    return {"word": word, "translation": translation, "bnc": bnc, "frq": frq}


def test_frequent_words_and_phrases_of_them_are_kept() -> None:
    rows = [
        row("rolling", "n. 旋转", "9000"),
        row("mill", "n. 磨坊", frq="4000"),
        row("mill", "n. 磨坊"),
        row("rolling mill", "轧钢厂"),
        row("rolling xylophone", "滚动木琴"),
        row("xylophone", "n. 木琴", "60001"),
        row("three word phrase", "短语", "10"),
        row("2nd", "第二", "10"),
    ]
    assert [word for word, _ in drawn(rows)] == ["rolling", "mill", "mill", "rolling mill"]


def test_translations_come_in_order_without_asides_fields_and_explanations() -> None:
    senses = (
        "n. 火炉, 熔炉（大的）, 火炉\\nvt. & vi. 在炉中烧\n"
        "[化] 炉子\n[网络] 炉; 一种很长的不是翻译的解释"
    )
    assert list(drawn([row("furnace", senses, "1")])) == [("furnace", ["火炉", "熔炉", "在炉中烧"])]


def test_six_translations_are_kept_and_words_without_any_are_not() -> None:
    rows = [row("run", "v. 跑,奔,逃,竞选,行驶,运转,流", "5"), row("um", "int. (犹豫)", "6")]
    assert list(drawn(rows)) == [("run", ["跑", "奔", "逃", "竞选", "行驶", "运转"])]


def test_the_file_that_is_shipped_reads() -> None:
    entries = dict(read_ecdict())
    assert len(entries) > 80_000
    assert entries["blast furnace"][0] == "鼓风炉"
    assert all(translation for many in entries.values() for translation in many)
    assert all(len(many) <= 6 for many in entries.values())
