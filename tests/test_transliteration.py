"""Foreign names by sound: both spellings share a row of consonants."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.terms import index_terms, number_terms
from rag.transliteration import SHORTEST, han_names, han_rows, latin_rows, transliteration_terms


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Khrushchev", "赫鲁晓夫"), ("Eisenhower", "艾森豪威尔"), ("Lavoisier", "拉瓦锡"),
        ("Gagarin", "加加林"), ("Castro", "卡斯特罗"), ("Sukarno", "苏加诺"),
        ("Dulles", "杜勒斯"), ("Kennedy", "肯尼迪"), ("Lumumba", "卢蒙巴"), ("Mikoyan", "米高扬"),
        ("Stalin", "斯大林"), ("Truman", "杜鲁门"), ("MacArthur", "麦克阿瑟"),
        ("Mackinder", "麦金德"), ("Halford", "哈尔福德"), ("Friedrich", "弗里德里克"),
    ],
)  # fmt: skip
def test_both_spellings_meet(english: str, chinese: str) -> None:
    assert set(latin_rows(english)) & set(han_rows(chinese))


@pytest.mark.parametrize(
    ("english", "chinese"), [("Truman", "赫鲁晓夫"), ("Castro", "肯尼迪"), ("Dulles", "麦金德")]
)
def test_different_names_do_not(english: str, chinese: str) -> None:
    assert not set(latin_rows(english)) & set(han_rows(chinese))


def test_names_are_found_in_running_text_even_where_the_cutter_splits_them() -> None:
    assert "麦金德" in han_names("英国的哈尔福德•麦金德等人")
    assert han_names("工人们提出了建议") == []
    assert "^MKNT" in transliteration_terms("when Mackinder wrote")
    assert transliteration_terms("the workers' proposals") == []


def test_numbers_in_words_stand_as_their_value() -> None:
    assert number_terms("二十多万件") == number_terms("two hundred thousand") == ["200000"]
    assert number_terms("第六染化厂") == ["6"]
    assert number_terms("1959年") == ["1959"]
    assert number_terms("one of the three") == []
    assert index_terms("1959").count("1959") == 1


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    terms = transliteration_terms(text)
    assert len(terms) == len(set(terms))
    assert all(term[0] == "^" and len(term) > SHORTEST for term in terms)
    assert terms == transliteration_terms(text)
