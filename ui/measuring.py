"""`jiubao eval`: an archive, measured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.errors import JiubaoError
from ui.command import app
from ui.options import Home, Json


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
