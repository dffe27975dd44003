"""The command line, `jiubao`. Libraries that take seconds to load are loaded by the command that
needs them: help answers at once."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.answer.export import export as export_answer
from rag.errors import BadQuestion, JiubaoError
from ui import exits, jsonout, terminal
from ui.filters import check_question, make_filter
from ui.options import Author, Export, From, Home, Json, Lang, Page, Question, To

if TYPE_CHECKING:
    from rag.archive import Archive


app = typer.Typer(
    name="jiubao",
    help="Ask an archive of Chinese newspapers, in Chinese or English; every statement is cited.",
    epilog="Start with: jiubao ingest seeds, then: jiubao ask 'Who is Liao Shigang?'",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@dataclass(frozen=True, slots=True)
class Common:
    """What is given before the command's name."""

    home: Path | None
    as_json: bool


def main() -> None:
    """The console script: run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character gets its code, not an exception.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    raise SystemExit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; without arguments, show the help."""
    return exits.run(_invoke, list(arguments) or ["--help"])


def _invoke(arguments: Sequence[str]) -> None:
    """Parse and call, without typer's own handling of errors, pipes and interrupts."""
    command = typer.main.get_command(app)
    with command.make_context("jiubao", list(arguments)) as context:
        command.invoke(context)


@app.callback()
def common(
    context: typer.Context,
    home: Home = None,
    as_json: Json = False,
    traceback: Annotated[bool, typer.Option("--traceback", hidden=True)] = False,
) -> None:
    """Ask an archive of Chinese newspapers, in Chinese or English; every statement is cited."""
    context.obj = Common(home, as_json)


