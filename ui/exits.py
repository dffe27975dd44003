"""How a command ends: 0 done, 1 failed, 2 misuse, and never a traceback by surprise."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stdout
from typing import TextIO

import typer

from rag.answer.redact import hide
from rag.errors import BadQuestion, JiubaoError
from ui.jsonout import Document, dumps, error_document
from ui.safe import one_line

DONE, FAILED, MISUSE = 0, 1, 2
INTERRUPTED, PIPE_CLOSED = 130, 141  # 128 and the signal's number, as shells show them

# typer names no public base for "unknown option", "missing argument" and their kind.
_UsageError = typer.BadParameter.__bases__[0]


class Incomplete(JiubaoError):
    """A command that did its work and has bad news: a document besides the error."""

    def __init__(self, message: str, remedy: str, document: Document) -> None:
        super().__init__(message, remedy)
        self.document = document


def run(command: Callable[[Sequence[str]], None], arguments: Sequence[str]) -> int:
    """Run `command` with `arguments` and turn whatever it raises into an exit code.

    One clear line, and what to do about it, goes to standard error; where the arguments ask for
    JSON, one document goes to standard output besides. A hidden `--traceback` lets the exception
    through, for whoever mends it.
    """
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    as_json = "--json" in options
    try:
        _call(command, arguments, as_json)
        sys.stdout.flush()  # a closed pipe shows here at the latest, not while the process ends
        return DONE
    except BrokenPipeError:
        # Python flushes standard output once more on its way out: give it somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except typer.Exit as leave:
        return leave.exit_code
    except (KeyboardInterrupt, typer.Abort):
        _line("stopped; run the same command again to go on")
        return INTERRUPTED
    except Exception as error:
        if "--traceback" in options:
            sys.stderr.write(hide(traceback.format_exc(), guess=True))
        return _report(error, as_json)


def emit(document: Document) -> None:
    """Print the one document of a command on the process's own standard output."""
    write_utf8([f"{dumps(document)}\n".encode()])


def write_utf8(lines: Iterable[bytes]) -> None:
    """Write UTF-8 on the process's own standard output as it is.

    That what a terminal cannot show is written in codes is for people: JSON is UTF-8.
    """
    stream = _output or sys.stdout
    stream.flush()
    below = getattr(stream, "buffer", None)
    if below is None:  # a program that runs a command and takes in text
        stream.writelines(line.decode() for line in lines)
        return
    below.writelines(lines)
    below.flush()


_output: TextIO | None = (
    None  # standard output while a JSON command keeps everything else away from it
)


def _call(command: Callable[[Sequence[str]], None], arguments: Sequence[str], quiet: bool) -> None:
    """With `quiet`, whatever libraries print lands on standard error."""
    global _output  # noqa: PLW0603
    if not quiet:
        command(arguments)
        return
    _output = sys.stdout
    try:
        with redirect_stdout(sys.stderr):
            command(arguments)
    finally:
        _output = None


def _report(error: Exception, as_json: bool) -> int:
    message, remedy, code = _explain(error)
    message, remedy = hide(message), hide(remedy)
    _line(f"{message}; {remedy}" if remedy else message)
    if as_json:
        document = error_document(message, remedy)
        emit(error.document | document if isinstance(error, Incomplete) else document)
    return code


def _explain(error: Exception) -> tuple[str, str, int]:
    """Message, remedy and exit code of anything that can be raised."""
    if isinstance(error, JiubaoError):
        code = MISUSE if isinstance(error, BadQuestion) else FAILED
        return one_line(error.message).rstrip("."), one_line(error.remedy), code
    if isinstance(error, _UsageError):
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "jiubao"
        message = one_line(error.format_message()).rstrip(".")  # type: ignore[attr-defined]
        return message, f"see `{path} --help`", MISUSE
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        return one_line(f"{error.strerror}{where}"), "check the disk and permissions", FAILED
    # Messages of ours name files, which a guess may hide; here may stand a provider's words.
    said = hide(str(error), guess=True)
    return (
        one_line(f"unexpected {type(error).__name__}: {said}"),
        "this is a mistake in jiubao: please report it, with what "
        "`jiubao --traceback …` shows for the same command",
        FAILED,
    )


def _line(text: str) -> None:
    """One line on standard error; a closed standard error is nobody's problem."""
    try:
        sys.stderr.write(f"jiubao: {text}\n")
        sys.stderr.flush()
    except OSError:
        return
