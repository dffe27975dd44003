"""`jiubao eval`: an archive, measured."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.errors import BadQuestion
from ui import exits, terminal
from ui.command import app, open_archive, wants_json
from ui.options import Home, Json
from ui.safe import one_line

if TYPE_CHECKING:
    from eval.cases import Case
    from eval.gates import Gate
    from eval.judge import Judge
    from eval.records import Run
    from eval.run import Plan, Step
    from eval.summary import Summary
    from rag.archive import Archive

LAST = "last"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which cases are asked for: a file, so many drawn with a seed, readers' praise, or ours."""

    path: Path | None
    sample: int | None
    seed: int
    from_feedback: bool

    @property
    def standard(self) -> bool:
        """Whether it is the cases on the sample articles."""
        return not (self.path or self.sample or self.from_feedback)


@app.command(name="eval", epilog="Example: jiubao eval --sample 200 --out report")
def evaluate(
    context: typer.Context,
    cases: Annotated[
        Path | None,
        typer.Argument(
            metavar="CASES",
            help="A file of cases (docs/cases.md), a SQuAD file or a folder with XQuAD; "
            "without it, the cases on the sample articles.",
        ),
    ] = None,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="A copy of run and report there.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="RUN", help="Compare with it: name, folder or `last`."),
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option("--sample", metavar="N", min=1, help="Make N questions from the archive."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Which sample.")] = 0,
    from_feedback: Annotated[
        bool, typer.Option("--from-feedback", help="Take the answers that readers praised.")
    ] = False,
    model: Annotated[
        str | None, typer.Option("--model", metavar="M", help="As for `ask`; see docs/models.md.")
    ] = None,
    judge: Annotated[
        str | None,
        typer.Option("--judge", metavar="M", help="Second opinion of a model, or `nli:NAME`."),
    ] = None,
    gates: Annotated[
        Path | None, typer.Option("--gates", metavar="FILE", help="Gates of your own (TOML).")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Measure retrieval, citations and refusal; exit 1 when a gate is crossed."""
    wanted = _Wanted(cases, sample, seed, from_feedback)
    if sum((cases is not None, sample is not None, from_feedback)) > 1:
        raise BadQuestion("CASES, --sample and --from-feedback exclude each other", "give one")
    from eval.judge import judge_all
    from eval.records import load_run
    from eval.report import write_report
    from eval.run import new_folder
    from eval.summary import document, summarise

    with open_archive(context, home) as archive:
        archive.searcher()  # an empty archive is said to be empty before anything else
        before = load_run(_earlier(against, archive.settings.home)) if against else None
        plan = _plan(archive, wanted, model)
        quoting = (model or archive.settings.model) == "quote"
        limits = _gates(gates, wanted.standard and quoting)
        second = _judge(judge, archive) if judge else None
        folder = new_folder(archive.settings.home)
        run = _run(archive, plan, folder)
        judged = list(judge_all(run.records, second)) if second else []
    summary = summarise(run, limits, before, judged)
    page = write_report(run, folder, summary)
    if out:
        page = Path(shutil.copytree(folder, out, dirs_exist_ok=True)) / page.name
    shown = document(summary) | {"report": str(page)}
    if not wants_json(context, as_json):
        _show(summary, page)
    if not summary.passed:
        raise exits.Incomplete(_failure(summary), f"see {page}", shown)
    if wants_json(context, as_json):
        exits.emit(shown)


def _plan(archive: Archive, wanted: _Wanted, model: str | None) -> Plan:
    """The cases, and where they came from."""
    from eval.load import read_cases
    from eval.run import Plan

    if wanted.sample:
        from eval.sample import sample_cases

        made = sample_cases(archive, wanted.sample, wanted.seed)
        return Plan(made, f"sample of {wanted.sample}, seed {wanted.seed}", model)
    if wanted.from_feedback:
        return Plan(_praised(archive), "readers' feedback", model)
    path = wanted.path
    return Plan(read_cases(path, archive), path.name if path else "seeds", model)


def _praised(archive: Archive) -> list[Case]:
    from eval.cases import BadCases
    from ui.feedback import feedback_cases
    from ui.notebook import Notebook

    notebook = Notebook(archive.settings.home)
    try:
        found = feedback_cases(notebook)
    finally:
        notebook.close()
    if not found:
        raise BadCases(
            "no reader has praised an answer yet", "give good ones a thumb up on the page first"
        )
    return found


def _gates(path: Path | None, standard: bool) -> list[Gate]:
    """Those of the user's file, or those of every run; with the cases on the sample articles and
    no model those measured there too."""
    from eval.gates import load_gates, sections

    if path:
        return load_gates(sections(path), path)
    return load_gates(["always", "seeds"] if standard else ["always"])


def _earlier(name: str, home: Path) -> Path:
    """The folder of a run: one that the archive's home keeps, by its name; `last` is the newest of
    those; else any other by its path."""
    from eval.run import kept_runs

    kept = kept_runs(home)
    if name != LAST:
        return next((folder for folder in kept if folder.name == name), Path(name))
    if not kept:
        raise BadQuestion("there is no earlier run", "run `jiubao eval` without --against first")
    return kept[-1]


def _run(archive: Archive, plan: Plan, folder: Path) -> Run:
    from eval.measured import MeasuredArchive
    from eval.run import evaluate as run_cases

    with MeasuredArchive(archive) as measured:
        return run_cases(measured, plan, folder, _progress())


def _judge(name: str, archive: Archive) -> Judge:
    from eval.judge import ModelJudge
    from eval.nli import PREFIX, NliJudge
    from rag.answer.model import load_model

    if name.startswith(PREFIX):
        return NliJudge.load(name.removeprefix(PREFIX), archive.settings.device)
    if model := load_model(name, archive.settings):
        return ModelJudge(model)
    raise BadQuestion(f"{name} is no language model", "name one as for --model")


def _progress() -> Callable[[Step], None]:
    """A line on standard error every ten seconds: how far, how fast, how long still."""
    last = time.monotonic()

    def show(step: Step) -> None:
        nonlocal last
        if time.monotonic() - last >= terminal.PLAIN_EVERY and step.seconds_left is not None:
            last = time.monotonic()
            minutes, seconds = divmod(round(step.seconds_left), 60)
            terminal.say(
                f"asked {step.done:,}/{step.total:,} · {step.rate:.1f}/s · "
                f"{minutes}:{seconds:02} left",
                err=True,
            )

    return show


def _show(summary: Summary, page: Path) -> None:
    """The verdict on a terminal: each gate with its number, and where the report lies."""
    for fault in summary.faults[:10]:
        terminal.say(("FAULT   ", "bold red"), one_line(fault))
    for checked in summary.gates:
        value = f"{checked.estimate.value:.3f}" if checked.estimate else "–"
        met = {None: "", True: "  target met", False: f"  target {checked.gate.aim} not met"}
        terminal.say(
            ("kept    ", "green") if checked.passed else ("CROSSED ", "bold red"),
            f"{checked.gate.measure}, {checked.gate.cell}: {value} (gate {checked.gate.limit})",
            (met[checked.met], "dim"),
        )
    if summary.against:
        terminal.say(f"{len(summary.against.flips)} of {summary.against.common} cases flipped")
    terminal.say(f"report: {page}")


def _failure(summary: Summary) -> str:
    """One line on why a run failed."""
    parts = []
    if summary.faults:
        parts.append(f"{len(summary.faults)} zero-tolerance faults")
    if summary.crossed:
        names = ", ".join(f"{c.gate.measure} ({c.gate.cell})" for c in summary.crossed)
        parts.append(f"gates crossed: {names}")
    return "the evaluation failed: " + "; ".join(parts)
