"""`jiubao encode`: the vectors of a large archive, made on many machines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.config import load_settings
from ui import exits, terminal
from ui.command import app, wants_json
from ui.options import Json


@app.command(epilog="Example: jiubao encode papers --out shards --workers 16")
def encode(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Files, folders, .zip, .tar.*, .7z.")
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder that all machines write to.")
    ],
    workers: Annotated[
        int, typer.Option("--workers", min=1, help="Models at work, a core or a GPU each.")
    ] = 1,
    as_json: Json = False,
) -> None:
    """Encode articles on a Ray cluster, for `ingest --vectors`. Run again to go on."""
    from rag.index.scale import encode_shards

    done = encode_shards(
        paths,
        out,
        load_settings(),
        workers,
        lambda files, total: terminal.say(f"{files:,}/{total:,} files", err=True),
    )
    if wants_json(context, as_json):
        exits.emit(
            {
                "written": done.written,
                "kept": done.kept,
                "passages": done.passages,
                "failed": done.failed,
            }
        )
    else:
        terminal.say(
            f"{done.written:,} shards of {done.passages:,} passages written, "
            f"{done.kept:,} were there, {done.failed:,} files could not be read."
        )
