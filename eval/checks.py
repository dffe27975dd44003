"""What no answer may get wrong, whatever it is worth: one failure fails a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import get_args

from rag.answer.cite import stands, unknown_marks
from rag.answer.redact import own_secrets
from rag.answer.wording import REFUSED
from rag.errors import NotFound
from rag.types import Answer, Article, Citation, Quote, State

_STATES = frozenset(get_args(State))


def faults(answer: Answer, article: Callable[[str], Article]) -> tuple[str, ...]:
    """What is wrong with an answer, a line each; empty where nothing is.

    - each quote, and its counterpart, is what its article holds at its offsets;
    - each mark in the text stands for one citation, and each citation's mark is in the text;
    - the state is one of the five, and agrees with what is shown: what answers cites, what
      refuses cites at most what was found instead, and says so;
    - nothing shown holds the value of a key of the environment.

    Args:
        article: an article by its id; raises NotFound where there is none.
    """
    return (
        *(fault for citation in answer.citations for fault in _quotes(citation, article)),
        *_marks(answer),
        *_state(answer),
        *_secrets(answer),
    )


def _quotes(citation: Citation, article: Callable[[str], Article]) -> Iterator[str]:
    try:
        stored = article(citation.masthead.article_id)
    except NotFound:
        yield f"quote: [{citation.mark}] cites an article that is not there"
        return
    if stored.masthead != citation.masthead:
        yield f"quote: [{citation.mark}] has another masthead than its article"
    for quote in filter(None, (citation.quote, citation.counterpart)):
        if not _stands(quote, stored):
            where = f"{citation.masthead.article_id} ({quote.language}) {quote.start}-{quote.end}"
            yield f"quote: [{citation.mark}] does not stand at {where}"


def _stands(quote: Quote, stored: Article) -> bool:
    text = stored.text(quote.language)
    return quote.start >= 0 and stands(quote, stored) and bool(text and text.role == quote.role)


def _marks(answer: Answer) -> Iterator[str]:
    for mark in unknown_marks(answer.text, answer.citations):
        yield f"mark: [{mark}] stands for nothing"
    marks = [citation.mark for citation in answer.citations]
    for mark in dict.fromkeys(marks):
        if marks.count(mark) > 1:
            yield f"mark: [{mark}] stands for {marks.count(mark)} citations"
        if f"[{mark}]" not in answer.text:
            yield f"mark: [{mark}] is not in the text"


def _state(answer: Answer) -> Iterator[str]:
    if answer.state not in _STATES:
        yield f"state: {answer.state!r} is none"
    elif answer.state in ("complete", "degraded", "truncated"):
        if not (answer.citations and answer.text.strip()):
            yield f"state: {answer.state}, and cites nothing"
    elif answer.citations and not (
        answer.state == "refused" and answer.text.startswith(tuple(REFUSED.values()))
    ):
        yield f"state: {answer.state}, and cites"


def _secrets(answer: Answer) -> Iterator[str]:
    shown = (answer.text, answer.note, answer.model, answer.standalone, answer.question.across)
    verdicts = (part for verdict in answer.verdicts for part in (verdict.sentence, verdict.reason))
    together = "\n".join((*shown, *verdicts))
    if any(secret in together for secret in own_secrets()):
        yield "secret: the value of a key of the environment is shown"
