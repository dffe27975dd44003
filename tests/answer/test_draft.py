"""A reply in pieces -> whole statements of plain text."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.draft import LONGEST, Draft, Statement, clean

BITS = [
    "廖世刚实现了六十多项革新", "。", "He made 60 of them", ". ", "[1]", "[", "]", "12", ", ",
    "【2】", "！", "No. 6 ", "“", "”", "\n", "- ", "**", "](", "(", ")", "http", "htt", "ps://",
    "![x](http://e.example/a.png)", "https://evil.example/x", "<img src=x>", "<", ">", "&lt;",
    "java", "script:", "www.", "//", "\u200b", "\u202e", "a@b.example", "data:", "#", "[^3]",
    "：", ":",
]  # fmt: skip
replies = st.lists(st.sampled_from(BITS), max_size=30).map("".join)
LINKS = re.compile(
    r"//|\bwww\.|\b(?:javascript|data):[^\s，。；！？、）】”’]|\]\(|!\[|<[a-z/!]|\w@\w+\.\w|[\u200b\u202e]",
    re.I | re.A,
)


def statements(*pieces: str) -> list[Statement]:
    draft = Draft()
    whole = [statement for piece in pieces for statement in draft.add(piece)]
    return [*whole, *draft.finish()]


def texts(*pieces: str) -> list[str]:
    return [statement.text for statement in statements(*pieces)]


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        ("他是重庆人[1]。他有六十项革新。[2] 完", ["他是重庆人[1]。", "他有六十项革新。[2]", "完"]),
        ("In No. 6 factory he made 60. [2] Then he left [3].",
         ["In No. 6 factory he made 60. [2]", "Then he left [3]."]),
        ("One [1].\nTwo [2].\n\n- Three [3]", ["One [1].", "Two [2].", "Three [3]"]),
        ("A [1, 2]. 他【3】。她［4、5］。", ["A [1][2].", "他[3]。", "她[4][5]。"]),
        ("It was so [^6].", ["It was so [6]."]),
        ("He said “Go. Come now.” to them [1].", ["He said “Go. Come now.” to them [1]."]),
        ("看[这里](http://e.example/x)和![图](http://e.example/a.png)。", ["看这里和图。"]),
        ("[1](http://e.example) says so.", ["[1] says so."]),
        ("[1]: http://e.example", []),
        ("At the hotel: 3 people died.", ["At the hotel: 3 people died."]),
        ("According to the data: 300 died.", ["According to the data: 300 died."]),
        ("The company profile:12 factories.", ["The company profile:12 factories."]),
        ("<IMG/src=x>Hi</b >", ["Hi"]),
        ("See tel:110 or mailto:me now", ["See or now"]),
        ("See https://e.example/?q=1 or www.e.example or me@e.example now", ["See or or now"]),
        ("<img src=x onerror=alert(1)>Hi<!-- hidden --> there", ["Hi there"]),
        ("&lt;script&gt;x&lt;/script&gt;", ["x"]),
        ("ja&#118;ascript:alert(1) htthttps://x ps://evil.example", []),
        ("# Title\n**Bold** and `code`", ["Title", "Bold and code"]),
        ("the [sic] word", ["the (sic) word"]),
        ("a\u200bb\u202ec\U000e0041d", ["abcd"]),
        ("never ends [1", ["never ends (1"]),
        ("...\n---\n  ", []),
    ],
)  # fmt: skip
def test_a_reply_becomes_plain_statements(reply: str, wanted: list[str]) -> None:
    assert [
        text for text in texts(reply) if re.search(r"\w", re.sub(r"\[\d+\]", "", text))
    ] == wanted


@given(replies, st.data())
def test_the_pieces_do_not_count(reply: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(reply)), max_size=8)))
    edges = [0, *cuts, len(reply)]
    pieces = [reply[start:end] for start, end in itertools.pairwise(edges)]
    assert statements(*pieces) == statements(reply)


@given(replies)
def test_no_link_image_or_half_mark_is_left(reply: str) -> None:
    for text in texts(reply):
        assert not LINKS.search(text), text
        assert "[" not in re.sub(r"\[\d{1,4}\]", "", text)
        assert "]" not in re.sub(r"\[\d{1,4}\]", "", text)
        assert not re.search(r"\d\][(:]", text)
        assert clean(text) == text


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_a_statement_comes_as_soon_as_the_next_has_begun() -> None:
    draft = Draft()
    assert list(draft.add("他是重庆人。[")) == []
    assert list(draft.add("1")) == []
    assert list(draft.add("]他有")) == [Statement("他是重庆人。[1]", "")]
    assert list(draft.add("六十项。\n")) == [Statement("他有六十项。", "")]
    assert list(draft.finish()) == []


def test_what_divides_statements_is_kept() -> None:
    assert [s.lead for s in statements("One two [1]. Three four [2].\nFive.")] == ["", " ", "\n"]


def test_marks_of_a_statement() -> None:
    assert statements("So [2][1][2] it was [13].")[0].marks == (2, 1, 13)


def test_a_sentence_that_never_ends_is_cut() -> None:
    assert [len(text) for text in texts("字" * (LONGEST * 2 + 5))] == [LONGEST, LONGEST, 5]
