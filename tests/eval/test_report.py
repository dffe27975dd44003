"""The report: one file that fetches nothing, in which every text is text."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from values import HEADER, cited, place, record, run

from eval import plots
from eval.gates import load_gates
from eval.judge import Judgement
from eval.records import Record, Run, Sentence
from eval.report import BRIEF, DATA, brief, html, shown, write_report
from eval.summary import summarise

# The run over all cases is made by whichever test comes first.
pytestmark = pytest.mark.timeout(900)

EVIL = "<script>alert(1)</script>\"'&{{7*7}}\u202e\x1b[31m</div>"


def evil_run() -> Run:
    """Every text in it is hostile."""
    one = record(
        EVIL,
        cites=(replace(cited(1, place(0, 10), EVIL), headline=EVIL),),
        text=EVIL + "[1]",
        case={"question": EVIL, "answers": (EVIL,), "kind": "who"},
        faults=(EVIL,),
    )
    refused = record("two", answerable=False, case={"question": EVIL, "why_not": "near_miss"})
    return Run(replace(HEADER, cases=EVIL, model=EVIL), (one, refused))


def test_hostile_text_stays_text() -> None:
    bad = evil_run()
    said = [Judgement(EVIL, EVIL, None, None, EVIL)]
    page = html(summarise(bad, load_gates(["always"]), bad, said))
    assert "<script" not in page
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "{{7*7}}" in page
    assert "‹U+202E›" in page
    # No attribute holds a word of it, and no tag was closed by it.
    assert page.count("<div") == page.count("</div>")
    assert not re.search(r"=\"[^\"]*alert[^\"]*\"", page)


def test_the_page_fetches_nothing(seeds_run: Run) -> None:
    page = html(summarise(seeds_run, load_gates(["always", "seeds"])))
    assert "default-src 'none'" in page
    assert not re.search(r"(src|href|url)\s*[=(]", page.split("</style>")[1])
    assert "<script" not in page
    assert page.count('class="case"') == 360


def test_the_three_files_agree(seeds_run: Run, tmp_path: Path) -> None:
    page = write_report(seeds_run, tmp_path, summarise(seeds_run, load_gates(["always", "seeds"])))
    data = json.loads((tmp_path / DATA).read_text("utf-8"))
    text = (tmp_path / BRIEF).read_text("utf-8")
    assert data["passed"]
    assert len(data["cases"]) == 360
    recall = next(
        n for n in data["numbers"] if (n["measure"], n["cell"]) == ("citation recall", "all")
    )
    for document in (page.read_text("utf-8"), text):
        assert f"{recall['value']:.3f}" in document
        assert "near miss" in document
    assert text.startswith("# Evaluation: passed")


def test_a_run_that_failed_says_so() -> None:
    summary = summarise(evil_run(), load_gates(["seeds"]))
    assert not summary.passed
    assert brief(summary).startswith("# Evaluation: failed")
    assert "CROSSED" in brief(summary)
    assert "crossed" in html(summary)
    assert "\\<script\\>" in brief(summary)


@pytest.mark.parametrize("draw", [plots.coverage_plot, plots.calibration_plot, plots.kinds_plot])
def test_plots_are_whole_svg(draw: Any, seeds_run: Run) -> None:
    for records in (seeds_run.records, seeds_run.records[:1], evil_run().records, ()):
        drawing = ElementTree.fromstring(draw(records))
        assert drawing.tag == "svg"


def test_the_ring_stands_where_the_archive_does() -> None:
    # Two of two answered, one of two refused: at (1, .5) of the frame.
    answered = [record(str(n), cites=(cited(1, place(0, 10)),)) for n in (1, 2)]
    without = [record("3", answerable=False),
               record("4", answerable=False, cites=(cited(1, place(0, 10)),))]  # fmt: skip
    drawing = plots.coverage_plot([*answered, *without])
    assert '<circle class="now" cx="404.0" cy="136.0"' in drawing


def dots(records: list[Record]) -> list[tuple[float, float]]:
    """The points of the plot of calibration, in the unit square."""
    found = re.findall(r'<circle class="c0 dot" cx="([\d.]+)" cy="([\d.]+)"',
                       plots.calibration_plot(records))  # fmt: skip
    return [((float(x) - 52) / 352, 1 - (float(y) - 16) / 240) for x, y in found]


def weighed(*margins: float, gold: bool = True, **fields: Any) -> list[Record]:
    """Cases whose likeliest sentence has these margins and is gold or is not."""
    where = place(0, 10) if gold else place(50, 60)
    return [
        record(str(n), evidence=(Sentence(where, "s", margin),), margin=margin, **fields)
        for n, margin in enumerate(margins)
    ]


def test_calibration_is_of_the_likeliest_sentence_whatever_was_answered() -> None:
    # Refused, and cited otherwise: the sentence was gold all the same. Gold nowhere: it was not.
    elsewhere = (cited(1, place(50, 60)),)
    right = [*weighed(0.0, 0.0), *weighed(0.0, cites=elsewhere)]
    assert dots(right) == [pytest.approx((0.5, 1.0), abs=1e-3)]
    wrong = [*weighed(0.0, gold=False), *weighed(0.0, answerable=False)]
    assert dots([*right, *wrong]) == [pytest.approx((0.5, 3 / 5), abs=1e-3)]
    # Nothing was found, so nothing was held to be likely.
    assert dots([*right, record(evidence=(), margin=None)]) == dots(right)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 23, 24, 25, 40, 97, 794])
def test_calibration_leaves_no_case_out(count: int) -> None:
    margins = [n / 100 for n in range(count)]
    found = dots([*weighed(*margins[:-1], gold=False), *weighed(margins[-1])])
    # The surest alone is right: it stands in the last bin, of so many.
    sizes = [count // len(found), -(-count // len(found))]
    assert 1 <= len(found) <= 8
    assert min(sizes) >= min(3, count)
    assert [y for _, y in found[:-1]] == [pytest.approx(0, abs=1e-3)] * (len(found) - 1)
    assert any(found[-1][1] == pytest.approx(1 / size, abs=1e-3) for size in sizes)
    assert len(found) == max(1, min(8, count // 3))


def test_an_empty_run_can_be_shown() -> None:
    assert "Evaluation" in html(summarise(run(), []))


@given(st.text())
def test_nothing_that_acts_is_shown(text: str) -> None:
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]",
                         str(shown(text)))  # fmt: skip
