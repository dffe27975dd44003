"""The slots of a question, a time, a place or a name, and filling one with another. Pure."""

from __future__ import annotations

import re
from functools import cache

from rag.answer.moments import retimed
from rag.language import HAN
from rag.retrieve.dateparts import MONTH
from rag.retrieve.gazetteer import gazetteer
from rag.retrieve.question import names_in
from rag.types import Language, Span

_MONTH_EN = re.compile(rf"\b{MONTH}(?!\w)", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"^(?:in|at|from|of|for|to|by|during|on|near)\s+(?:the\s+)?(?=\S)", re.IGNORECASE
)
_PREPOSITION_ZH = re.compile(r"^(?:在|到|从|对于|关于|至于|于)")
_WHERE = re.compile(r"\b(?:in|at|from|near|to)\s+(?:the\s+)?$", re.IGNORECASE)
_WHEN = re.compile(r"(?:in|on|during|since|before|after|from|between|the)\s", re.IGNORECASE)
# 7月6日体育新闻, 7月的产量; no 十月革命, no 六号车间.
_APART_ZH = re.compile(r"(?:[0-9]日|月\w{1,3}[日号]|天|[次翌]日)\||\|的")
_AT = re.compile(r"(?:in|at|near)\s(?!\d)", re.IGNORECASE)
_KIND = re.compile(
    r"(?:District|City|County|Province|Village|Town|Township|Commune|Prefecture|Region|Island)$"
)
_NAME = re.compile(r"[A-Z][\w'’-]*(?:\s+(?:of\s+|and\s+)?[A-Z0-9][\w'’-]*)*")
_WHO = re.compile(
    r"(?:who (?:is|was|were)|what did|when did|where did|why did)\s+(.+)", re.IGNORECASE
)
_WHO_ZH = re.compile(
    rf"([{HAN}·]{{2,6}}?)(?:同志)?是(?:谁|什么人|何人|干什么的|做什么的|哪里人)|谁是([{HAN}·]{{2,6}})"
)
_SUFFIX = r"(?:省|市(?!委|政府)|县(?!委)|区(?!委)|州|镇|乡|村|公社)"


def fill(part: str, earlier: str, years: str, language: Language) -> str:
    """The question before with its slot of the part's type filled by the part.

    Args:
        part: what a follow-up says: `in Chongqing`, `1958`, `the next year`, `女工`.
        earlier: the question before, in the same language, standing alone.
        years: older text in which a year may stand.
    """
    filled = retimed(part, earlier, years, language)
    if filled is None:
        filled = _fill_name(part, earlier, language) or _fill_both(part, earlier, years, language)
    return filled or _append(part, earlier, language)


def place_in(text: str, language: Language) -> str:
    """The one place of a text, "" where there is none or several."""
    spans = _places(text, language)
    return text[spans[0].start : spans[0].end] if len(spans) == 1 else ""


def person_in(question: str) -> str:
    """The one person a question is about, "" where that is not plain."""
    if chinese := _WHO_ZH.match(question.strip("？?请问")):
        return chinese[1] or chinese[2]
    asked = _WHO.match(question.strip("?"))
    name = _NAME.match(asked[1]) if asked else None
    places = {question[span.start : span.end] for span in _places(question, "en")}
    return name.group() if name and name.group() not in places else ""


@cache
def _listed() -> tuple[re.Pattern[str], frozenset[str]]:
    """The places of `names.toml`: a pattern for Chinese text, and the English forms."""
    places, countries = list(gazetteer().of("places")), gazetteer().of("countries")
    chinese = sorted((f for entry in places for f in entry.chinese), key=len, reverse=True)
    english = {form for entry in (*places, *countries) for form in entry.english}
    outside = rf"(?<![在从到于对向由和与的])[{HAN}]{{0}}"
    pattern = (
        rf"(?:{'|'.join(chinese)})(?:[{HAN}]{{1,3}}?{_SUFFIX}|{_SUFFIX})*"
        rf"|{outside}(?![在从到于对向由和与的])[{HAN}]{{2,3}}?{_SUFFIX}"
    )
    return re.compile(pattern), frozenset(english)


