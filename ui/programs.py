"""Endpoints for programs: `search` and `ask`, by Gradio's API and as MCP tools; nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, TypeAlias

import gradio as gr

from rag.archive import Archive
from rag.errors import BadQuestion, JiubaoError
from rag.types import Filter, Language
from ui import jsonout
from ui.filters import check_question, make_filter

AT_ONCE = 2  # questions of programs answered at the same time, besides those of the page
MOST_HITS = 100


Endpoint: TypeAlias = Callable[..., dict[str, Any]]


def offer(archive: Archive) -> None:
    """Registers the endpoints; to be called inside a Blocks context."""
    for endpoint in endpoints(archive):
        gr.api(
            _told(endpoint),
            api_name=endpoint.__name__,
            concurrency_limit=AT_ONCE,
            concurrency_id="programs",
        )


def endpoints(archive: Archive) -> tuple[Endpoint, Endpoint]:
    """`search` and `ask` over an archive, as functions of plain values.

    They raise JiubaoError: BadQuestion where what is given cannot be used.
    """

    def search(  # noqa: PLR0917 (Gradio calls it by position)
        question: str,
        k: int = 10,
        since: str = "",
        until: str = "",
        page: int = 0,
        lang: Literal["", "zh", "en"] = "",
        author: str = "",
    ) -> dict[str, Any]:
        """Find passages of the newspaper archive, best first, without writing an answer.

        Args:
            question: a question or keywords, in Chinese or English.
            k: how many passages, 1 to 100.
            since: only from this year (1959), month (1959-11) or day (1959-11-24) on; "" for any.
            until: only to the end of this year, month or day; "" for any.
            page: only this page of the newspaper; 0 for any.
            lang: only passages in Chinese (zh) or English (en); "" for both.
            author: only articles by this author, in any script; "" for any.

        Returns:
            the document of `jiubao search --json`: question, language, period, hits, timings_ms.
        """
        if k > MOST_HITS:
            raise BadQuestion(f"k is {k}", f"give 1 to {MOST_HITS}")
        chosen = _filter(since, until, page, lang, author)
        return jsonout.search_document(archive.find(check_question(question), k, chosen))

    def ask(  # noqa: PLR0917
        question: str,
        since: str = "",
        until: str = "",
        page: int = 0,
        lang: Literal["", "zh", "en"] = "",
        author: str = "",
    ) -> dict[str, Any]:
        """Answer a question from the newspaper archive, each statement with an exact citation.

        Args:
            question: in Chinese or English; the answer comes in the same language.
            since: only from this year (1959), month (1959-11) or day (1959-11-24) on; "" for any.
            until: only to the end of this year, month or day; "" for any.
            page: only this page of the newspaper; 0 for any.
            lang: only passages in Chinese (zh) or English (en); "" for both.
            author: only articles by this author, in any script; "" for any.

        Returns:
            the document of `jiubao ask --json`: question, language, state, answer, citations,
            verdicts, hits, model, timings_ms. Only the state `complete` is a complete answer.
        """
        chosen = _filter(since, until, page, lang, author)
        return jsonout.answer_document(archive.ask(check_question(question), filter=chosen))

    return search, ask


def _filter(since: str, until: str, page: int, lang: Language | Literal[""], author: str) -> Filter:
    return make_filter(
        since.strip() or None,
        until.strip() or None,
        page or None,
        lang or None,
        author.strip() or None,
    )


def _told(endpoint: Endpoint) -> Endpoint:
    """The endpoint, with whatever goes wrong on purpose told as one line."""

    @wraps(endpoint)
    def told(*given: Any, **named: Any) -> dict[str, Any]:
        try:
            return endpoint(*given, **named)
        except JiubaoError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return told
