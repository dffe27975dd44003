"""A conversation as it grows: the archive's events, made into what the page shows."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.archive import Archive
from rag.corpus.sentences import split_sentences
from rag.errors import BadQuestion, JiubaoError
from rag.language import detect_language
from rag.types import Article, Citation, Done, Event, Filter, HitsFound, Language, TextAdded, Turn
from ui.filters import check_question, make_filter
from ui.render import Context, Exchange
from ui.texts import WORDS

REMEMBERED = 30  # exchanges of a conversation that stay on the page

Exchanges = tuple[Exchange, ...]

log = logging.getLogger("jiubao")


def answer_live(
    archive: Archive, question: str, exchanges: Exchanges, filters: Sequence[str | None] = ()
) -> Iterator[Exchanges]:
    """The conversation while `question` is answered; what goes wrong is said in it.

    Args:
        exchanges: the conversation so far.
        filters: from, to, page, language and author as typed, blank where not given.
    """
    before = exchanges[-(REMEMBERED - 1) :]
    language = detect_language(question)
    words = WORDS[language]
    current = Exchange(question.strip(), language, note=words.searching)
    yield (*before, current)
    try:
        asked = check_question(question)
        turns = [Turn(each.question, each.answer.text) for each in before if each.answer]
        for event in archive.stream(asked, turns, typed_filter(*filters)):
            current = _advance(archive, current, event)
            yield (*before, current)
    except JiubaoError as error:
        yield (*before, replace(current, note=str(error)))
    except Exception:
        # Whatever it is, the reader's page must go on working; the log has the rest.
        log.exception("a question could not be answered")
        yield (*before, replace(current, note=words.states["failed"]))


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
        raise BadQuestion(f"{page!r} is not a page", "write a number")
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
    if text is None:
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


def _advance(archive: Archive, current: Exchange, event: Event) -> Exchange:
    if isinstance(event, HitsFound):
        return replace(current, note=WORDS[current.language].found.format(len(event.hits)))
    if isinstance(event, TextAdded):
        return replace(current, text=current.text + event.text)
    if isinstance(event, Done):
        answer = event.answer
        contexts = tuple(
            context_of(citation, archive.article(citation.masthead.article_id))
            for citation in answer.citations
        )
        return replace(current, answer=answer, note="", contexts=contexts)
    return current
