"""What a person sees in a terminal: results on standard output, progress on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from rag.retrieve.periods import read_period
from rag.types import (
    Answer,
    Citation,
    Done,
    Event,
    IngestReport,
    Language,
    Masthead,
    Question,
    Quote,
    ReadFailure,
    SearchResult,
    Status,
    TextAdded,
)
from rag.types import Progress as Step
from ui.page_words import PAGE
from ui.periods import written
from ui.safe import harmless, one_line
from ui.texts import WORDS, page_of, portrait

PLAIN_EVERY = 10.0  # seconds between lines where no bar can be drawn
LISTED = 20  # files that failed, before the rest is only counted
EXCERPT = 300  # characters of a passage among the hits

STAGES = {
    "encoder": "preparing the encoder",
    "reading": "reading",
    "indexing": "indexing",
}


class _Console(Console):
    """A console that lets a closed pipe through, for the one place that handles it."""

    def on_broken_pipe(self) -> None:
        raise  # noqa: PLE0704  # rich calls this inside its `except BrokenPipeError`


def say(*parts: str | tuple[str, str], end: str = "\n", err: bool = False) -> None:
    """Print text, each part plain or with a rich style, made harmless and never wrapped.

    Wrapping is left to the terminal: a quote copied from it must not gain line feeds.
    """
    console = _Console(stderr=err, highlight=False, markup=False, emoji=False)
    safe = (
        harmless(part) if isinstance(part, str) else (harmless(part[0]), part[1]) for part in parts
    )
    console.print(Text.assemble(*safe), soft_wrap=True, end=end)


def show_answer(answer: Answer, newspaper: str, streamed: bool = False) -> None:
    """Print an answer and what it rests on.

    Args:
        newspaper: the newspaper's name, for the datelines.
        streamed: its text already stands on the screen.
    """
    words = WORDS[answer.language]
    _show_understood(answer.question)
    if not streamed:
        say(answer.text)
    state = words.states[answer.state]
    if state and answer.state != "refused":  # a refusal says so itself
        say((state, "yellow"))
    if answer.note:
        say((answer.note, "yellow"))
    for verdict in answer.verdicts:
        if verdict.support != "supported":
            why = f": {verdict.reason}" if verdict.reason else ""
            say((f"{words.support[verdict.support]}{why} — {verdict.sentence}", "yellow"))
    for citation in answer.citations:
        say()
        _show_citation(citation, newspaper, answer.language)


def stream(events: Iterable[Event]) -> Answer:
    """Print an answer's text as it comes and return the whole answer.

    Raises:
        RuntimeError: the events ended without an answer.
    """
    answer = None
    for event in events:
        if isinstance(event, TextAdded):
            say(event.text, end="")
        elif isinstance(event, Done):
            answer = event.answer
    say()
    if answer is None:
        raise RuntimeError("the answer's events ended without Done")
    return answer


def show_hits(result: SearchResult, newspaper: str) -> None:
    """Print what a search found, best first."""
    words = WORDS[result.question.language]
    _show_understood(result.question)
    if not result.hits:
        say(words.nothing_found)
    for hit in result.hits:
        passage = hit.passage
        head = f"{hit.rank}. {_dateline(passage.masthead, newspaper, passage.language)}"
        say((head, "bold"), (f"  {hit.score:.3f} {'+'.join(hit.via)}", "dim"))
        text = passage.text
        say("   ", one_line(text[:EXCERPT]), "…" if len(text) > EXCERPT else "")


def show_report(report: IngestReport) -> None:
    """Print what an ingest did; the files it could not read go to standard error."""
    say(
        f"{report.added:,} added, {report.updated:,} updated, {report.unchanged:,} unchanged, "
        f"{report.removed:,} removed, {len(report.failed):,} failed in {report.seconds:.1f} s"
    )
    say(f"The archive now holds {report.articles:,} articles in {report.passages:,} passages.")
    show_failures(report.failed)


def show_status(status: Status, failures: Sequence[ReadFailure]) -> None:
    """Print what an archive holds."""
    say((portrait(status), "bold"))
    rows = {
        "home": status.home,
        "articles": f"{status.articles:,}",
        "passages": f"{status.passages:,}",
        "sources": f"{status.sources:,}, {status.failed:,} of them failed",
        "period": " to ".join(day.isoformat() for day in status.period) if status.period else "—",
        "model": status.model,
        "index": status.index,
    }
    for name, value in rows.items():
        say((f"{name:<9}", "dim"), value)
    show_failures(failures)


def show_failures(failures: Sequence[ReadFailure]) -> None:
    """List files that could not be taken in, on standard error, and count what is left."""
    if failures:
        say(f"{len(failures):,} files could not be taken in:", err=True)
    for failure in failures[:LISTED]:
        say(f"  {one_line(failure.source)}: {one_line(failure.error)}", err=True)
    if len(failures) > LISTED:
        rest = len(failures) - LISTED
        say(f"  and {rest:,} more; --json of ingest lists them all", err=True)


@contextmanager
def progress() -> Iterator[Callable[[Step], None]]:
    """Something to hand to long work: a bar on a terminal, else a line every ten seconds."""
    if not sys.stderr.isatty():
        yield _plain_progress()
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[figures]}"),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("starting", total=None, figures="")

        def show(step: Step) -> None:
            bar.update(
                task,
                description=STAGES[step.stage],
                completed=step.done,
                total=step.total or None,
                figures=figures(step),
            )

        yield show


def _plain_progress() -> Callable[[Step], None]:
    last = time.monotonic()

    def show(step: Step) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= PLAIN_EVERY:
            last = now
            say(f"{STAGES[step.stage]}: {figures(step)}", err=True)

    return show


def figures(step: Step) -> str:
    """How far work has come, how fast it goes and how long it still takes."""
    if step.stage == "encoder":
        return ""
    counted = "passages" if step.stage == "indexing" else "files"
    parts = [f"{step.done:,}/{step.total:,} {counted}"]
    if step.passages:
        parts.append(f"{step.rate:,.1f} passages/s")
    if step.seconds_left is not None:
        minutes, seconds = divmod(round(step.seconds_left), 60)
        parts.append(f"{minutes // 60}:{minutes % 60:02}:{seconds:02} left")
    return " · ".join(parts)


def _show_understood(question: Question) -> None:
    """Say which period was searched, or that one was meant that names no date, and what a model
    made of the question in the other language."""
    if question.across:
        say((PAGE[question.language].across.format(question.across), "dim"), err=True)
    if period := written(question.period):
        say((period, "dim"), err=True)
    if unclear := read_period(question.text).unclear:
        say((PAGE[question.language].unclear.format(unclear), "yellow"), err=True)


def _show_citation(citation: Citation, newspaper: str, language: Language) -> None:
    words = WORDS[language]
    masthead = citation.masthead
    say((f"[{citation.mark}] ", "bold red"), (_dateline(masthead, newspaper, language), "bold"))
    _show_quote(citation.quote, language)
    if citation.counterpart:
        _show_quote(citation.counterpart, language)
    if masthead.authors:
        say((f"    {words.author}: {' · '.join(map(one_line, masthead.authors))}", "dim"))
    say((f"    {words.source}: {one_line(masthead.source)} · {masthead.article_id}", "dim"))


def _show_quote(quote: Quote, language: Language) -> None:
    say((f"    {WORDS[language].roles[quote.role]}  ", "dim"), f"“{quote.text}”")


def _dateline(masthead: Masthead, newspaper: str, language: Language) -> str:
    """Newspaper · date · page · title, the title in the reader's language where there is one."""
    title = masthead.title.get(language) or next(iter(masthead.title.values()), "")
    parts = (
        newspaper,
        masthead.published.isoformat(),
        page_of(masthead.page, language),
        one_line(title),
    )
    return " · ".join(part for part in parts if part)
