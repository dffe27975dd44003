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
from eval.records import Run
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


def test_an_empty_run_can_be_shown() -> None:
    assert "Evaluation" in html(summarise(run(), []))


@given(st.text())
def test_nothing_that_acts_is_shown(text: str) -> None:
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]",
                         str(shown(text)))  # fmt: skip
