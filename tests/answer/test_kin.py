"""Relatives and schooling that a question speaks of and a text tells nothing of."""

from __future__ import annotations

import pytest

from rag.answer.kin import untold_relations


@pytest.mark.parametrize(
    ("question", "text", "untold"),
    [
        ("毛伟民的妻子叫什么名字？", "毛伟民来到公司。", ["妻子"]),
        ("毛伟民的妻子叫什么名字？", "毛伟民的爱人也来了。", []),
        ("What is Mao Weimin's wife called?", "毛伟民来到公司。", ["wife"]),
        ("What is Mao Weimin's wife called?", "毛伟民夫妇来到公司。", []),
        ("What is his wife called?", "He married Anne in 1950.", []),
        ("陈显锋的父亲是谁？", "陈显锋落马。", ["父亲"]),
        ("陈显锋的父亲是谁？", "陈某之子陈显锋落马。", []),
        ("谁的儿子来了？", "电子厂来了人。", ["儿子"]),
        ("陈琳的弟弟在哪里？", "陈琳和弟弟都上学。", []),
        ("Who is his sister?", "His brothers came.", []),
        ("章俊杰毕业于哪所大学？", "章俊杰是美术学院主任。", ["毕业"]),
        ("Where did he graduate?", "他曾就读于北京大学。", []),
        ("Where did he graduate?", "He studied law at Harvard.", []),
        ("Who were the Sons of Liberty?", "The men of Liberty met.", []),
        ("巧姑娘小组有几人？", "小组有七人。", []),
    ],
)
def test_what_is_told_of_no_relative(question: str, text: str, untold: list[str]) -> None:
    assert list(untold_relations(question, text)) == untold
