"""Answers cut into statements with their marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.claims import mark_number, split_claims


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They came. [1] They left.[2][3]", [("They came.", "1"), ("They left.", "2 3")]),
        ("他们来了。[1]他们走了[2]。", [("他们来了。", "1"), ("他们走了。", "2")]),
        ("他们来了【1】。他们走了。［2］", [("他们来了。", "1"), ("他们走了。", "2")]),
        ("- They came. [1, 2]\n- They left. [3]", [("They came.", "1 2"), ("They left.", "3")]),
        ("# They came\n\n---\n1. They left. [1]", [("They came", ""), ("They left.", "1")]),
        ("> “They came. They left.”[1]", [("“They came. They left.”", "1")]),
        ("他来了；他走了。[1]", [("他来了；他走了。", "1")]),
        ("No. 6 came; the rest left. [1]", [("No. 6 came; the rest left.", "1")]),
        ("The paper says:\n“They came.”[2]", [("The paper says:", "2"), ("“They came.”", "2")]),
        ("[7]", [("", "7")]),
        ("They came.[99999999]", [("They came.", "99999999")]),
        ("**Who:** they came. [1]", [("Who: they came.", "1")]),
        ("* * *\n\n", []),
        ("", []),
    ],
)
def test_statements_and_their_marks(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(c.words, " ".join(c.marks)) for c in split_claims(text)] == expected


def test_a_known_quotation_is_one_statement_whatever_it_holds() -> None:
    quoted = "他说：“来。\n[3]走！”\n完了"
    (claim,) = split_claims(f"“{quoted}”[1]", [quoted])
    assert (claim.words, claim.marks) == (f"“{quoted}”", ("1",))


def test_a_mark_no_one_cites_by_has_no_number() -> None:
    assert mark_number("12") == 12
    assert mark_number("9" * 5_000) is None


@given(st.text('甲a。.!;； “”"[1]【】\n-:：\ud800', max_size=80))
def test_nothing_said_is_lost_and_nothing_added(text: str) -> None:
    said = "".join(claim.sentence for claim in split_claims(text))
    assert [c for c in said if c in "甲a"] == [c for c in text if c in "甲a"]


@pytest.mark.parametrize(
    "piece",
    ["[1]", "[", "“", " ", "- ", "[1,", "1", "a. [1]\n", "“a”", "[1] ", "；", "#", "\ud800"],
)
def test_large_answers_are_cut_too(piece: str) -> None:
    assert len(split_claims(piece * 100_000)) <= 100_000
