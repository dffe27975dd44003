"""`jiubao search` and `jiubao ask`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from rag.answer.export import export as export_answer
from rag.errors import BadQuestion
from ui import exits, jsonout, terminal
from ui.command import app, open_archive, wants_json
from ui.filters import check_question, make_filter
from ui.options import Author, Export, From, Home, Json, Lang, Page, Question, To


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
    if export_as and wants_json(context, as_json):
        raise BadQuestion("--json and --export cannot share standard output", "give one of them")
    with open_archive(context, home) as archive:
        if wants_json(context, as_json):
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
