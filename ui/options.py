"""Options that several commands share: one spelling, one help text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.answer.export import Format
from rag.types import Language

Home = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="Folder of the archive (or JIUBAO_HOME)."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]
Question = Annotated[str, typer.Argument(metavar="QUESTION", help="In Chinese or English.")]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="DATE", help="From 1959, 1959-11 or 1959-11-24 on."),
]
To = Annotated[
    str | None, typer.Option("--to", metavar="DATE", help="To the end of that year, month or day.")
]
Page = Annotated[int | None, typer.Option("--page", min=1, help="Page of the newspaper.")]
Lang = Annotated[Language | None, typer.Option("--lang", help="Language of the passages.")]
Author = Annotated[str | None, typer.Option("--author", metavar="NAME", help="Author's name.")]
Export = Annotated[
    Format | None,
    typer.Option("--export", help="Print the answer or its references; for JSON use --json."),
]
RecordTo = Annotated[
    Path | None,
    typer.Option("--record", metavar="FILE", help="Write down what the answer was made from."),
]
Replay = Annotated[
    Path | None,
    typer.Option("--replay", metavar="FILE", help="Ask again what FILE records, and compare."),
]
