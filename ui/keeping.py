"""The commands that fill an archive and keep it: ingest, remove, rebuild, verify, export."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.errors import BadQuestion, PartlyExported
from ui import exits, jsonout, terminal
from ui.command import app, open_archive, wants_json
from ui.options import Home, Json

if TYPE_CHECKING:
    from rag.archive import Archive


@app.command(epilog="Example: jiubao ingest seeds 1959-01.7z")
def ingest(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Files, folders, .zip, .tar.*, .7z.")
    ],
    prune: Annotated[
        bool, typer.Option("--prune", help="Forget files that are no longer there.")
    ] = False,
    *,
    vectors: Annotated[
        Path | None,
        typer.Option("--vectors", metavar="DIR", help="Shards that `jiubao encode` wrote."),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take in articles; only what is new or changed costs time. Run again to go on."""
    with open_archive(context, home) as archive, terminal.progress() as show:
        if vectors:
            from rag.index.shards import ShardedEncoder, Shards

            archive.encoder = ShardedEncoder(archive.encoder, Shards(vectors, archive.encoder))
        report = archive.ingest(paths, prune=prune, progress=show)
    if wants_json(context, as_json):
        exits.emit(jsonout.ingest_document(report))
        terminal.show_failures(report.failed)
    else:
        terminal.show_report(report)


@app.command("import", epilog="Example: jiubao --home NEW import articles.jsonl")
def import_(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="What `jiubao export` wrote.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take in the articles of an export; their passages are encoded again."""
    with open_archive(context, home) as archive, terminal.progress() as show:
        report = archive.import_articles(path, progress=show)
    if wants_json(context, as_json):
        exits.emit(jsonout.ingest_document(report))
        terminal.show_failures(report.failed)
    else:
        terminal.show_report(report)


@app.command(epilog="Example: jiubao status --json")
def status(context: typer.Context, home: Home = None, as_json: Json = False) -> None:
    """Say what the archive holds."""
    with open_archive(context, home) as archive:
        state, failures = archive.status(), archive.failures()
    if wants_json(context, as_json):
        exits.emit(jsonout.status_document(state))
    else:
        terminal.show_status(state, failures)


@app.command(epilog="Example: jiubao verify || jiubao rebuild")
def verify(context: typer.Context, home: Home = None, as_json: Json = False) -> None:
    """Check that the archive is whole; exit 1 where it is not."""
    with open_archive(context, home) as archive:
        problems = archive.verify()
    document = {"whole": not problems, "problems": problems}
    if problems:
        for problem in problems:
            terminal.say(f"  {problem}", err=True)
        message = f"the archive is not whole: {len(problems)} problems"
        raise exits.Incomplete(
            message, "`jiubao rebuild` mends the index; else see beside each", document
        )
    if wants_json(context, as_json):
        exits.emit(document)
    else:
        terminal.say("The archive is whole.")


@app.command(epilog="Example: jiubao rebuild")
def rebuild(context: typer.Context, home: Home = None, as_json: Json = False) -> None:
    """Make the index anew from the ledger; encodes again only if the settings changed."""
    with open_archive(context, home) as archive, terminal.progress() as show:
        state = archive.rebuild(progress=show)
    if wants_json(context, as_json):
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
    with open_archive(context, home) as archive:
        removed = archive.remove(sources)
    if wants_json(context, as_json):
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
    if to_stdout and wants_json(context, as_json):
        raise BadQuestion(
            "--json and the articles cannot share standard output", "give a PATH to export to"
        )
    with open_archive(context, home) as archive:
        if path is None or to_stdout:
            with _partly("standard output"):
                _export_to_stdout(archive)
            return
        with _partly(str(path)):
            articles = archive.export(path)
    if wants_json(context, as_json):
        exits.emit({"path": str(path), "articles": articles})
    else:
        terminal.say(f"{articles:,} articles written to {path}.")


@contextmanager
def _partly(place: str) -> Iterator[None]:
    """Says where an export is that lacks some articles."""
    try:
        yield
    except PartlyExported as error:
        document = {"path": place, "articles": error.written}
        raise exits.Incomplete(f"{error.message} to {place}", error.remedy, document) from error


def _export_to_stdout(archive: Archive) -> None:
    """Through a file: a slow reader must not keep the archive's ledger in a transaction."""
    with tempfile.TemporaryDirectory(prefix="jiubao-") as folder:
        file = Path(folder) / "articles.jsonl"
        try:
            archive.export(file)
        finally:
            if file.exists():  # also where some articles cannot be read: with all the others
                with file.open("rb") as lines:
                    exits.write_utf8(lines)
