"""A model's reply, as it streams -> statements: whole sentences with their marks. Pure.

Nothing of a reply leaves before the sentence it stands in is whole, so that it can be checked
first; a mark is then never cut in two. What is not plain text goes: links, images, HTML, Markdown,
invisible characters. The outcome does not depend on how the reply was cut into pieces.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.answer.cite import MARK
from rag.answer.claims import split_claims
from rag.answer.prompts import is_visible

LONGEST = 2_000  # characters of one sentence; what runs on without a stop is cut there
_CERTAIN = 2  # characters of the next sentence that show that it is one

_STOPPED = re.compile(r"[。！？；….!?;](?=([^。！？；….!?;]*)\Z)")
_WORD = re.compile(r"[^\W_]")
_OPEN_MARK = re.compile(r"[\[［【][\^\d\s,，、;；]*\Z")

_ANY_MARK = re.compile(r"[\[［【]\s?\^?(\d{1,4}(?:\s?[,，、;；]\s?\^?\d{1,4})*)\s?[\]］】]")
_TAG = re.compile(r"<!--(?s:.*?)(?:-->|\Z)|<[/!?]?[a-z][^<>]*(?:>|(?=<)|\Z)", re.IGNORECASE)
_IMAGE = re.compile(r"!\[[^\[\]]*\](?:\([^()]*(?:\)|\Z)|\[[^\[\]]*\]|(?=\W|\Z))")
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^()]*(?:\)|\Z)|\[(?!\d+\])[^\[\]]*\])")
_REST = r"[^\s，。；！？、）】”’]"
_URL = re.compile(
    rf"""(?:[a-z][a-z0-9+.-]{{0,20}}:)?/{{2,}}{_REST}*
    | (?<![a-z0-9])(?:javascript|data|vbscript|mailto|file|tel):{_REST}+
    | www\.{_REST}*
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
    | (?<![a-z0-9.-])(?:[a-z0-9-]{{1,63}}\.){{1,4}}[a-z]{{2,24}}/{_REST}*""",
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)
_MARKDOWN = re.compile(r"^\s*(?:(?:#{1,6}|[-*•+>]|\d{1,2}[.)])\s+)+|\*\*|__|~~|`+")
_SQUARE = str.maketrans("[]［］【】", "()（）〔〕")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a reply, cleaned; `lead` is what divides it from the one before it."""

    text: str
    lead: str

    @property
    def marks(self) -> tuple[int, ...]:
        """The marks in it, in order, none twice."""
        return tuple(dict.fromkeys(int(mark) for mark in MARK.findall(self.text)))

    @property
    def says_something(self) -> bool:
        """Whether it holds a word beside its marks."""
        return _WORD.search(MARK.sub("", self.text)) is not None


class Draft:
    """Takes a reply in pieces and gives its statements, each once it is whole."""

    def __init__(self) -> None:
        self._held = ""
        self._lead = ""

    def add(self, piece: str) -> Iterator[Statement]:
        """The statements that are whole now that `piece` has come."""
        for character in piece:
            if character == "[":
                self._held = self._held.removesuffix("!")  # of an image: it ends no sentence
            self._held += character
            if character == "\n" or len(self._held) >= LONGEST:
                yield from self.finish()
                self._lead = "\n" if character == "\n" else self._lead
            elif whole := self._whole():
                yield from self._release(whole)

    def finish(self) -> Iterator[Statement]:
        """What is left once the reply has ended."""
        while self._held.strip():
            yield from self._release(_first(self._held)[0] or len(self._held))
        self._held = ""

    def _whole(self) -> int:
        """Where the first sentence held ends, if another has surely begun; else 0."""
        stopped = _STOPPED.search(self._held[-40:])
        begun = _WORD.findall(stopped[1]) if stopped else ()
        if len(begun) != _CERTAIN or _OPEN_MARK.search(self._held) or _in_quotation(self._held):
            return 0
        end, more = _first(self._held)
        return end if more else 0

    def _release(self, end: int) -> Iterator[Statement]:
        raw, self._held = self._held[:end], self._held[end:]
        lead = "\n" if self._lead == "\n" else " " if raw[:1].isspace() else self._lead
        text = clean(raw)
        if _WORD.search(text):
            yield Statement(text, lead)
            self._lead = ""
        if raw[-1:].isspace():
            self._lead = self._lead or " "


def _first(held: str) -> tuple[int, bool]:
    """Where the first statement of a text ends (0: it has none), and whether more follow."""
    claims = split_claims(held)
    if not claims:
        return 0, False
    start = held.find(claims[0].sentence)
    return start + len(claims[0].sentence), len(claims) > 1


def _in_quotation(held: str) -> bool:
    return held.count("“") > held.count("”") or held.count('"') % 2 == 1


def clean(text: str) -> str:
    """Plain text: marks as `[1]`, and no link, image, HTML, Markdown or invisible character.

    Cleaning twice changes nothing, so that nothing can hide in what cleaning leaves.
    """
    while (cleaned := _clean_once(text)) != text:
        text = cleaned
    return text


def _clean_once(text: str) -> str:
    text = html.unescape(text)
    text = "".join(" " if c.isspace() else c for c in text if c.isspace() or is_visible(c))
    text = _TAG.sub("", text)
    text = _IMAGE.sub("", _ANY_MARK.sub(_marks, text))
    text = _MARKDOWN.sub("", _URL.sub("", _LINK.sub(_label, text)))
    pieces = re.split(r"(\[\d{1,4}\])", text)
    text = "".join(p if MARK.fullmatch(p) else p.translate(_SQUARE) for p in pieces)
    # Behind a mark, ( and : would make a link of it wherever Markdown is read.
    text = re.sub(r"(?<=\d\])(?=[(:])", " ", text)
    return " ".join(text.split())


def _marks(match: re.Match[str]) -> str:
    return "".join(f"[{int(mark)}]" for mark in re.findall(r"\d+", match[1]))


def _label(match: re.Match[str]) -> str:
    """What a link says, without where it leads; a mark stays a mark."""
    return f"[{match[1]}]" if re.fullmatch(r"\d{1,4}", match[1]) else match[1]
