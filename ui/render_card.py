"""Evidence as HTML: a cutting for each citation, and what a search found. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.references import bibtex, chicago, gbt7714, permalink
from rag.types import Citation, Hit, Language, Quote, Span
from ui.exchange import Context, Exchange
from ui.page_words import PAGE
from ui.render import (
    LANGUAGE_TAGS,
    article_link,
    button,
    dateline,
    escape,
    headlines,
)
from ui.texts import ROLES, WORDS

_SHOWN = 5  # passages found that are shown as cards
_SNIPPET = 160  # characters of a passage


def evidence(exchanges: Sequence[Exchange], newspaper: str, language: Language) -> str:
    """What each answer rests on, a section an answer; the page shows that of the answer in view.

    Before there is an answer, and where it cites nothing, the section holds what was found.
    """
    sections = [_section(turn, each, newspaper, language) for turn, each in enumerate(exchanges, 1)]
    words = PAGE[language]
    if not sections:
        return (
            f'<h2 class="jb-column-head">{escape(words.evidence)}</h2>'
            f'<p class="jb-quiet">{escape(words.no_sources)}</p>'
        )
    return "".join(sections)


def card(
    citation: Citation, newspaper: str, turn: int, language: Language, context: Context
) -> str:
    """One citation as a cutting: dateline, headlines, quote, counterpart, and what to do with it.

    Args:
        turn: number of the answer in its conversation, from 1.
        language: of the page.
    """
    head = citation.masthead
    mark = citation.mark
    words = PAGE[language]
    authors = (
        f'<p class="jb-authors">{escape(" · ".join(head.authors))}</p>' if head.authors else ""
    )
    counterpart = _quote(citation.counterpart, Context()) if citation.counterpart else ""
    return (
        f'<article class="jb-card" id="c{turn}-{mark}" tabindex="0" '
        f'aria-label="{escape(words.cutting.format(mark))}">'
        f'<p class="jb-dateline"><a class="jb-mark" href="#m{turn}-{mark}">[{mark}]</a> '
        f"{dateline(head, newspaper)}</p>"
        f"{headlines(head)}{authors}{_quote(citation.quote, context)}"
        f"{'<hr>' if counterpart else ''}{counterpart}"
        f'<p class="jb-source">{escape(WORDS[language].source)}: {escape(head.source)}</p>'
        f"{_actions(citation, newspaper, language)}</article>"
    )


def place_of(citation: Citation) -> str:
    """The query that opens a citation's article at its quote, its permalink where it has one."""
    original = any(
        side and side.role == "original" for side in (citation.quote, citation.counterpart)
    )
    if original:
        return permalink(citation)
    quote = citation.quote
    return article_link(citation.masthead.article_id, quote.language, Span(quote.start, quote.end))


def _section(turn: int, exchange: Exchange, newspaper: str, language: Language) -> str:
    words = PAGE[language]
    answer = exchange.answer
    if answer and answer.citations:
        contexts = exchange.contexts or (Context(),) * len(answer.citations)
        title = words.sources
        cards = "".join(
            card(citation, newspaper, turn, language, context)
            for citation, context in zip(answer.citations, contexts, strict=True)
        )
    else:
        title = words.found
        hits = answer.hits if answer else exchange.hits
        cards = "".join(_found(hit, newspaper, language) for hit in hits[:_SHOWN])
        if not hits and not exchange.waiting:
            cards = f'<p class="jb-quiet">{escape(WORDS[language].nothing_found)}</p>'
    return (
        f'<section class="jb-sources" data-turn="{turn}" aria-label="{escape(title)}">'
        f'<h2 class="jb-column-head">{escape(title)}</h2>'
        f'<p class="jb-asked">{escape(exchange.question)}</p>{cards}</section>'
    )


def _found(hit: Hit, newspaper: str, language: Language) -> str:
    """A passage that the search found, which no answer cites."""
    passage = hit.passage
    cut = passage.text[:_SNIPPET] + ("…" if len(passage.text) > _SNIPPET else "")
    place = article_link(passage.masthead.article_id, passage.language, passage.span)
    return (
        f'<article class="jb-card jb-found" tabindex="0" '
        f'aria-label="{escape(PAGE[language].found)}: {hit.rank}">'
        f'<p class="jb-dateline">{dateline(passage.masthead, newspaper)}</p>'
        f"{headlines(passage.masthead)}"
        f'<p class="jb-snippet" lang="{LANGUAGE_TAGS[passage.language]}">{escape(cut)}</p>'
        f'<p class="jb-actions">{_opener(place, language)}</p></article>'
    )


def _actions(citation: Citation, newspaper: str, language: Language) -> str:
    """Open, copy the citation in three styles, copy the link."""
    words = PAGE[language]
    place = place_of(citation)
    styles = {
        "GB/T 7714": gbt7714(citation.masthead, newspaper),
        "Chicago": chicago(citation.masthead, newspaper),
        "BibTeX": bibtex((citation,), newspaper),
    }
    copies = "".join(button(label, f'data-copy="{escape(text)}"') for label, text in styles.items())
    copying = f'data-copy-link="{escape(place)}"'
    return (
        f'<div class="jb-actions">{_opener(place, language)}'
        f'<details class="jb-menu" name="jb-menu"><summary>{escape(words.cite)}</summary>'
        f'<div class="jb-choices">{copies}</div></details>'
        f"{button(words.link, copying)}</div>"
    )


def _opener(place: str, language: Language) -> str:
    return f'<a class="jb-open" href="{escape(place)}" data-open>{escape(PAGE[language].open)}</a>'


def _quote(quote: Quote, context: Context) -> str:
    return (
        f'<p class="jb-role">{escape(ROLES[quote.role])}</p>'
        f'<blockquote lang="{LANGUAGE_TAGS[quote.language]}">{_beside(context.before)}'
        f"<mark>{escape(quote.text)}</mark>{_beside(context.after)}</blockquote>"
    )


def _beside(text: str) -> str:
    return f'<span class="jb-beside">{escape(text)}</span>' if text else ""
