"""Answers and citations as HTML. Pure: values in, text out, and every value escaped.

Nothing here passes through Markdown: an article that contains `![](http://…)` shows exactly that.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.types import Answer, Citation, Language, Quote, Role, Verdict
from ui.safe import harmless
from ui.texts import ROLES, WORDS, page_of

_MARK = re.compile(r"\[(\d{1,3})\]")
# Gradio's HTML component is a template: `${…}` and `{{…}}` must not survive as such.
_TEMPLATE_SIGNS = {ord(sign): f"&#{ord(sign)};" for sign in "${}`\\"}
_LANGUAGE_TAGS: dict[Language, str] = {"zh": "zh-Hans", "en": "en"}


@dataclass(frozen=True, slots=True)
class Context:
    """What stands before and after a quote in its article, a sentence each or nothing."""

    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer; while the answer is coming, the text so far and a note."""

    question: str
    language: Language
    answer: Answer | None = None
    text: str = ""
    note: str = ""
    contexts: tuple[Context, ...] = ()


def escape(text: str) -> str:
    """Text that stays text inside an element or a quoted attribute, and in Gradio's templates."""
    return html.escape(harmless(text), quote=True).translate(_TEMPLATE_SIGNS)


def masthead(portrait: str) -> str:
    """The top of the page: the name, and the archive in one line."""
    return f'<header class="jb-top"><h1>旧报 jiubao</h1><p>{escape(portrait)}</p></header>'


def conversation(exchanges: Sequence[Exchange], greeting: str) -> str:
    """The whole conversation, oldest first; before the first question, a greeting."""
    if not exchanges:
        return f'<p class="jb-greeting">{escape(greeting)}</p>'
    turns = "".join(_turn(number, each) for number, each in enumerate(exchanges, 1))
    return f'<div class="jb-log" role="log" aria-label="对话 Conversation">{turns}</div>'


def evidence(exchanges: Sequence[Exchange], newspaper: str) -> str:
    """The cards of every answer, the newest answer first and open, the others folded."""
    cited = [
        (number, each)
        for number, each in enumerate(exchanges, 1)
        if each.answer and each.answer.citations
    ]
    if not cited:
        return '<p class="jb-quiet">出处在此处显示。<br>The sources of an answer stand here.</p>'
    newest = cited[-1][0]
    return "".join(
        f'<details class="jb-sources"{" open" if number == newest else ""}>'
        f"<summary>{escape(each.question)}</summary>{_cards(number, each, newspaper)}</details>"
        for number, each in reversed(cited)
    )


def card(
    citation: Citation, newspaper: str, turn: int, language: Language, context: Context
) -> str:
    """One citation as a cutting: dateline, headlines, quote, counterpart, file."""
    masthead = citation.masthead
    parts = (newspaper, masthead.published.isoformat(), page_of(masthead.page, "zh"))
    dateline = " · ".join(part for part in parts if part)
    headlines = "".join(
        f'<p class="jb-headline" lang="{_LANGUAGE_TAGS[each]}">{escape(masthead.title[each])}</p>'
        for each in ("zh", "en")
        if masthead.title.get(each)
    )
    counterpart = _quote(citation.counterpart, Context()) if citation.counterpart else ""
    return (
        f'<article class="jb-card" id="c{turn}-{citation.mark}" tabindex="-1">'
        f'<p class="jb-dateline"><a class="jb-mark" href="#m{turn}-{citation.mark}">'
        f"[{citation.mark}]</a> {escape(dateline)}</p>"
        f"{headlines}{_quote(citation.quote, context)}"
        f"{'<hr>' if counterpart else ''}{counterpart}"
        f'<p class="jb-source">{escape(WORDS[language].source)}: {escape(masthead.source)}</p>'
        "</article>"
    )


def answer_text(
    text: str, citations: Iterable[Citation], verdicts: Sequence[Verdict], turn: int
) -> str:
    """An answer's text: marks that stand for a citation are links to its card, sentences that
    are not fully supported are marked and say why. Marks that stand for nothing stay text."""
    known = {citation.mark for citation in citations}
    linked: set[int] = set()

    def link(match: re.Match[str]) -> str:
        mark = int(match[1])
        if mark not in known:
            return match[0]
        anchor = "" if mark in linked else f' id="m{turn}-{mark}"'
        linked.add(mark)
        return f'<a class="jb-mark"{anchor} href="#c{turn}-{mark}">[{mark}]</a>'

    # Escaping leaves square brackets and digits alone, so marks are found after it.
    return "".join(
        _judged(_MARK.sub(link, escape(piece)), verdict)
        for piece, verdict in _pieces(text, verdicts)
    )


def banner(answer: Answer) -> str:
    """What a reader must know of an answer that is not complete; nothing for one that is."""
    words = WORDS[answer.language].states[answer.state]
    if not words or words == answer.text.strip():
        return ""
    return notice(words)


def notice(message: str) -> str:
    """A message to the reader that is no answer."""
    return f'<p class="jb-banner" role="status">{escape(message)}</p>'


def _turn(number: int, exchange: Exchange) -> str:
    lang = _LANGUAGE_TAGS[exchange.language]
    answer = exchange.answer
    if answer:
        text = answer_text(answer.text, answer.citations, answer.verdicts, number)
        above = banner(answer)
    else:
        text = escape(exchange.text)
        above = f'<p class="jb-quiet">{escape(exchange.note)}</p>' if exchange.note else ""
    body = f'<div class="jb-answer" lang="{lang}">{text}</div>' if text else ""
    return (
        f'<section class="jb-turn"><h2 class="jb-question" lang="{lang}">'
        f"{escape(exchange.question)}</h2>{above}{body}</section>"
    )


def _cards(number: int, exchange: Exchange, newspaper: str) -> str:
    answer = exchange.answer
    if not answer:
        return ""
    contexts = exchange.contexts or (Context(),) * len(answer.citations)
    return "".join(
        card(citation, newspaper, number, answer.language, context)
        for citation, context in zip(answer.citations, contexts, strict=True)
    )


def _quote(quote: Quote, context: Context) -> str:
    return (
        f'<p class="jb-role">{_role(quote.role)}</p>'
        f'<blockquote lang="{_LANGUAGE_TAGS[quote.language]}">{_beside(context.before)}'
        f"<mark>{escape(quote.text)}</mark>{_beside(context.after)}</blockquote>"
    )


def _role(role: Role) -> str:
    return escape(ROLES[role])


def _beside(text: str) -> str:
    return f'<span class="jb-beside">{escape(text)}</span>' if text else ""


def _pieces(text: str, verdicts: Sequence[Verdict]) -> Iterator[tuple[str, Verdict | None]]:
    """The text cut at the sentences that have a verdict, in their order; nothing is lost."""
    at = 0
    for verdict in verdicts:
        start = text.find(verdict.sentence, at) if verdict.sentence else -1
        if start < 0:
            continue
        yield text[at:start], None
        at = start + len(verdict.sentence)
        yield verdict.sentence, verdict
    yield text[at:], None


def _judged(inner: str, verdict: Verdict | None) -> str:
    if verdict is None or verdict.support == "supported":
        return inner
    return (
        f'<span class="jb-{verdict.support}" tabindex="0" title="{escape(verdict.reason)}">'
        f"{inner}</span>"
    )
