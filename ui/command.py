"""What every command of `jiubao` shares: the application, and how a command opens the archive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.options import Home, Json

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


@app.callback()
def common(
    context: typer.Context,
    home: Home = None,
    as_json: Json = False,
    traceback: Annotated[bool, typer.Option("--traceback", hidden=True)] = False,
) -> None:
    """Ask an archive of Chinese newspapers, in Chinese or English; every statement is cited."""
    context.obj = Common(home, as_json)


def wants_json(context: typer.Context, as_json: bool) -> bool:
    """Whether JSON was asked for, before or after the command's name."""
    return as_json or _common(context).as_json


@contextmanager
def open_archive(context: typer.Context, home: Path | None) -> Iterator[Archive]:
    """The archive that `--home` names, after the command's name or before it."""
    from rag.archive import Archive

    with Archive.open(home or _common(context).home) as archive:
        yield archive


def _common(context: typer.Context) -> Common:
    given = context.obj
    return given if isinstance(given, Common) else Common(None, False)
