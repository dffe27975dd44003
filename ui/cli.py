"""The command line, `jiubao`. Libraries that take seconds to load are loaded by the command that
needs them: help answers at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

# Imported for the commands they define.
from ui import asking, exits, keeping, measuring, scaling, serving  # noqa: F401
from ui.command import app


def main() -> None:
    """The console script: run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character gets its code, not an exception. Documents and
        # exports do not pass here (`exits.write_utf8`).
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
