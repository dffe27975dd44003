"""Verdicts by checks that need no model."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answer.verify import verify
from rag.types import Citation, Masthead, Quote

HEAD = Masthead("1959-11-24.p2.0123456789", {"zh": "题"}, (), date(1959, 11, 24), 2, "", "a.txt")
CITATION = Citation(
    1,
    HEAD,
    Quote("zh", "original", "全区六万工业职工就提出了2000件建议。", 0, 20),
    Quote("en", "translation", "Its 60,000 workers made 2,000 suggestions.", 0, 42),
)


@pytest.mark.parametrize(
    ("line", "support"),
    [
        ("“全区六万工业职工就提出了2000件建议。”[1]", "supported"),
        ("“Its 60,000 workers made 2,000 suggestions.”[1]", "supported"),
        ("“全区六万工业职工就提出了3000件建议。”[1]", "unsupported"),
        ("全区职工提出了2000件建议。[1]", "partial"),
        ("The workers made 9,999 suggestions. [1]", "unsupported"),
        ("The paper says “nobody came”. [1]", "unsupported"),
        ("The workers made suggestions.", "unsupported"),
        ("The workers made 2,000 suggestions. [7]", "unsupported"),
    ],
)
def test_verdicts(line: str, support: str) -> None:
    (verdict,) = verify(line, [CITATION])
    assert (verdict.sentence, verdict.support) == (line, support)


def test_an_unknown_mark_is_named() -> None:
    (verdict,) = verify("They came. [1][7]", [CITATION])
    assert "[7]" in verdict.reason


def test_one_verdict_a_statement() -> None:
    text = "“全区六万工业职工就提出了2000件建议。”[1]\n\nNobody came.\n"
    assert [verdict.support for verdict in verify(text, [CITATION])] == ["supported", "unsupported"]


def test_no_answer_no_verdict() -> None:
    assert verify("", []) == ()
