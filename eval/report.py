"""A summary -> `report.html`, `report.json` and `summary.md` in the run's folder.

The page is one file: no script, nothing fetched, and a policy that forbids both. Every text in it
is foreign (questions, articles, models' words), so every text is escaped, and characters that
do not show or turn the line round are shown by their code.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval import plots
from eval.gates import Checked, load_gates
from eval.grounding import beside
from eval.intervals import Estimate
from eval.measures import TIMED, Number
from eval.outcome import STAGES, problems, stage
from eval.records import Record, Run
from eval.summary import Summary, document, summarise

PAGE, DATA, BRIEF = "report.html", "report.json", "summary.md"

_TEMPLATE = "report.html"
_SHOWN = re.compile(r"[^\n\t]")
RETRIEVAL_CELLS = ("zh-zh", "en-en", "same", "zh-en", "en-zh", "cross")
ANSWER_CELLS = ("zh", "en", "all")


@dataclass(frozen=True, slots=True)
class Table:
    """Figures by measure and cell; None where a cell has none."""

    title: str
    cells: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Estimate | None, ...]], ...]


def write_report(run: Run, folder: Path, summary: Summary | None = None) -> Path:
    """Writes the three files of a run's report; the path of the page.

    Args:
        summary: of the run; reckoned up against the gates of every run when not given.
    """
    summary = summary or summarise(run, load_gates(["always"]))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DATA).write_text(
        json.dumps(document(summary), ensure_ascii=False, indent=1), "utf-8", newline="\n"
    )
    (folder / BRIEF).write_text(brief(summary), "utf-8", newline="\n")
    page = folder / PAGE
    page.write_text(html(summary), "utf-8", errors="backslashreplace", newline="\n")
    return page


def html(summary: Summary) -> str:
    """The page."""
    records = summary.run.records
    return str(
        _template().render(
            summary=summary,
            header=summary.run.header,
            records=records,
            tables=tables(summary.numbers),
            plots=[
                (title, Markup(draw(records)))  # noqa: S704 - plots escape what they draw
                for title, draw in _PLOTS
            ],
            groups=_groups(records),
            stages=_stages(records),
            judged={judgement.case_id: judgement for judgement in summary.judgements},
            right=sum(not problems(record) for record in records),
        )
    )


def brief(summary: Summary) -> str:
    """The summary in Markdown: the verdict, the gates, the figures."""
    header = summary.run.header
    lines = [
        f"# Evaluation: {'passed' if summary.passed else 'failed'}",
        "",
        f"{_cell(header.cases)}, {len(summary.run.records)} cases, model {_cell(header.model)}, "
        f"{_cell(header.started)}",
        "",
        *(f"- FAULT {_cell(fault)}" for fault in summary.faults),
        *_gate_lines(summary.gates),
    ]
    for table in tables(summary.numbers):
        lines += ["", f"## {table.title}", "", *_markdown(("", *table.cells), _rows(table))]
    if summary.against:
        changed = [d for d in summary.against.differences if d.clear and d.measure not in TIMED]
        lines += ["", f"## Against {_cell(summary.against.started)}", ""]
        lines += [
            f"- {d.measure} {d.cell}: {d.before:.3f} → {d.after:.3f} "
            f"({d.change.value:+.3f}, {d.change.low:+.3f} to {d.change.high:+.3f})"
            for d in changed
        ] or ["- no figure changed clearly"]
        lines += [f"- {len(summary.against.flips)} of {summary.against.common} cases flipped"]
    return "\n".join(lines) + "\n"


def tables(numbers: Iterable[Number]) -> list[Table]:
    """The figures in three tables: of searches, of answers, of time."""
    known = {(n.measure, n.cell): n.estimate for n in numbers}
    names = list(dict.fromkeys(measure for measure, _ in known))
    searched = [n for n in names if any((n, cell) in known for cell in RETRIEVAL_CELLS)]
    timed = [n for n in names if n in (*TIMED, "tokens")]
    rest = [n for n in names if n not in searched and n not in timed]
    return [
        Table(title, cells, tuple((n, tuple(known.get((n, c)) for c in cells)) for n in rows))
        for title, cells, rows in (
            ("Retrieval", RETRIEVAL_CELLS, searched),
            ("Answers", ANSWER_CELLS, rest),
            ("Time (medians, in milliseconds) and tokens", ANSWER_CELLS, timed),
        )
        if rows
    ]


def shown(value: object) -> object:
    """A text with what does not show, or turns the line round, as its code: `‹U+202E›`."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _SHOWN.sub(_visible, value)


def _visible(match: re.Match[str]) -> str:
    character = match[0]
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp")
    return f"‹U+{ord(character):04X}›" if hidden else character


_PLOTS = (
    ("Coverage against refusal (ring: where it stands)", plots.coverage_plot),
    ("Calibration of the score", plots.calibration_plot),
    ("Right, by kind of question", plots.kinds_plot),
)


@cache
def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )
    environment.globals = {
        "problems": problems, "stage": stage, "beside": beside, "figure": _figure,
        "stage_words": STAGES, "timed": TIMED,
    }  # fmt: skip
    environment.tests["wrong"] = problems
    return environment.get_template(_TEMPLATE)


def _figure(measure: str, value: float) -> str:
    if measure in TIMED or measure == "tokens":
        return f"{value:,.0f}"
    return f"{value:+.3f}" if measure.startswith("fused") else f"{value:.3f}"


def _groups(records: Sequence[Record]) -> dict[str, list[Record]]:
    """Cases by kind, those that went wrong first."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(plots.kind_of(record), []).append(record)
    return {
        kind: sorted(rows, key=lambda record: not problems(record)) for kind, rows in groups.items()
    }


def _stages(records: Sequence[Record]) -> list[tuple[str, int]]:
    """How many cases went wrong where."""
    found = [stage(record) for record in records]
    return [(words, found.count(name)) for name, words in STAGES.items() if name in found]


def _gate_lines(gates: Sequence[Checked]) -> list[str]:
    rows = [
        (
            f"{g.gate.measure}, {g.gate.cell}",
            _interval(g.gate.measure, g.estimate),
            g.gate.limit,
            "kept" if g.passed else "CROSSED",
            g.gate.aim,
            {None: "", True: "met", False: "not met"}[g.met],
        )
        for g in gates
    ]
    return ["## Gates", "", *_markdown(("", "value", "gate", "", "target", ""), rows)]


def _rows(table: Table) -> list[tuple[str, ...]]:
    return [(name, *(_interval(name, each) for each in row)) for name, row in table.rows]


def _interval(measure: str, estimate: Estimate | None) -> str:
    if estimate is None:
        return "–"
    value, low, high = (_figure(measure, v) for v in (estimate.value, estimate.low, estimate.high))
    return f"{value} ({low}–{high})"


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    line = [" | ".join(row) for row in (head, ["---"] * len(head), *rows)]
    return [f"| {each} |" for each in line]


def _cell(text: str) -> str:
    """Foreign text in a line of Markdown: nothing in it is markup."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(str(shown(text)).split()))
