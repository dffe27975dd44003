"""The page: a conversation on the left, what its answers rest on on the right.

Article text reaches it only as escaped HTML (`render`); no component that reads Markdown shows any.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from rag.archive import Archive
from ui import render
from ui.conversation import Exchanges, answer_live
from ui.filters import LONGEST_QUESTION
from ui.texts import GREETING, SAMPLES, portrait

ASK, STOP = "提问 Ask", "停止 Stop"
AT_ONCE = 4  # questions answered at the same time
WAITING = 32  # questions in the queue before the next is turned away


def build_page(archive: Archive) -> gr.Blocks:
    """The page over `archive`, not yet served."""
    page = gr.Blocks(title="jiubao 旧报", analytics_enabled=False, fill_width=True)
    with page:
        gr.HTML(render.masthead(portrait(archive.status())))
        history = gr.State(())
        with gr.Row(elem_id="jb-room"):
            with gr.Column(scale=6, min_width=320, elem_id="jb-chat"):
                log_view = gr.HTML(render.conversation((), GREETING), elem_id="jb-log")
                box = _question_box()
                chosen = _filter_controls()
                samples = _sample_buttons(archive)
            with gr.Column(scale=5, min_width=320, elem_id="jb-evidence"):
                cards = gr.HTML(render.evidence((), archive.settings.newspaper))
        _wire(
            archive,
            box=box,
            chosen=chosen,
            samples=samples,
            history=history,
            log_view=log_view,
            cards=cards,
        )
    page.queue(max_size=WAITING, default_concurrency_limit=AT_ONCE, api_open=False)
    return page


def _question_box() -> gr.Textbox:
    return gr.Textbox(
        show_label=False,
        label="问题 Question",
        placeholder="用中文或英文提问 · Ask in Chinese or English",
        max_length=LONGEST_QUESTION,
        lines=1,
        max_lines=6,
        submit_btn=ASK,
        autofocus=True,
        elem_id="jb-box",
    )


def _filter_controls() -> list[gr.components.Component]:
    """From, to, page, language and author, in the order of `make_filter`."""
    with gr.Accordion("筛选 Filters", open=False, elem_id="jb-filters"), gr.Row():
        return [
            gr.Textbox(label="自 From", placeholder="1959-11", max_length=10, min_width=90),
            gr.Textbox(label="至 To", placeholder="1959", max_length=10, min_width=90),
            gr.Textbox(label="版 Page", placeholder="2", max_length=3, min_width=70),
            gr.Dropdown(
                label="语言 Language",
                choices=[("全部 All", ""), ("中文 Chinese", "zh"), ("英文 English", "en")],
                value="",
                min_width=130,
            ),
            gr.Textbox(label="作者 Author", max_length=80, min_width=110),
        ]


def _sample_buttons(archive: Archive) -> list[gr.Button]:
    """Questions to begin with, where the archive has their articles."""
    questions = _samples_of(archive)
    if not questions:
        return []
    with gr.Column(elem_id="jb-samples"):
        return [gr.Button(each, size="sm", variant="secondary") for each in questions]


def _samples_of(archive: Archive) -> list[str]:
    """The sample questions whose article the archive finds; searching warms it up, too."""
    if not archive.status().articles:
        return []
    found = []
    for sample in SAMPLES:
        places = (hit.passage.masthead for hit in archive.find(sample.question, 3).hits)
        if (sample.date, sample.page) in ((m.published.isoformat(), m.page) for m in places):
            found.append(sample.question)
    return found


def _wire(
    archive: Archive,
    *,
    box: gr.Textbox,
    chosen: list[gr.components.Component],
    samples: list[gr.Button],
    history: gr.State,
    log_view: gr.HTML,
    cards: gr.HTML,
) -> None:
    """Connect the controls; no endpoint is offered to programs."""

    def ask(question: str, exchanges: Exchanges, *filters: str | None) -> Iterator[tuple[Any, ...]]:
        for now in answer_live(archive, question, exchanges, filters):
            views = render.conversation(now, GREETING), render.evidence(now, newspaper)
            yield now, *views

    newspaper = archive.settings.newspaper
    pending = gr.State("")
    quiet = {"api_visibility": "private", "show_progress": "hidden"}
    runs = []
    for trigger, source in [(box.submit, box), *((each.click, each) for each in samples)]:
        begun = trigger(_begin, source, [pending, box], **quiet)
        asking = begun.then(ask, [pending, history, *chosen], [history, log_view, cards], **quiet)
        asking.then(_end, None, box, **quiet)
        runs.append(asking)
    box.stop(_end, None, box, cancels=runs, **quiet)


def _begin(question: str) -> tuple[str, Any]:
    """Take the question from the box and offer to stop instead of to ask."""
    return question, gr.update(value="", submit_btn=False, stop_btn=STOP)


def _end() -> Any:
    return gr.update(submit_btn=ASK, stop_btn=False)
