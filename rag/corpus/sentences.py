"""Where a body's sentences stand, in Chinese and in English.

Rules, no model: every stop is a candidate, and what stands around it decides. In the spirit of
the heuristics that A. Mikheev, "Periods, Capitalized Words, etc." (Computational Linguistics
28(3), 2002) found to carry most of the decision: the abbreviation before the stop and the case of
the word after it.

A semicolon ends a sentence in both languages. The newspapers chain whole statements with ；, and
their translators keep or break the chain as they please: cut at both, the two sides pair up one to
one, and a quotation stays as short as what it has to show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from rag.types import Language, Span

# A quotation this short (code points) is a unit: 他说：“走！快走！”。 Longer ones are cut inside.
SHORT_QUOTATION: dict[Language, int] = {"zh": 40, "en": 160}
# A pair further apart than this is two strays, or a passage that should be cut inside.
LONGEST_BRACKET = 200
LONGEST_TITLE = 80

_STOPS = re.compile(r"[。！？；…‥｡‼⁇⁈⁉.!?;]+")
_WIDE = frozenset("。！？；｡‼⁇⁈⁉")
_ELLIPSIS = frozenset("….‥")
_MARKS = re.compile(r"[“”‘’「」『』《》〈〉（）()\[\]【】〔〕\"]")
_WORD = re.compile(r"[^\W_]")
_NOTE = re.compile(r"\[\d{1,3}\]")

_QUOTES = {"“": "”", "「": "」", "『": "』", "‘": "’"}
_BRACKETS = {"（": "）", "(": ")", "[": "]", "【": "】", "〔": "〕"}
_TITLES = {"《": "》", "〈": "〉"}
_CLOSING = {closing: opening for opening, closing in (_QUOTES | _BRACKETS | _TITLES).items()}
_TRAILING = frozenset("”’」』）)]】〕")
_CONTINUING = frozenset("，、,：:；;。．》〉—–%％＝=·")

# After a quotation these go on with the clause that it stands in: “大干快上！”的口号.
_GOES_ON = re.compile(
    r"的|地|等|和|与|或|及|之[类称中]|是|一[文书词语句曲歌]|这[个种样类些句]|那[个种样]|字样|口号|为[题主名]"
)
# Who spoke, after an unannounced quotation: “来了。”赵红高兴地说。
_ATTRIBUTION = re.compile(
    r"[^，。！？；：…“”、\n]{0,20}?(?:说道?|问道?|喊道?|答道?|道|称|表示|告诉[^，。！？；：“”]{1,6})"
    r"(?=[，。：；！]|$)"
)

_NEVER_LAST = re.compile(
    r"(?:mrs?|ms|mx|dr|prof|gen|col|lt|sgt|capt|maj|adm|cmdr|rev|hon|gov|sen|rep|pres|messrs|mt|ft"
    r"|supt|e\.g|i\.e|cf|vs|viz)",
    re.IGNORECASE,
)
_BEFORE_NUMBER = re.compile(
    r"(?:nos?|vols?|pp?|figs?|chap|ch|sec|art|para|ed|eq|al|ca?|approx"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)",
    re.IGNORECASE,
)
# Abbreviations, and initials (J, U.S, p.m), that end a sentence only where another clearly opens.
_SELDOM_LAST = re.compile(
    r"(?:st|inc|ltd|co|corp|jr|sr|bros|[a-z]|(?:[a-z]{1,2}\.)+[a-z]{1,2})", re.IGNORECASE
)
_OPENERS = re.compile(
    r"(?:The|An?|It|He|She|They|We|You|In|On|At|By|For|From|This|That|These|Those|But|And|However"
    r"|After|Before|When|While|As|If|There|His|Her|Its|Their|Our|Although|Since|During|Some|Many"
    r"|Most|All|Both|Each|One|Another|Such|What|Who|Why|How|Where|Not|Yet|So|Then|Thus|Also|Now"
    r"|Under|With|Of|To|According)(?![A-Za-z])"
)
_BEFORE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.&]*$")
_ENTITY = re.compile(r"&#?\w{1,8}$")
_OPENING_MARKS = "“‘\"'「『（([【《"


@dataclass(slots=True)
class _Pairs:
    """The quotations and brackets of one line: where no boundary may stand."""

    opening: dict[int, int] = field(default_factory=dict)
    """Offset of each paired closing mark, with that of its opening mark."""
    held: bytearray = field(default_factory=bytearray)
    """1 where a boundary would cut a short quotation, a bracket or a title."""
    quoted: bytearray = field(default_factory=bytearray)
    """1 where a boundary would stand inside a quotation of any length."""
    straight: bool = True
    """Whether the straight double quotes of the line come in pairs."""


class _Stop(NamedTuple):
    """A run of stops, and the sentence that it may end."""

    text: str
    start: int
    """Where the sentence starts."""
    word: int
    """Where its first word starts."""
    at: int
    """Where the stops stand."""
    end: int
    """Where the sentence ends, closing marks included."""
    closed: list[int]
    """Offsets of those closing marks."""


def split_sentences(body: str, language: Language) -> list[Span]:
    """Split a body into its sentences.

    Args:
        body: prose; a line feed ends a paragraph.
        language: decides how long a quotation counts as one unit and whether single quotation
            marks pair (in English they are apostrophes too). Stops of both scripts are known in
            both languages.

    Returns:
        Spans in order that do not overlap, cross no line feed, neither start nor end with white
        space, and together hold every other character. Time is linear in the length of the body.
    """
    spans: list[Span] = []
    start = 0
    for line in body.split("\n"):
        spans.extend(
            Span(start + first, start + last) for first, last in _sentences(line, language)
        )
        start += len(line) + 1
    return spans


def paragraph_sentences(body: str, language: Language, span: Span) -> tuple[list[Span], list[int]]:
    """The sentences of the paragraph that a span of a body stands in, by their offsets in the
    body; and the numbers of those that the span is part of."""
    start = body.rfind("\n", 0, span.start) + 1
    end = body.find("\n", span.end)
    paragraph = body[start : end if end >= 0 else len(body)]
    spans = [Span(start + s, start + e) for s, e in split_sentences(paragraph, language)]
    return spans, [n for n, sentence in enumerate(spans) if sentence.overlap(span)]


def _sentences(line: str, language: Language) -> list[Span]:
    """The sentences of one line, as spans within the line."""
    spans: list[Span] = []
    start = 0
    for end in [*_boundaries(line, language), len(line)]:
        piece = line[start:end]
        text = piece.strip()
        if not text:
            continue
        first = start + piece.index(text[0])
        last = first + len(text)
        if spans and not _WORD.search(text):  # marks alone belong to what they follow
            spans[-1] = Span(spans[-1].start, last)
        else:
            spans.append(Span(first, last))
        start = end
    return spans


def _boundaries(line: str, language: Language) -> Iterator[int]:
    """Offsets within the line at which a sentence ends and another begins."""
    stops = list(_STOPS.finditer(line))
    if not stops:
        return
    pairs = _pair(line, language)
    start = 0
    word = _first_word(line, 0)
    for found in stops:
        if word >= found.start():  # nothing said yet: “……人民
            continue
        end, closed = _trailing(line, found.end(), pairs)
        if _ends(line, _Stop(found.group(), start, word, found.start(), end, closed), pairs):
            yield end
            start = end
            word = _first_word(line, end)


def _first_word(line: str, start: int) -> int:
    found = _WORD.search(line, start)
    return found.start() if found else len(line)


def _pair(line: str, language: Language) -> _Pairs:
    """Match the marks of a line, each kind on its own.

    An opening mark met while one of its kind is open replaces it, and a closing mark without an
    opening one is passed over: a stray costs at most its own pair.
    """
    marks = [(mark.start(), mark.group()) for mark in _MARKS.finditer(line)]
    pairs = _Pairs(held=bytearray(len(line) + 1), quoted=bytearray(len(line) + 1))
    pairs.straight = sum(mark == '"' for _, mark in marks) % 2 == 0
    open_at: dict[str, int] = {}
    for at, mark in marks:
        if mark == '"':
            if not pairs.straight:
                continue
            opening = '"'
            if opening not in open_at:
                open_at[opening] = at
                continue
        elif mark in "‘’" and language == "en":
            continue
        elif mark not in _CLOSING:
            open_at[mark] = at
            continue
        else:
            opening = _CLOSING[mark]
        since = open_at.pop(opening, None)
        if since is not None:
            _join(pairs, opening, since, at, language)
    return pairs


def _join(pairs: _Pairs, opening: str, since: int, at: int, language: Language) -> None:
    inside = at - since
    if opening in _BRACKETS:
        longest = LONGEST_BRACKET
    elif opening in _TITLES:
        longest = LONGEST_TITLE
    else:
        longest = SHORT_QUOTATION[language]
        pairs.quoted[since + 1 : at + 1] = b"\x01" * inside
    pairs.opening[at] = since
    if inside <= longest:
        pairs.held[since + 1 : at + 1] = b"\x01" * inside


def _trailing(line: str, at: int, pairs: _Pairs) -> tuple[int, list[int]]:
    """Where the marks that close after a stop end, and the offsets of those marks."""
    closed: list[int] = []
    while at < len(line):
        mark = line[at]
        note = _NOTE.match(line, at) if mark == "[" else None
        if note:
            at = note.end()
            continue
        if mark == '"':
            closes = at in pairs.opening if pairs.straight else line[at + 1 : at + 2].strip() == ""
        elif mark == "'":
            closes = not line[at + 1 : at + 2].isalnum()
        else:
            closes = mark in _TRAILING
        if not closes:
            break
        closed.append(at)
        at += 1
    return at, closed


def _ends(line: str, stop: _Stop, pairs: _Pairs) -> bool:
    """Whether the stop ends the sentence."""
    if stop.end >= len(line) or pairs.held[stop.end]:
        return False
    after = line[stop.end : stop.end + 64]
    rest = after.lstrip()
    if not rest:
        return True
    if _goes_on(line, stop, rest, pairs):
        return False
    if "…" in stop.text or not _WIDE.isdisjoint(stop.text):
        return True
    if stop.text == ".":
        return _period_ends(line, stop, after)
    return _narrow_ends(line, stop, after)


def _goes_on(line: str, stop: _Stop, rest: str, pairs: _Pairs) -> bool:
    """Whether the sentence continues after the stop, whatever kind of stop it is."""
    if rest[0] in _CONTINUING:
        return True
    ellipsis = _ELLIPSIS.issuperset(stop.text) and stop.text != "."
    if ellipsis and (pairs.quoted[stop.end] or rest[0] in "等的"):
        return True
    if stop.text != ";" and _WIDE.isdisjoint(stop.text) and _lower(rest):
        return True
    if not stop.closed:
        return False
    return any(_aside(line, stop, mark, pairs) for mark in stop.closed) or (
        _quotation_goes_on(line, stop.closed[-1], rest, pairs)
    )


def _lower(rest: str) -> bool:
    """Whether what follows goes on in lower case, past opening marks."""
    return rest.lstrip(_OPENING_MARKS)[:1].islower()


def _aside(line: str, stop: _Stop, mark: int, pairs: _Pairs) -> bool:
    """Whether the closing mark ends a bracket inside a sentence: 他来了（真的！）然后走了。"""
    since = pairs.opening.get(mark)
    if since is None or line[since] not in _BRACKETS:
        return False
    return stop.word < since


def _quotation_goes_on(line: str, mark: int, rest: str, pairs: _Pairs) -> bool:
    """Whether the clause around a quotation goes on after it."""
    since = pairs.opening.get(mark)
    if since is None or line[since] in _BRACKETS:
        return False
    if _GOES_ON.match(rest):
        return True
    announced = line[max(0, since - 4) : since].rstrip()[-1:] in {"：", ":", "，", ","}
    return not announced and bool(_ATTRIBUTION.match(rest))


def _narrow_ends(line: str, stop: _Stop, after: str) -> bool:
    """ASCII `!`, `?`, `;` and rows of dots: not inside an address, an entity or a word."""
    if after[0].isascii() and not after[0].isspace() and after[0] not in _OPENING_MARKS:
        return bool(stop.closed)
    return not (stop.text == ";" and _ENTITY.search(line[max(0, stop.at - 10) : stop.at]))


def _period_ends(line: str, stop: _Stop, after: str) -> bool:
    """A single full stop: not in a number, an address, an abbreviation or an initial."""
    before = line[max(stop.start, stop.at - 24) : stop.at]
    found = _BEFORE.search(before)
    if not before[-1].isascii():
        return not (after[0].isascii() and after[0].isalnum())
    if found is None or not (after[0].isspace() or stop.closed):
        return after[0].isspace() or bool(stop.closed)
    word, following = found.group(), after.lstrip().lstrip(_OPENING_MARKS)
    if word.isdigit() and len(word) <= 3:  # 1. at the start is an enumeration
        return stop.word + len(word) < stop.at
    if _NEVER_LAST.fullmatch(word):
        return False
    opens = not following[:1].isalnum() or bool(_OPENERS.match(following))
    if _BEFORE_NUMBER.fullmatch(word) and following[:1].isdigit():
        opens = False
    elif not _SELDOM_LAST.fullmatch(word):
        opens = True
    return opens