@app.command(epilog="Example: jiubao ingest seeds 1959-01.7z")
def ingest(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Files, folders, .zip, .tar.*, .7z.")
    ],
    prune: Annotated[
        bool, typer.Option("--prune", help="Forget files that are no longer there.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take in articles; only what is new or changed costs time. Run again to go on."""
    with _open(context, home) as archive, terminal.progress() as show:
        report = archive.ingest(paths, prune=prune, progress=show)
    if _json(context, as_json):
        exits.emit(jsonout.ingest_document(report))
        terminal.show_failures(report.failed)
    else:
        terminal.show_report(report)


@app.command(epilog="Example: jiubao search 红桥区 --from 1959 --to 1959-11 --k 5")
def search(
    context: typer.Context,
    question: Question,
    *,
    k: Annotated[int, typer.Option("--k", min=1, help="How many passages.")] = 10,
    since: From = None,
    until: To = None,
    page: Page = None,
    lang: Lang = None,
    author: Author = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Find passages, best first."""
    chosen = make_filter(since, until, page, lang, author)
    asked = check_question(question)
    with _open(context, home) as archive:
        result = archive.find(asked, k, chosen)
        newspaper = archive.settings.newspaper
    if _json(context, as_json):
        exits.emit(jsonout.search_document(result))
    else:
        terminal.show_hits(result, newspaper)


@app.command(epilog="Example: jiubao ask 'Why were copper basins donated?' --from 1958 --to 1958")
def ask(
    context: typer.Context,
    question: Question,
    *,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            metavar="M",
            help="`quote` (no model), `openai:gpt-5-mini`, `gguf:FILE`, ...; see docs/models.md.",
        ),
    ] = None,
    since: From = None,
    until: To = None,
    page: Page = None,
    lang: Lang = None,
    author: Author = None,
    export_as: Export = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Answer a question, in its language, with the sentences the answer rests on."""
    chosen = make_filter(since, until, page, lang, author)
    asked = check_question(question)
    if export_as and _json(context, as_json):
        raise BadQuestion("--json and --export cannot share standard output", "give one of them")
    with _open(context, home) as archive:
        if _json(context, as_json):
            exits.emit(jsonout.answer_document(archive.ask(asked, filter=chosen, model=model)))
            return
        if export_as:
            answer = archive.ask(asked, filter=chosen, model=model)
            terminal.say(export_answer(answer, export_as, archive.settings.newspaper), end="")
            return
        streamed = sys.stdout.isatty()
        if streamed:
            answer = terminal.stream(archive.stream(asked, filter=chosen, model=model))
        else:
            answer = archive.ask(asked, filter=chosen, model=model)
        terminal.show_answer(answer, archive.settings.newspaper, streamed)


@app.command(epilog="Example: jiubao chat --port 7861")
def chat(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", help="Loopback only, for now.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 7860,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Open the page in which to ask; stop it with Ctrl-C."""
    from ui.serve import serve

    def announce(address: str) -> None:
        if _json(context, as_json):
            exits.emit({"url": address})
        else:
            terminal.say(f"jiubao is at {address} (Ctrl-C stops it)")

    with _open(context, home) as archive:
        serve(archive, host, port, announce)


@app.command(name="eval", epilog="Example: jiubao eval cases.jsonl --out report")
def evaluate(
    context: typer.Context,
    cases: Annotated[Path | None, typer.Argument(metavar="CASES")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Measure an archive (not there yet)."""
    raise JiubaoError("eval is not there yet", "it comes with a later version")


@app.command(epilog="Example: jiubao status --json")
def status(context: typer.Context, home: Home = None, as_json: Json = False) -> None:
    """Say what the archive holds."""
    with _open(context, home) as archive:
        state, failures = archive.status(), archive.failures()
    if _json(context, as_json):
        exits.emit(jsonout.status_document(state))
    else:
        terminal.show_status(state, failures)


@app.command(epilog="Example: jiubao verify || jiubao rebuild")
def verify(context: typer.Context, home: Home = None, as_json: Json = False) -> None:
    """Check that the archive is whole; exit 1 where it is not."""
    with _open(context, home) as archive:
        problems = archive.verify()
    document = {"whole": not problems, "problems": problems}
    if problems:
        for problem in problems:
            terminal.say(f"  {problem}", err=True)
        message = f"the archive is not whole: {len(problems)} problems"
        raise exits.Incomplete(message, "run `jiubao rebuild`", document)
    if _json(context, as_json):
        exits.emit(document)
    else:
        terminal.say("The archive is whole.")


@app.command(epilog="Example: jiubao rebuild")
def rebuild(context: typer.Context, home: Home = None, as_json: Json = False) -> None:
    """Make the index anew from the ledger; encodes again only if the settings changed."""
    with _open(context, home) as archive, terminal.progress() as show:
        state = archive.rebuild(progress=show)
    if _json(context, as_json):
        exits.emit(jsonout.status_document(state))
    else:
        terminal.say(f"The index is {state.index}: {state.passages:,} passages.")


@app.command(epilog="Example: jiubao remove 1959/000.txt")
def remove(
    context: typer.Context,
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE...", help="As `ask` and `search` name them.")
    ],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Forget sources, and the articles that no other source holds."""
    with _open(context, home) as archive:
        removed = archive.remove(sources)
    if _json(context, as_json):
        exits.emit({"removed": removed})
    else:
        terminal.say(f"{removed:,} removed.")


@app.command(epilog="Example: jiubao export articles.jsonl")
def export(
    context: typer.Context,
    path: Annotated[
        Path | None, typer.Argument(metavar="PATH", help="Standard output if left out or `-`.")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write every article, one JSON object a line."""
    to_stdout = path is None or str(path) == "-"
    if to_stdout and _json(context, as_json):
        raise BadQuestion(
            "--json and the articles cannot share standard output", "give a PATH to export to"
        )
    with _open(context, home) as archive:
        if path is None or to_stdout:
            _export_to_stdout(archive)
            return
        articles = archive.export(path)
    if _json(context, as_json):
        exits.emit({"path": str(path), "articles": articles})
    else:
        terminal.say(f"{articles:,} articles written to {path}.")


def _export_to_stdout(archive: Archive) -> None:
    """Through a file: a slow reader must not keep the archive's ledger in a transaction."""
    with tempfile.TemporaryDirectory(prefix="jiubao-") as folder:
        file = Path(folder) / "articles.jsonl"
        archive.export(file)
        with file.open(encoding="utf-8", newline="") as lines:
            shutil.copyfileobj(lines, sys.stdout)


def _json(context: typer.Context, as_json: bool) -> bool:
    """Whether JSON was asked for, before or after the command's name."""
    return as_json or _common(context).as_json


@contextmanager
def _open(context: typer.Context, home: Path | None) -> Iterator[Archive]:
    """The archive that `--home` names, after the command's name or before it."""
    from rag.archive import Archive

    with Archive.open(home or _common(context).home) as archive:
        yield archive


def _common(context: typer.Context) -> Common:
    given = context.obj
    return given if isinstance(given, Common) else Common(None, False)
