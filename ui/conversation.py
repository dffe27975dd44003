"""A conversation as it grows: the archive's events, made into what the page shows."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.archive import Archive
from rag.corpus.sentences import split_sentences
from rag.errors import JiubaoError, NotFound
from rag.language import detect_language
from rag.types import (
    Answer,
    Article,
    Citation,
    Done,
    Event,
    Filter,
    HitsFound,
    Language,
    Period,
    TextAdded,
    Turn,
)
from ui.exchange import Context, Exchange, Timeline
from ui.filters import check_question, make_filter
from ui.kept import Kept
from ui.mistakes import Mistake, in_words
from ui.page_words import PAGE
from ui.texts import WORDS
from ui.timeline import READ, subject_of, timeline

REMEMBERED = 30  # exchanges of a conversation that stay on the page

Exchanges = tuple[Exchange, ...]

log = logging.getLogger("jiubao")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: the question, the filter beside it, who is to answer, in what light.

    `alone` tells that the question is not to be read as a follow-up of the conversation. What is
    wrong with the question or its filter is found when it is asked, and said there.
    """

    question: str
    wanted: Filter | None = None
    model: str = "quote"
    alone: bool = False
    trouble: JiubaoError | None = None


def answer_live(
    archive: Archive, asked: Request, exchanges: Exchanges, language: Language
) -> Iterator[Exchanges]:
    """The conversation while a question is answered; what goes wrong is said in it.

    Args:
        exchanges: the conversation so far.
        language: of the page.
    """
    before = exchanges[-(REMEMBERED - 1) :]
    words = PAGE[language]
    question = asked.question.strip()
    current = Exchange(
        question,
        detect_language(question),
        note=words.waiting,
        wanted=asked.wanted or Filter(),
        waiting=True,
    )
    yield (*before, current)
    try:
        if asked.trouble:
            raise asked.trouble
        checked = check_question(question)
        earlier = [] if asked.alone else [each for each in before if each.answer]
        turns = [Turn(each.question, each.answer.text) for each in earlier if each.answer]
        events = archive.stream(checked, turns, asked.wanted, asked.model)
        for event in events:
            current = _advance(archive, current, event, language)
            yield (*before, current)
        if current.answer and current.answer.state != "refused":
            yield (*before, replace(current, timeline=_timeline(archive, current)))
    except JiubaoError as error:
        yield (*before, replace(current, note=in_words(error, language), waiting=False))
    except Exception:
        # Whatever it is, the reader's page must go on working; the log has the rest.
        log.exception("a question could not be answered")
        failed = "" if current.answer else WORDS[language].states["failed"]
        yield (*before, replace(current, note=failed, waiting=False))


def stopped(exchanges: Exchanges, language: Language) -> Exchanges:
    """The conversation once the reader has stopped the answer that was coming."""
    if not exchanges or not exchanges[-1].waiting:
        return exchanges
    last = replace(exchanges[-1], note=PAGE[language].stopped, waiting=False)
    return (*exchanges[:-1], last)


def restored(archive: Archive, turns: Sequence[Kept]) -> Exchanges:
    """A conversation of the notebook as the page shows it, its last answers."""
    numbered = list(enumerate(turns, 1))[-REMEMBERED:]
    return tuple(
        Exchange(
            each.answer.question.text,
            each.answer.language,
            each.answer,
            contexts=contexts_of(archive, each.answer),
            wanted=each.wanted,
            timeline=each.timeline,
            kept=number,
            thumb=each.thumb,
            comment=each.comment,
        )
        for number, each in numbered
    )


def typed_filter(
    since: str | None = None,
    until: str | None = None,
    page: str | None = None,
    language: str | None = None,
    author: str | None = None,
) -> Filter:
    """The filter typed into the page; blank fields, and those never touched, are left out.

    Raises:
        BadQuestion: a field cannot be read.
    """
    page = (page or "").strip()
    if page and not (page.isascii() and page.isdigit()):
        raise Mistake("no_number", page)
    chosen: Language | None = "zh" if language == "zh" else "en" if language == "en" else None
    return make_filter(
        (since or "").strip() or None,
        (until or "").strip() or None,
        int(page) if page else None,
        chosen,
        (author or "").strip() or None,
    )


def context_of(citation: Citation, article: Article) -> Context:
    """The sentences before and after a quote, within its paragraph."""
    quote = citation.quote
    text = article.text(quote.language)
    if text is None or text.body[quote.start : quote.end] != quote.text:
        return Context()
    start = text.body.rfind("\n", 0, quote.start) + 1
    end = text.body.find("\n", quote.end)
    paragraph = text.body[start : end if end >= 0 else len(text.body)]
    spans = split_sentences(paragraph, quote.language)
    before = [span for span in spans if start + span.end <= quote.start]
    after = [span for span in spans if start + span.start >= quote.end]
    return Context(
        text.body[start + before[-1].start : quote.start] if before else "",
        text.body[quote.end : start + after[0].end] if after else "",
    )


def contexts_of(archive: Archive, answer: Answer) -> tuple[Context, ...]:
    """The context of every citation; an article that is gone gives none."""
    contexts: list[Context] = []
    for citation in answer.citations:
        try:
            article = archive.article(citation.masthead.article_id)
        except NotFound:
            contexts.append(Context())
        else:
            contexts.append(context_of(citation, article))
    return tuple(contexts)


def _advance(archive: Archive, current: Exchange, event: Event, language: Language) -> Exchange:
    if isinstance(event, HitsFound):
        note = PAGE[language].reading.format(len(event.hits))
        return replace(current, note=note, hits=event.hits)
    if isinstance(event, TextAdded):
        return replace(current, text=current.text + event.text)
    if isinstance(event, Done):
        answer = event.answer
        contexts = contexts_of(archive, answer)
        return replace(current, answer=answer, note="", contexts=contexts, waiting=False)
    return current


def _timeline(archive: Archive, exchange: Exchange) -> Timeline | None:
    """The articles that speak of what was asked, whenever they were printed."""
    answer = exchange.answer
    if answer is None:
        return None
    wanted = replace(exchange.wanted or Filter(), period=Period())
    subject = subject_of(answer.standalone or answer.question.text)
    return timeline(archive.find(subject, READ, wanted).hits) if subject else None
