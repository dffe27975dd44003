"""Plots of a run as SVG, drawn by hand: no library, no script, nothing fetched. Pure.

Every text is escaped. Colours come from the page's style (`line`, `fill`, `axis`), so that a plot
is legible on light and on dark.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from itertools import pairwise

from eval.grounding import evidence_hit
from eval.measures import confidence
from eval.outcome import problems
from eval.records import Record

_WIDTH, _HEIGHT = 420, 300
_LEFT, _TOP, _RIGHT, _BOTTOM = 52, 16, 16, 44
_BINS = 8
_LEAST_IN_BIN = 3

Point = tuple[float, float]


def coverage_plot(records: Sequence[Record]) -> str:
    """Share of what has no answer that is refused, against the share of what has one that is
    answered, as the least confidence for an answer moves; a ring where the archive stands."""
    lines = [
        (language, _curve([r for r in records if r.case.language == language]))
        for language in ("zh", "en")
    ]
    with_answer = [r.answered for r in records if r.case.answerable]
    without = [not r.answered for r in records if not r.case.answerable]
    body = "".join(
        _line(points, f"c{number}") + _key(name, number)
        for number, (name, points) in enumerate(lines)
        if points
    )
    if with_answer and without:
        x, y = _at(sum(with_answer) / len(with_answer), sum(without) / len(without))
        body += f'<circle class="now" cx="{x:.1f}" cy="{y:.1f}" r="6"/>'
    return _frame("coverage (answered of what has an answer)", "refused of what has none", body)


def calibration_plot(records: Sequence[Record]) -> str:
    """How often the likeliest sentence was gold, against how likely it was held to be, whatever
    was then answered.

    Sentences are put in bins of equal number, to one, by the logistic of their margin; the
    diagonal is perfect calibration.
    """
    seen = sorted(
        (_logistic(record.evidence[0].margin), evidence_hit(record.evidence, record.gold, 1))
        for record in records
        if record.evidence and (record.case.gold or not record.case.answerable)
    )
    count = max(min(_BINS, len(seen) // _LEAST_IN_BIN), 1)
    edges = [len(seen) * number // count for number in range(count + 1)]
    bins = [seen[start:end] for start, end in pairwise(edges) if start < end]
    points = [
        (sum(p for p, _ in each) / len(each), sum(right for _, right in each) / len(each))
        for each in bins
    ]
    body = _line([(0.0, 0.0), (1.0, 1.0)], "ideal") + _line(points, "c0")
    for point in points:
        x, y = _at(*point)
        body += f'<circle class="c0 dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
    return _frame("how likely the best sentence was held to be", "share of them that is gold", body)


def kinds_plot(records: Sequence[Record]) -> str:
    """Share of cases that are right, by kind of question and its language."""
    groups: dict[str, dict[str, list[bool]]] = {}
    for record in records:
        rows = groups.setdefault(kind_of(record), {})
        rows.setdefault(record.case.language, []).append(not problems(record))
    height = 24 + 34 * len(groups)
    parts = []
    for place, (kind, rows) in enumerate(groups.items()):
        top = 20 + 34 * place
        parts.append(f'<text x="112" y="{top + 17}" text-anchor="end">{escape(kind)}</text>')
        for number, language in enumerate(("zh", "en")):
            if right := rows.get(language):
                share = sum(right) / len(right)
                y = top + 13 * number
                parts.append(
                    f'<rect class="c{number} bar" x="120" y="{y}" width="{max(share * 220, 1):.1f}"'
                    f' height="11"/><text class="small" x="{126 + share * 220:.1f}" y="{y + 9.5}">'
                    f"{language} {sum(right)}/{len(right)}</text>"
                )
    return _svg(_WIDTH, height, "Right, by kind of question and language", "".join(parts))


def kind_of(record: Record) -> str:
    """What a case is counted under: its kind, or why it has no answer."""
    case = record.case
    name = (case.kind or "answerable") if case.answerable else (case.why_not or "no answer")
    return name.replace("_", " ")


def _curve(records: Sequence[Record]) -> list[Point]:
    """Coverage and refusal at every confidence that divides the cases."""
    with_answer = sum(record.case.answerable for record in records)
    without = len(records) - with_answer
    if not (with_answer and without):
        return []
    order = sorted(records, key=confidence, reverse=True)
    points, answered, wrong = [(0.0, 1.0)], 0, 0
    for record, following in [*pairwise(order), (order[-1], None)]:
        answered += record.case.answerable
        wrong += not record.case.answerable
        if following is None or confidence(following) < confidence(record):
            points.append((answered / with_answer, 1 - wrong / without))
    return points


def _logistic(margin: float) -> float:
    return 1 / (1 + math.exp(-max(min(margin, 30), -30)))


def _at(x: float, y: float) -> Point:
    """Where a point of the unit square is drawn."""
    return (
        _LEFT + x * (_WIDTH - _LEFT - _RIGHT),
        _TOP + (1 - y) * (_HEIGHT - _TOP - _BOTTOM),
    )


def _line(points: Sequence[Point], style: str) -> str:
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in (_at(*point) for point in points))
    return f'<polyline class="{style} line" points="{drawn}"/>'


def _key(name: str, number: int) -> str:
    x, y = _LEFT + 14, _HEIGHT - _BOTTOM - 30 + 16 * number
    return (
        f'<rect class="c{number} bar" x="{x}" y="{y - 8}" width="14" height="4"/>'
        f'<text class="small" x="{x + 20}" y="{y - 2}">{escape(name)}</text>'
    )


def _frame(across: str, up: str, body: str) -> str:
    ticks = []
    for step in (0, 0.25, 0.5, 0.75, 1):
        x, y = _at(step, step)
        bottom, left = _at(0, 0)[1], _at(0, 0)[0]
        right = _at(1, 0)[0]
        ticks.append(
            f'<line class="axis" x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="small" x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{step:g}</text>'
            f'<text class="small" x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">'
            f"{step:g}</text>"
        )
    middle = _HEIGHT / 2 - 14
    labels = (
        f'<text x="{_WIDTH / 2 + 18}" y="{_HEIGHT - 8}" text-anchor="middle">'
        f"{escape(across)}</text>"
        f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">'
        f"{escape(up)}</text>"
    )
    return _svg(_WIDTH, _HEIGHT, f"{up} by {across}", "".join(ticks) + labels + body)


def _svg(width: int, height: int, title: str, body: str) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">{body}</svg>'
    )
