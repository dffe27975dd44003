"""Names of people that the cutter has taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.surnames import people_in, split_names
from rag.terms import index_terms, standing


@pytest.mark.parametrize(
    ("text", "name", "sound"),
    [
        ("先进生产者黄荣昌、张文金", "黄荣昌", "~huangrongchang"),  # 黄 荣昌
        ("生态环境部部长黄润秋表示", "黄润秋", "~huangrunqiu"),  # 黄润 秋
        ("副总干事张瑾瑜告诉记者", "张瑾瑜", "~zhangjinyu"),
        ("北京市水务局局长潘安君介绍", "潘安君", "~pananjun"),
    ],
)
def test_a_name_in_two_words_is_found_whole(text: str, name: str, sound: str) -> None:
    assert name in split_names(text)
    assert sound in index_terms(text)
    assert standing(text, {sound}) == {sound}


@pytest.mark.parametrize("text", ["陈的", "和平", "在上海", "people", "", "黄，荣昌", "他和我"])
def test_words_that_stand_apart_or_carry_no_meaning_are_no_names(text: str) -> None:
    assert split_names(text) == []


@given(st.text(alphabet="王张欧阳和的荣昌，。 a1说", max_size=30))
def test_what_is_found_stands_in_the_text(text: str) -> None:
    assert all(name in text and 2 <= len(name) <= 4 for name in split_names(text))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("盛睿安是谁？", ["盛睿安"]),  # the cutter guesses 盛睿安是
        ("张禩民是谁", ["张禩民"]),
        ("潘安君说了什么？", ["潘安君"]),
        ("谁是张承雪？", ["张承雪"]),
        ("天津有多少工人？", []),
    ],
)
def test_the_people_of_a_question(text: str, names: list[str]) -> None:
    assert [name for name in people_in(text) if len(name) == 3] == names
