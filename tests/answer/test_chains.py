"""A link of a chain is quoted with the chain, where that is short and its links say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.chains import whole_chain
from rag.corpus.sentences import split_sentences
from rag.language import detect_language
from rag.types import Span

SHARED_OUT = "车间不能解决的，就由工厂解决；本厂不能解决的重大问题，区委就组织有关工厂协作解决。"
TOLD = "If the group could not solve it, the workshop would solve it; the workshop, the factory."


@pytest.mark.parametrize(
    ("before", "chain", "behind"),
    [
        ("全区组织协作。", SHARED_OUT, "职工很称赞这个办法。"),
        ("全区组织协作；", SHARED_OUT, ""),
        ("", TOLD, " Workers praised the workshop and the factory."),
        ("开会；\n", "一月份生产钢材；二月份也生产钢材。", "\n三月份生产钢材。"),
    ],
)
def test_every_link_stands_for_the_chain(before: str, chain: str, behind: str) -> None:
    body, language = before + chain + behind, detect_language(chain)
    whole = Span(len(before), len(before) + len(chain))
    links = [span for span in split_sentences(body, language) if span.overlap(whole)]
    assert len(links) > 1
    assert {whole_chain(body, language, link) for link in links} == {whole}
    assert whole_chain(body, language, whole) == whole


@pytest.mark.parametrize(
    "body",
    [
        "廖世刚实现六十多项革新；各地党委要认真总结经验。",  # nothing in common
        "小组不能解决的，就由车间解决。车间不能解决的，就由工厂解决。",  # two statements
        "小组不能解决的，就由车间解决；" * 9,  # too long to quote
        "…；…；",
        "开会。",
    ],
)
def test_a_sentence_that_is_no_link_stands_alone(body: str) -> None:
    for span in split_sentences(body, "zh"):
        assert whole_chain(body, "zh", span) == span


@given(st.text("工厂解决生产。；，\n”“ ", max_size=60), st.integers(0, 60), st.integers(1, 60))
def test_a_chain_holds_its_link_within_one_paragraph(body: str, start: int, length: int) -> None:
    span = Span(min(start, len(body)), min(start + length, len(body)))
    chain = whole_chain(body, "zh", span)
    assert 0 <= chain.start <= span.start
    assert span.end <= chain.end <= len(body)
    assert body[chain.start : chain.end].count("\n") == body[span.start : span.end].count("\n")
