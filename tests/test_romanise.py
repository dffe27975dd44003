"""Traditional in Simplified, and Han words in pinyin: surnames, ü, and what is no word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.romanise import (
    MOST_READINGS,
    both_readings,
    index_term,
    pinyin,
    pinyins,
    simplified,
    syllables,
)


@pytest.mark.parametrize(
    ("traditional", "expected"),
    [
        ("廖世剛", "廖世刚"),
        ("重慶鋼鐵公司", "重庆钢铁公司"),
        ("嘉興", "嘉兴"),
        ("張文金、馬海清", "张文金、马海清"),
        ("國務院", "国务院"),
        ("乾隆年間把水擦乾", "乾隆年间把水擦干"),
        ("皇后以後", "皇后以后"),
        ("红桥区", "红桥区"),
        ("No Han at all.", "No Han at all."),
        ("", ""),
    ],
)
def test_traditional_becomes_simplified(traditional: str, expected: str) -> None:
    assert simplified(traditional) == expected


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("廖世刚", "liaoshigang"), ("红桥", "hongqiao"), ("重庆", "chongqing"),
        ("重慶", "chongqing"), ("长安", "changan"), ("西安", "xian"), ("吕正操", "luzhengcao"),
        ("旅顺", "lushun"), ("绿色", "luse"), ("舒倜", "shuti"), ("单国强", "shanguoqiang"),
        ("单位", "danwei"), ("仇鳌", "qiuao"), ("解方", "xiefang"), ("解放", "jiefang"),
        ("曾山", "zengshan"), ("曾经", "cengjing"), ("薄一波", "boyibo"), ("尉迟恭", "yuchigong"),
        ("区委", "quwei"), ("黑龙江", "heilongjiang"), ("任弼时", "renbishi"),
        ("华罗庚", "hualuogeng"),
    ],
)  # fmt: skip
def test_words_in_pinyin(word: str, first: str) -> None:
    assert pinyin(word) == pinyins(word)[0] == first
    assert index_term(word) == f"~{first}"


@pytest.mark.parametrize(
    ("word", "both"),
    [
        ("单国强", {"shanguoqiang", "danguoqiang"}),
        ("区寿年", {"qushounian", "oushounian"}),
        ("李长春", {"lichangchun", "lizhangchun"}),
        ("翟文", {"zhaiwen", "diwen"}),
    ],
)
def test_names_that_can_be_read_twice(word: str, both: set[str]) -> None:
    assert both <= set(pinyins(word))


def test_syllables_stay_apart() -> None:
    assert syllables("西安")[0] == ("xi", "an")


@pytest.mark.parametrize("word", ["", "中", "中央委员会", "abc", "中a", "１２", "〇五"])
def test_only_words_of_two_to_four_characters_are_indexed(word: str) -> None:
    assert index_term(word) == ""


@given(st.text(max_size=40))
def test_any_text_is_taken(text: str) -> None:
    assert isinstance(simplified(text), str)
    readings = pinyins(text[:4])
    assert len(readings) <= MOST_READINGS
    assert len(set(readings)) == len(readings)
    assert all(readings)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4))
def test_a_term_is_plain_letters(word: str) -> None:
    term = index_term(word)
    assert term.isascii()
    assert not term or len(term) >= 3


def test_a_character_without_a_reading_has_no_term() -> None:
    assert index_term("一鯬") == ""


def test_a_lone_surrogate_is_no_text_and_no_crash() -> None:
    assert simplified("\ud800重慶") == "?重庆"


def test_a_run_is_read_in_both_ways() -> None:
    assert both_readings("杨行镇") == [("yang", "xing", "zhen"), ("yang", "hang", "zhen")]
    assert both_readings("天津") == [("tian", "jin")]
    assert both_readings("abc") == []


def test_what_is_written_so_in_simplified_text_as_well_stays() -> None:
    assert simplified("侯乃乾是谁") == "侯乃乾是谁"
    assert simplified("餅乾") == "饼干"