def _places(text: str, language: Language) -> list[Span]:
    """Places by list, by what they end in, and in English by what stands before them."""
    pattern, english = _listed()
    if language == "zh":
        return [Span(*match.span()) for match in pattern.finditer(text)]
    found: list[Span] = []
    for match in _NAME.finditer(text):
        name, before = match.group(), text[: match.start()]
        if not (name in english or _KIND.search(name) or _WHERE.search(before)):
            continue
        if _MONTH_EN.fullmatch(name.split()[0]):
            continue
        if found and text[found[-1].end : match.start()] == ", ":
            found[-1] = Span(found[-1].start, match.end())
        else:
            found.append(Span(*match.span()))
    return found


def _fill_name(part: str, earlier: str, language: Language) -> str:
    """The question before with its name of the part's type replaced, "" where that is not plain."""
    bare = _PREPOSITION_ZH.sub("", part) if language == "zh" else _PREPOSITION.sub("", part, 1)
    slot = _name_slot(part, bare, earlier, language)
    return earlier[: slot.start] + bare + earlier[slot.end :] if slot else ""


def _fill_both(part: str, earlier: str, years: str, language: Language) -> str:
    """The question before with what two halves of a part say, a time and a place or a name
    ("Beijing in 1959", 1959年北京), each in its slot, the other beside it where it has none; ""
    where neither is a time."""
    halves = _halves(part, language)
    for time, rest in halves:
        filled = retimed(time, earlier, years, language)
        if filled and (both := _fill_name(rest, filled, language)):
            return both
    for time, rest in halves:
        chinese = language == "zh" and (_is_place(rest) or _APART_ZH.search(f"{time}|{rest}"))
        apart = _WHEN.match(time) or _AT.match(rest) or chinese
        if apart and (filled := retimed(time, earlier, years, language)):
            return _append(rest.removeprefix("的"), filled, language)
    return ""


def _halves(part: str, language: Language) -> list[tuple[str, str]]:
    """Every way to cut a part into what may be a time and the rest, the longest first; no name ends
    in one (Theresa May)."""
    chinese = language == "zh"
    cuts = range(1, len(part)) if chinese else [m.start() for m in re.finditer(r"\s", part)]
    found: list[tuple[str, str]] = []
    for cut in cuts:
        ahead, behind = part[:cut].strip(" ,，"), part[cut:].strip(" ,，")
        if chinese or re.search(r"[\s\d]", behind):
            found.append((behind, ahead))
        if chinese or _AT.match(behind):
            found.append((ahead, behind))
    return sorted(found, key=lambda halves: -len(halves[0]))


def _is_place(text: str) -> bool:
    return [(0, len(text))] == [(span.start, span.end) for span in _places(text, "zh")]


def _name_slot(part: str, bare: str, earlier: str, language: Language) -> Span | None:
    """Where in the question before a name of the part's type stands; None if that is not plain."""
    places = _places(earlier, language)
    if language == "zh":
        if _is_place(bare) and places:
            return places[0]
        who = _WHO_ZH.search(earlier)
        named = re.fullmatch(rf"[{HAN}·]{{2,4}}", bare)
        return Span(*who.span(1 if who[1] else 2)) if who and named else None
    if not _NAME.fullmatch(bare):
        return None
    is_place = bare != part or bool(_KIND.search(bare)) or bare in _listed()[1]
    if is_place:
        return places[0] if places else None
    names = [
        Span(earlier.index(name), earlier.index(name) + len(name)) for name in names_in(earlier)
    ]
    others = [n for n in names if not any(p.start <= n.start < p.end for p in places)]
    if len(others) == 1:
        return others[0]
    return places[0] if not others and len(places) == 1 else None


def _append(part: str, earlier: str, language: Language) -> str:
    """The question before whole, and what is asked in its place beside it."""
    if language == "zh":
        return f"{earlier.rstrip(' ？?。')}？{part}呢？"
    return f"{earlier.rstrip(' ?.')}? And {part}?"
