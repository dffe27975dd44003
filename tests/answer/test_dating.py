"""What dates of a text are read, and which statements of them stand."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answer.dating import find_dates

DAY = date(2023, 7, 17)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("分季度看，一季度GDP同比增长4.5%，二季度增长6.3%。", ["q1", "q2"]),
        ("第一季度，1季度，三季度以来，四季度末", ["q1", "q1", "q3", "q4"]),
        ("2023年一季度与今年二季度", ["q1", "q2"]),
        # How many quarters, not which
        ("几季度，每季度，两个季度，前三季度，头三季度，连续三季度，近四季度", []),
        ("一至三季度，十四季度，四季，一季稻，三季人马", []),
    ],
)
def test_quarters_as_papers_write_them(text: str, parts: list[str]) -> None:
    assert [dated.part for dated in find_dates(text, DAY)] == parts
