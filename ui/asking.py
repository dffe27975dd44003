"""`jiubao search` and `jiubao ask`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from rag.answer.export import export as export_answer
from rag.errors import BadQuestion
from ui import exits, jsonout, terminal
from ui.command import app, open_archive, wants_json
from ui.filters import check_question, make_filter
from ui.options import (
    Author,
    Export,
    From,
    Home,
    Json,
    Lang,
    Page,
    Question,
    RecordTo,
    Replay,
    To,
)
from ui.recording import Compared, asked_again, recorded


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
    with open_archive(context, home) as archive:
        result = archive.find(asked, k, chosen)
        newspaper = archive.settings.newspaper
    if wants_json(context, as_json):
        exits.emit(jsonout.search_document(result))
    else:
        terminal.show_hits(result, newspaper)


@app.command(epilog="Example: jiubao ask 'Why were copper basins donated?' --from 1958 --to 1958")
def ask(
    context: typer.Context,
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="In Chinese or English.")
    ] = None,
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
    record_to: RecordTo = None,
    replay: Replay = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Answer a question, in its language, with the sentences the answer rests on."""
    chosen = make_filter(since, until, page, lang, author)
    if replay:
        if question or chosen or export_as or record_to:
            raise BadQuestion("--replay asks what its file records", "give it alone, or --model")
        with open_archive(context, home) as archive:
            compared = asked_again(archive, replay, model)
        _show_compared(compared, replay, wants_json(context, as_json))
        return
    if question is None:
        raise BadQuestion("there is no question", "give one, or --replay FILE")
    asked = check_question(question)
    if export_as and wants_json(context, as_json):
        raise BadQuestion("--json and --export cannot share standard output", "give one of them")
    with open_archive(context, home) as archive:
        if record_to:
            answer = recorded(archive, record_to, asked, chosen, model)
        elif not export_as and not wants_json(context, as_json) and sys.stdout.isatty():
            answer = terminal.stream(archive.stream(asked, filter=chosen, model=model))
            terminal.show_answer(answer, archive.settings.newspaper, streamed=True)
            return
        else:
            answer = archive.ask(asked, filter=chosen, model=model)
        newspaper = archive.settings.newspaper
    if wants_json(context, as_json):
        exits.emit(jsonout.answer_document(answer))
    elif export_as:
        terminal.say(export_answer(answer, export_as, newspaper), end="")
    else:
        terminal.show_answer(answer, newspaper)


def _show_compared(compared: Compared, file: Path, as_json: bool) -> None:
    """Says how an answer that was made again differs.

    Raises:
        Incomplete: it does differ.
    """
    document: jsonout.Document = {
        "same": not compared.differences,
        "differences": compared.differences,
        "made_otherwise": compared.otherwise,
    }
    if not as_json:
        for line in (*compared.otherwise, *compared.differences):
            terminal.say(line)
    if compared.differences:
        told = "the differences are listed" if as_json else "the differences are above"
        raise exits.Incomplete(f"the answer is not the one that {file} records", told, document)
    if as_json:
        exits.emit(document)
    else:
        terminal.say("the same answer")
