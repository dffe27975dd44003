"""One run against another, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from values import cited, place, record, run

from eval.compare import compare
from eval.records import BadRun

RIGHT = (cited(1, place(0, 10)),)


def cases(*right: bool):
    return [
        record(str(n), family=f"f{n}", cites=RIGHT if good else ()) for n, good in enumerate(right)
    ]


def test_differences_are_paired() -> None:
    #        0      1      2     3      recall
    before = cases(True, False, True, False)  # 2/4
    after = cases(True, True, True, True)  #    4/4: +1/2
    found = compare(run(*before), run(*after))
    (recall,) = (d for d in found.differences if (d.measure, d.cell) == ("citation recall", "all"))
    assert (recall.before, recall.after, recall.change.value) == (0.5, 1.0, 0.5)
    assert recall.change.low >= 0  # no case got worse: no draw can say so
    assert [(f.case_id, f.now_right) for f in found.flips] == [("1", True), ("3", True)]
    assert found.flips[0].problems[0] == "refused, though there is an answer"


def test_a_difference_counts_the_cases_that_have_a_part_in_it() -> None:
    asked = ["zh", "zh", *["en"] * 38]
    records = [record(str(n), language, cites=RIGHT) for n, language in enumerate(asked)]
    before = [record("0", "zh"), record("1", "zh"), *records[2:]]  # two refused, which cite nothing
    for old in (records, before):
        found = compare(run(*old), run(*records)).differences
        cases = {(d.measure, d.cell): d.change.n for d in found}
        for measure in ("citation recall", "coverage", "tokens", "R@1"):
            cells = ("zh-zh", "en-zh", None) if measure == "R@1" else ("zh", "en", "all")
            counted = [cases[measure, cell] for cell in cells if cell]
            assert counted == [2, 38, 40][: len(counted)]
        assert cases["citation precision", "all"] == 40  # the two count in the run they are in


def test_a_run_against_itself_changes_nothing() -> None:
    found = compare(run(*cases(True, False)), run(*cases(True, False)))
    assert found.flips == ()
    assert {(d.change.value, d.change.low, d.change.high) for d in found.differences} == {(0, 0, 0)}
    assert not any(d.clear for d in found.differences)


def test_only_what_both_asked_alike_is_compared() -> None:
    before, after = cases(True, True, True), cases(False, True, True)[:2]
    changed = replace(after[0], case=replace(after[0].case, question="另一个问题？"))
    found = compare(run(*before), run(changed, after[1]))
    assert (found.common, found.only_before, found.only_after) == (1, 2, 1)
    assert found.flips == ()
    with pytest.raises(BadRun, match="no case in common"):
        compare(run(*before), run(changed))
