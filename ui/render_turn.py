"""The conversation as HTML: questions as understood, answers as judged. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from rag.retrieve.matter import asks_nothing
from rag.retrieve.periods import read_period
from rag.types import Answer, Citation, Filter, Language, Period, Verdict
from ui.exchange import Exchange
from ui.page_words import PAGE
from ui.periods import described, since_of, until_of, wider, written
from ui.render import LANGUAGE_TAGS, button, escape, notice, sends
from ui.render_plot import timeline
from ui.texts import WORDS, page_of

_MARK = re.compile(r"\[(\d{1,4})\]")
_SKELETON = '<div class="jb-skeleton" aria-hidden="true"><i></i><i></i><i></i></div>'


def conversation(
    talk: str,
    exchanges: Sequence[Exchange],
    newspaper: str,
    language: Language,
    years: Mapping[int, int],
) -> str:
    """The whole conversation, oldest first.

    Args:
        talk: its id in the notebook: the page asks for it when it is loaded again.
        language: of the page; an answer's own words stay in that of its question.
        years: articles by year, of the whole archive: what a period can be widened to.
    """
    turns = "".join(
        _turn(number, each, newspaper, language, years) for number, each in enumerate(exchanges, 1)
    )
    label = escape(PAGE[language].chat)
    return (
        f'<div class="jb-log" role="log" aria-label="{label}" data-talk="{escape(talk)}">'
        f"{turns}</div>"
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
        _judged(_MARK.sub(link, escape(piece)), verdict, f"w{turn}-{number}")
        for number, (piece, verdict) in enumerate(_pieces(text, verdicts))
    )


def banner(answer: Answer, language: Language) -> str:
    """What a reader must know of an answer that is not complete; nothing for one that is."""
    words = WORDS[language].states[answer.state]
    if not words or words == answer.text.strip() or answer.state == "refused":
        return f'<p class="jb-note">{escape(answer.note)}</p>' if answer.note else ""
    why = f"<small>{escape(answer.note)}</small>" if answer.note else ""
    return (
        f'<div class="jb-banner jb-{answer.state}" role="status"><p>{escape(words)}</p>{why}</div>'
    )


def struck(answer: Answer) -> str:
    """The sentences that a model wrote and the archive does not bear out, struck through."""
    gone = [
        verdict
        for verdict in answer.verdicts
        if verdict.support == "unsupported" and verdict.sentence not in answer.text
    ]
    if not gone:
        return ""
    lang = LANGUAGE_TAGS[answer.language]
    items = "".join(
        f"<li>{_judged(escape(verdict.sentence), verdict, f'x{number}')}</li>"
        for number, verdict in enumerate(gone)
    )
    return f'<ul class="jb-struck" lang="{lang}">{items}</ul>'


def understood(turn: int, exchange: Exchange, language: Language) -> str:
    """The question as understood, each part a chip that can be changed or dropped."""
    answer = exchange.answer
    if answer is None:
        return ""
    words = PAGE[language]
    wanted = exchange.wanted or Filter()
    # Name, what is chosen, what is said where nothing is, and how it is changed. A page or an
    # author stands here only where one is in force: nobody need be told of any page.
    parts = (
        ("period", written(answer.question.period), words.any_time,
         _period_fields(answer.question.period, language)),
        ("page", page_of(wanted.page, language), "",
         _field("page", words.page, str(wanted.page), 3)),
        ("language", words.languages[wanted.language] if wanted.language else "",
         words.languages[""], _language_fields(wanted, language)),
        ("author", wanted.author or "", "",
         _field("author", words.author, wanted.author or "", 80)),
        ("standalone", answer.standalone, words.as_asked,
         _text_field(answer.standalone or answer.question.text, language)),
    )  # fmt: skip
    chips = [
        _chip(chosen or otherwise, turn, language, fields, name if chosen else "")
        for name, chosen, otherwise, fields in parts
        if chosen or otherwise
    ]
    if answer.question.across:
        chips.append(f"<span>{escape(words.across.format(answer.question.across))}</span>")
    return (
        f'<div class="jb-understood" role="group" aria-label="{escape(words.understood)}">'
        f'<span class="jb-label">{escape(words.understood)}</span>{"".join(chips)}</div>'
    )


def _turn(
    number: int, exchange: Exchange, newspaper: str, language: Language, years: Mapping[int, int]
) -> str:
    lang = LANGUAGE_TAGS[exchange.language]
    question = f'<h2 class="jb-question" lang="{lang}">{escape(exchange.question)}</h2>'
    answer = exchange.answer
    if answer is None:
        body = _pending(exchange, lang)
    else:
        text = answer_text(answer.text, answer.citations, answer.verdicts, number)
        found = (
            timeline(exchange.timeline, number, newspaper, language, years)
            if exchange.timeline
            else ""
        )
        body = (
            f"{understood(number, exchange, language)}{_unclear(exchange, language)}"
            f"{banner(answer, language)}"
            f'<div class="jb-answer jb-is-{answer.state}" lang="{lang}">{text}</div>'
            f"{struck(answer)}{_nothing(number, exchange, language, years)}{found}"
            f"{notice(exchange.note) if exchange.note else ''}"
            f"{_foot(number, exchange, answer, language)}"
        )
    return (
        f'<section class="jb-turn" id="t{number}" data-turn="{number}">{question}{body}</section>'
    )


def _pending(exchange: Exchange, lang: str) -> str:
    """An answer that is coming, or that did not come."""
    text = f'<div class="jb-answer" lang="{lang}">{escape(exchange.text)}</div>'
    text = text if exchange.text else ""
    if exchange.waiting:
        note = f'<p class="jb-quiet" role="status">{escape(exchange.note)}</p>'
        return f"{note}{text}{_SKELETON}"
    return text + notice(exchange.note)


def _unclear(exchange: Exchange, language: Language) -> str:
    """Words of the question that mean a time and name none, as a notice."""
    answer = exchange.answer
    if answer is None or answer.question.period:
        return ""
    words = read_period(answer.standalone or answer.question.text).unclear
    told = escape(PAGE[language].unclear.format(words))
    return f'<p class="jb-note" role="status">{told}</p>' if words else ""


def _nothing(number: int, exchange: Exchange, language: Language, years: Mapping[int, int]) -> str:
    """For a refusal: what was looked for and where, and where else to look."""
    answer = exchange.answer
    if answer is None or answer.state != "refused" or asks_nothing(answer.question.text):
        return ""
    words = PAGE[language]
    period = answer.question.period
    scope = described(replace(exchange.wanted or Filter(), period=period), language)
    asked = answer.standalone or answer.question.text
    lines = f"<p>{escape(words.looked_for.format(asked, scope))}</p>"
    offers = ""
    if answer.hits:
        lines += f"<p>{escape(words.nearest)}</p>"
        offers += button(words.open_nearest, f'data-evidence="{number}"')
    if period and written(period):
        if more := wider(period, years):
            told = sends("ask", turn=number, since=since_of(more), until=until_of(more))
            offers += button(words.widen.format(written(more)), told)
        offers += button(words.any_period, sends("ask", turn=number, drop="period"))
    return f'<div class="jb-nothing">{lines}<p class="jb-offers">{offers}</p></div>'


def _foot(number: int, exchange: Exchange, answer: Answer, language: Language) -> str:
    """Who answered, and what the reader thinks of it."""
    words = PAGE[language]
    quoted = answer.model in ("quote", "")
    by = words.quoted_by if quoted else words.answered_by.format(answer.model)
    by = f"<span>{escape(by)}</span>"
    if not exchange.kept:
        return f'<div class="jb-foot">{by}</div>'
    thumbs = "".join(
        button(
            name,
            f'aria-pressed="{str(exchange.thumb == thumb).lower()}" '
            + sends("rate", turn=number, thumb="" if exchange.thumb == thumb else thumb),
            "jb-thumb",
        )
        for thumb, name in (("up", words.helpful), ("down", words.unhelpful))
    )
    comment = (
        f'<details class="jb-menu jb-comment"><summary>{escape(words.comment)}</summary>'
        f'<form {sends("rate", turn=number)}><textarea name="comment" rows="2" '
        f'maxlength="4000" aria-label="{escape(words.comment)}">{escape(exchange.comment)}'
        f'</textarea><button class="jb-plain">{escape(words.save)}</button></form></details>'
    )
    said = f'<p class="jb-said">{escape(exchange.comment)}</p>' if exchange.comment else ""
    return f'<div class="jb-foot">{by}{thumbs}{comment}</div>{said}'


def _chip(label: str, turn: int, language: Language, fields: str, dropped: str) -> str:
    """A part of the question: opened, it can be changed and asked again; `dropped` names it where
    it can be dropped."""
    words = PAGE[language]
    drop = (
        button("×", sends("ask", turn=turn, drop=dropped), "jb-drop", words.drop.format(label))
        if dropped
        else ""
    )
    return (
        f'<span class="jb-chip"><details name="jb-menu"><summary '
        f'aria-label="{escape(words.change.format(label))}">{escape(label)}</summary>'
        f'<form class="jb-choices" {sends("ask", turn=turn)}>{fields}'
        f'<button class="jb-primary">{escape(words.ask_again)}</button></form></details>'
        f"{drop}</span>"
    )


def _period_fields(period: Period | None, language: Language) -> str:
    words = PAGE[language]
    since, until = (since_of(period), until_of(period)) if period else ("", "")
    return "".join(
        _field(name, label, value, 11, ' placeholder="1959-11"')
        for name, label, value in (("since", words.since, since), ("until", words.until, until))
    )


def _field(name: str, label: str, value: str, longest: int, more: str = "") -> str:
    return (
        f"<label>{escape(label)}"
        f'<input name="{name}" value="{escape(value)}" maxlength="{longest}"{more}></label>'
    )


def _language_fields(wanted: Filter, language: Language) -> str:
    words = PAGE[language]
    options = "".join(
        f'<option value="{value}"{" selected" if value == (wanted.language or "") else ""}>'
        f"{escape(label)}</option>"
        for value, label in words.languages.items()
    )
    return f'<label>{escape(words.text_language)}<select name="language">{options}</select></label>'


def _text_field(text: str, language: Language) -> str:
    return (
        f"<label>{escape(PAGE[language].box)}"
        f'<textarea name="question" rows="3" maxlength="2000">{escape(text)}</textarea></label>'
    )


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


def _judged(inner: str, verdict: Verdict | None, identity: str) -> str:
    """A sentence that is not fully supported: dotted or struck, its reason on hover and focus."""
    if verdict is None or verdict.support == "supported":
        return inner
    tag = "s" if verdict.support == "unsupported" else "span"
    return (
        f'<span class="jb-judged" tabindex="0" role="group" aria-describedby="{identity}">'
        f'<{tag} class="jb-{verdict.support}">{inner}</{tag}>'
        f'<span class="jb-why" role="tooltip" id="{identity}">{escape(verdict.reason)}</span>'
        "</span>"
    )
