"""Whether a sentence tells the number asked for, by what its numbers count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.counters import Counted, counts_behind, is_bare
from rag.answer.counting import tells_number


@pytest.mark.parametrize(
    ("text", "question", "told"),
    [
        ("全厂三百名职工", "有多少工人？", True),
        ("全厂三百多个干部", "有多少工人？", True),
        ("全厂职工达三百以上", "有多少工人？", True),
        ("职工人数为300，党员30。", "有多少名员工？", True),
        ("三分之二的人口", "How many people died?", True),
        ("近三百围棋高手", "How many players came?", True),
        ("观众八千余人次", "有多少观众？", True),
        ("事故造成11死3伤", "How many people died?", True),
        ("新增确诊129例", "有多少人确诊？", True),
        ("遇难人数升至129，", "有多少人遇难？", True),
        ("一家五口人", "他家有多少人？", True),
        ("另有百余人受伤", "How many people were injured?", True),
        ("上千栋房屋被毁", "How many homes were destroyed?", True),
        ("中国队名列第三", "得了第几名？", True),
        ("全市共15家。", "有多少名员工？", False),
        ("全市有十三个工厂完成计划。", "雇了多少临时工？", False),
        ("Thirteen factories met the plan.", "How many temporary workers did it employ?", False),
        ("交付一百辆装甲车", "有多少工人？", False),
        ("产能为六亿支", "有多少工人？", False),
        ("大队三中队查获货车", "有多少名民警？", False),
        ("第4位访华高官", "How many officials came?", False),
        ("二、受灾职工可以提取。", "How many workers came?", False),
        ("买入股票（002656）的投资者", "How many investors sued?", False),
        ("The stock (20,000 shares)", "How many were sold?", True),
        ("实现二十二项革新，提高了四倍", "一年能造多少辆车？", False),
        ("一年造二十二台", "一年能造多少辆车？", True),
        ("They built 22 trucks.", "How many vehicles?", True),
        ("They hired 22 workers.", "How many vehicles?", False),
        ("有三百户人家", "有多少家工厂？", True),
        ("喝了二两左右黄酒", "被判了多少年？", False),
        ("判了三年", "被判了多少年？", True),
        ("被行政拘留五日", "被拘留几天？", True),
        ("据5日报道，他被拘留。", "被拘留几天？", False),
        ("数据和数量都很重要", "有几家企业？", False),
        ("数十家企业", "有几家企业？", True),
        ("实现了半自动化", "有几台机器？", False),
        ("上半年开了会", "开了几次会？", False),
        ("用了半个月", "用了几天？", True),
        ("几乎没有", "开了几次会？", False),
        ("It is no longer there.", "How many are there?", False),
    ],
)
def test_which_numbers_answer(text: str, question: str, told: bool) -> None:
    assert tells_number(text, question) is told


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("3名", "people"),
        ("3余人", "people"),
        ("3人民币", None),
        ("3民警", "people"),
        ("3 of the workers", "people"),
        ("3, and the workers", None),
        ("3架", "machines"),
        ("3家庭", "firms"),
        ("3家", "firms"),
        ("3项", "things"),
        ("3张", "papers"),
        ("3倍", "folds"),
        ("3个", None),
        ("3", None),
    ],
)
def test_what_a_number_counts(text: str, counted: Counted | None) -> None:
    assert counts_behind(text, 1) == counted


def test_a_bare_number_has_no_chinese_word_behind_it() -> None:
    assert all(is_bare(text, 1) for text in ("3", "3。", "3个", "3余", "3以上", "3 workers"))
    assert not any(is_bare(text, 1) for text in ("3支", "3中队", "3多种"))


@given(text=st.text(max_size=200), end=st.integers(0, 220))
def test_any_text_is_read(text: str, end: int) -> None:
    counts_behind(text, end)
    is_bare(text, end)
