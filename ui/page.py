"""The page's layout: conversations, chat, evidence or article; and which control does what.

Article text reaches it only as escaped HTML (`render`); no component that reads Markdown shows any.
Controls inside that HTML speak through hidden fields, `jb-on-ask` and the like (see `page.js`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.archive import Archive
from rag.types import Language
from ui import programs
from ui.desk import Desk
from ui.filters import LONGEST_QUESTION
from ui.models import names_of
from ui.notebook import Notebook
from ui.page_words import PAGE
from ui.talk import Talk
from ui.upload import relabelled, upload_panel

AT_ONCE = 4  # questions answered at the same time
WAITING = 256  # questions in the queue before the next is turned away

_CHANNELS = ("ask", "open", "talk", "keep", "rate", "years", "language", "arrival")
# What the browser knows as it opens the page: language, link, and the conversation it showed.
_ARRIVAL = """() => { const q = new URLSearchParams(location.search); return JSON.stringify({
  language: localStorage.getItem("jb-language") || navigator.language,
  talk: sessionStorage.getItem("jb-talk") || "",
  article: q.get("article"), from: q.get("from"), to: q.get("to"), in: q.get("in")}); }"""


@dataclass(frozen=True, slots=True)
class Parts:
    """The components that events read and write.

    `fields` are the filters in their order, `uploading` is empty where nothing can be added, and
    `uploaded`, the event of an upload, None.
    """

    head: gr.HTML
    search: gr.Textbox
    talks: gr.HTML
    uploading: list[Any]
    uploaded: Any
    log: gr.HTML
    plot: gr.HTML
    fields: list[Any]
    model: gr.Radio
    chips: gr.HTML
    box: gr.Textbox
    cards: gr.HTML
    article: gr.HTML
    on: dict[str, gr.Textbox]
    talk: gr.State
    language: gr.State
    place: gr.State
    pending: gr.State


def build_page(archive: Archive, notebook: Notebook, *, upload: bool = False) -> gr.Blocks:
    """The page over `archive`, not yet served; conversations are kept in `notebook`.

    Args:
        upload: whether articles can be added from the page.
    """
    desk = Desk(archive, notebook)
    desk.warm_up()
    page = gr.Blocks(title="jiubao 旧报", analytics_enabled=False, fill_width=True)
    with page:
        programs.offer(archive)  # first: the names `search` and `ask` are theirs
        parts = _lay_out(archive, upload)
        _wire(page, desk, parts)
    page.queue(max_size=WAITING, default_concurrency_limit=AT_ONCE, api_open=False)
    return page


def _lay_out(archive: Archive, upload: bool) -> Parts:
    words = PAGE["en"]
    head = gr.HTML(elem_id="jb-head")
    with gr.Row(elem_id="jb-room"):
        with gr.Column(elem_id="jb-talks", min_width=0):
            search = gr.Textbox(
                show_label=False, label=words.search, placeholder=words.search,
                max_length=200, elem_id="jb-search",
            )  # fmt: skip
            talks = gr.HTML()
            language = gr.State("en")
            uploading, uploaded = upload_panel(archive, language) if upload else ([], None)
        with gr.Column(elem_id="jb-chat", min_width=0):
            log = gr.HTML(elem_id="jb-log")
            with gr.Column(elem_id="jb-ask", min_width=0):
                with gr.Column(elem_id="jb-panel", min_width=0):
                    plot = gr.HTML()
                    with gr.Row():
                        fields = _filter_fields()
                with gr.Column(elem_id="jb-models", min_width=0):
                    model = gr.Radio(
                        choices=names_of(archive.settings),
                        value=archive.settings.model,
                        label=words.model,
                    )
                chips = gr.HTML(elem_id="jb-chips")
                box = gr.Textbox(
                    show_label=False, label=words.box, placeholder=words.placeholder,
                    max_length=LONGEST_QUESTION, lines=1, max_lines=6,
                    submit_btn=words.ask, autofocus=True, elem_id="jb-box",
                )  # fmt: skip
        with gr.Column(elem_id="jb-side", min_width=0):
            cards = gr.HTML(elem_id="jb-cards")
            article = gr.HTML(elem_id="jb-article")
    on = {
        each: gr.Textbox(visible="hidden", label=each, elem_id=f"jb-on-{each}")
        for each in _CHANNELS
    }
    return Parts(
        head, search, talks, uploading, uploaded, log, plot, fields, model, chips, box, cards,
        article, on, gr.State(Talk()), language, gr.State(None), gr.State(""),
    )  # fmt: skip


def _filter_fields() -> list[Any]:
    """From, to, page, language and author, in the order of `typed_filter`."""
    words = PAGE["en"]
    return [
        gr.Textbox(label=words.since, placeholder="1959-11", max_length=11, min_width=120),
        gr.Textbox(label=words.until, placeholder="1959", max_length=11, min_width=120),
        gr.Textbox(label=words.page, placeholder="2", max_length=3, min_width=60),
        gr.Dropdown(
            label=words.text_language,
            choices=[(label, value) for value, label in words.languages.items()],
            value="",
            min_width=160,
        ),
        gr.Textbox(label=words.author, max_length=80, min_width=120),
    ]


def _wire(page: gr.Blocks, desk: Desk, parts: Parts) -> None:
    """Connect the controls; none of this is offered to programs."""
    quiet = {"api_visibility": "private", "show_progress": "hidden"}
    on, talk, language = parts.on, parts.talk, parts.language
    labels = [parts.search, *parts.fields, parts.model, parts.box]
    chips = [talk, language, parts.model, *parts.fields]

    arrived = page.load(
        desk.arrive,
        on["arrival"],
        [language, talk, parts.place, parts.head, parts.talks, parts.log, parts.cards,
         parts.article, parts.plot],
        js=_ARRIVAL, **quiet,
    )  # fmt: skip
    spoken = on["language"].change(
        desk.speak,
        [on["language"], talk, parts.place, parts.search],
        [language, parts.head, parts.talks, parts.log, parts.cards, parts.article, parts.plot],
        **quiet,
    )
    for said in (arrived, spoken):
        said.then(_relabel, [language, talk], labels, **quiet)
        said.then(desk.chips, chips, parts.chips, **quiet).then(
            desk.models, language, parts.model, **quiet
        )
        if parts.uploading:
            said.then(relabelled, language, parts.uploading, **quiet)
    if parts.uploaded:
        parts.uploaded.then(
            desk.grown, [talk, language], [parts.head, parts.log, parts.plot], **quiet
        )

    runs = _wire_asking(desk, parts, quiet)
    parts.box.stop(
        desk.stop, [talk, language], [talk, parts.log, parts.cards], cancels=runs, **quiet
    ).then(_end, language, parts.box, **quiet)
    on["talk"].change(
        desk.choose,
        [on["talk"], language, parts.search],
        [talk, parts.talks, parts.log, parts.cards],
        cancels=runs,
        **quiet,
    ).then(_end, language, parts.box, **quiet)
    on["keep"].change(
        desk.keep,
        [on["keep"], talk, language, parts.search],
        [talk, parts.talks, parts.log, parts.cards],
        **quiet,
    )
    parts.search.change(
        desk.list_talks, [talk, language, parts.search], parts.talks, **quiet,
        trigger_mode="always_last",
    )  # fmt: skip
    on["rate"].change(desk.rate, [on["rate"], talk, language], [talk, parts.log], **quiet)
    on["open"].change(
        desk.open, [on["open"], language], [parts.place, parts.article], **quiet,
        trigger_mode="always_last",
    )  # fmt: skip
    on["years"].change(desk.narrow, [on["years"], *parts.fields], parts.fields, **quiet)
    # One event for all of them: of two that run side by side the older might be drawn last.
    gr.on(
        [field.change for field in (*parts.fields, parts.model)],
        desk.chips, chips, parts.chips, trigger_mode="always_last", **quiet,
    )  # fmt: skip


def _wire_asking(desk: Desk, parts: Parts, quiet: dict[str, Any]) -> list[Any]:
    """A question from the box or from elsewhere on the page; the runs that can be stopped."""
    talk, language = parts.talk, parts.language
    runs = []
    for trigger, source, begin in (
        (parts.box.submit, parts.box, _begin),
        (parts.on["ask"].change, parts.on["ask"], _begin_again),
    ):
        begun = trigger(
            begin, [source, language], [parts.pending, parts.box], trigger_mode="once", **quiet
        )
        asking = begun.then(
            desk.ask,
            [parts.pending, talk, language, parts.model, *parts.fields],
            [talk, parts.log, parts.cards],
            **quiet,
        )
        asking.then(_end, language, parts.box, **quiet)
        asking.then(
            desk.answered,
            [talk, language, parts.search],
            [parts.talks, parts.log, parts.cards],
            **quiet,
        ).then(desk.chips, [talk, language, parts.model, *parts.fields], parts.chips, **quiet)
        runs.append(asking)
    return runs


def _begin(question: str, language: Language) -> tuple[str, Any]:
    """Take the question from the box and offer to stop instead of to ask; a blank one is none."""
    if not question.strip():
        return "", gr.update(value="")
    return json.dumps({"question": question}), gr.update(
        value="", submit_btn=False, stop_btn=PAGE[language].stop
    )


def _begin_again(told: str, language: Language) -> tuple[str, Any]:
    return told, gr.update(submit_btn=False, stop_btn=PAGE[language].stop)


def _end(language: Language) -> Any:
    return gr.update(submit_btn=PAGE[language].ask, stop_btn=False)


def _relabel(language: Language, talk: Talk) -> list[Any]:
    """What the controls are called in the language just chosen."""
    words = PAGE[language]
    button = {} if talk.waiting else {"submit_btn": words.ask}
    return [
        gr.update(label=words.search, placeholder=words.search),
        gr.update(label=words.since),
        gr.update(label=words.until),
        gr.update(label=words.page),
        gr.update(
            label=words.text_language,
            choices=[(label, value) for value, label in words.languages.items()],
        ),
        gr.update(label=words.author),
        gr.update(label=words.model),
        gr.update(label=words.box, placeholder=words.placeholder, **button),
    ]
