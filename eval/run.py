"""Archive + cases + model -> a run, kept in a folder as it comes."""

from __future__ import annotations

import hashlib
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import TypeAdapter

from eval.cases import BadCases, Case
from eval.gold import Locator
from eval.measured import MeasuredArchive
from eval.observe import Observer, families
from eval.records import ANSWERS, Header, Run, write_header, write_record
from rag.archive import Model
from rag.index.prepare import fingerprint

PACKAGES = (
    "jiubao", "torch", "sentence-transformers", "transformers", "chromadb", "bm25s", "jieba",
    "langchain", "ir-measures", "sacrebleu", "numpy",
)  # fmt: skip

KEPT = "evaluations"
_CASES = TypeAdapter(list[Case])


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run has come: `done` of `total` cases; `seconds` since the first of them was, which
    waits for whatever is loaded once."""

    done: int
    total: int
    seconds: float

    @property
    def rate(self) -> float:
        """Cases a second so far, but for the first."""
        return (self.done - 1) / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds still to go at the pace so far, None before there is one."""
        return (self.total - self.done) / self.rate if self.rate else None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run: the cases, where they came from, and the model (its name, or loaded)."""

    cases: Sequence[Case]
    origin: str
    model: Model = None


def new_folder(home: Path) -> Path:
    """A folder for a run, in the archive's home, named after this moment."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    folder, number = home / KEPT / stamp, 1
    while folder.exists():
        number += 1
        folder = folder.with_name(f"{stamp}-{number}")
    return folder


def kept_runs(home: Path) -> list[Path]:
    """The folders of the runs kept in an archive's home, the oldest first."""
    return sorted(path.parent for path in (home / KEPT).glob(f"*/{ANSWERS}"))


def evaluate(
    archive: MeasuredArchive,
    plan: Plan,
    folder: Path,
    progress: Callable[[Step], None] | None = None,
) -> Run:
    """Puts every case to the archive, one after the other, in order.

    The same archive, cases and settings give the same records, but for the times in them.

    Args:
        folder: for the run; its `run.json` and `answers.jsonl` are written anew.

    Raises:
        BadCases: a gold quote does not stand in the archive.
        NotFound: the archive is empty.
        BadQuestion: a question is too long.
        ModelError: there is no such model.
    """
    archive.searcher()  # refuses an empty archive before anything is said of the cases
    locator = Locator.of(archive)
    _refuse_strangers(plan.cases, locator)
    run = Run(_header(archive, plan), ())
    observer = Observer(archive, locator, plan.model, families(plan.cases))
    records = []
    every = timed_every(len(plan.cases))
    start = time.perf_counter()
    write_header(run.header, folder)
    with (folder / ANSWERS).open("w", encoding="utf-8") as file:
        for done, case in enumerate(plan.cases, start=1):
            records.append(observer.observe(case, timed=done % every == 0))
            write_record(records[-1], file)
            if done == 1:  # which waited for dictionaries and calibration
                start = time.perf_counter()
            if progress:
                progress(Step(done, len(plan.cases), time.perf_counter() - start))
    return Run(run.header, tuple(records))


def timed_every(cases: int) -> int:
    """Of how many cases one is timed: enough for a median, and few enough that a large run does
    not encode the same sentences over and over. Odd, since languages take turns."""
    return max(cases // _TIMED, 1) | 1


_TIMED = 100


def _refuse_strangers(cases: Sequence[Case], locator: Locator) -> None:
    """Sees to it that every case can be measured on this archive."""
    problems = list(locator.problems(cases))
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise BadCases(
            f"the cases do not fit this archive: {problems[0]}{more}",
            "ingest the articles they are about, or make cases from the archive with --sample 200",
        )


def _header(archive: MeasuredArchive, plan: Plan) -> Header:
    settings = archive.settings
    status = archive.status()
    model = plan.model if isinstance(plan.model, str) else getattr(plan.model, "name", None)
    hidden = {"home", "cache", "model_url"}  # of this machine, and an address may hold a password
    return Header(
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        cases=plan.origin,
        cases_digest=hashlib.sha256(_CASES.dump_json(list(plan.cases))).hexdigest(),
        model=model or settings.model,
        settings={k: str(v) for k, v in settings.model_dump().items() if k not in hidden},
        fingerprints={
            "encoder": archive.encoder.fingerprint,
            "index": fingerprint(archive.encoder, settings.passage_tokens),
        },
        versions={"python": platform.python_version()} | _versions(),
        archive={
            "articles": str(status.articles),
            "passages": str(status.passages),
            "period": " – ".join(day.isoformat() for day in status.period or ()),
        },
    )


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
