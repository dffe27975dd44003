"""`names.toml`: names that no rule connects, looked up from either language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag.language import words
from rag.retrieve.syllables import HYPHENS, plain, read_pinyin
from rag.romanise import index_term

# In Chinese the words of these sections are names by sound as well; of the others only long ones,
# for 政协 and 证协 sound alike.
_BY_SOUND = ("places", "people")
_SECTIONS = ("places", "institutions", "people", "countries")
_MARKED = re.compile(r"\[([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of a section: its forms in either language, and the index terms that find it."""

    section: str
    chinese: tuple[str, ...]
    english: tuple[str, ...]
    chinese_terms: tuple[str, ...]
    english_terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The list read: `english` leads from a `key` to places in `entries`."""

    entries: tuple[Entry, ...]
    english: dict[str, tuple[int, ...]]
    traps: frozenset[str]
    _chinese: dict[str, int]
    _pattern: re.Pattern[str]

    def in_chinese(self, text: str) -> Iterator[tuple[str, Entry]]:
        """The listed names in a Chinese text, in order, the longest where several fit."""
        for match in self._pattern.finditer(text):
            yield match.group(), self.entries[self._chinese[match.group()]]

    def of(self, section: str) -> Iterator[Entry]:
        """The names of one section: `places`, `institutions`, `people` or `countries`."""
        return (entry for entry in self.entries if entry.section == section)


def key(text: str) -> str:
    """English spellings that differ in marks, spaces or plurals have one key: Tse-tung, Tsetung."""
    cleaned = re.sub(f"[{HYPHENS}']", "", plain(text).removesuffix("'s"))
    return "".join(re.sub(r"(?<=[a-z]{3}[^s])s$", "", word) for word in cleaned.split())


@cache
def gazetteer() -> Gazetteer:
    """The list, read once."""
    raw = tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))
    traps = frozenset(raw["traps"]["words"].split())
    entries: list[Entry] = []
    english: dict[str, tuple[int, ...]] = {}
    chinese: dict[str, int] = {}
    for section in _SECTIONS:
        for left, right in raw[section].items():
            entry = _entry(section, tuple(left.split()), tuple(right.split(", ")), traps)
            for form in dict.fromkeys(key(form) for form in entry.english):
                english[form] = (*english.get(form, ()), len(entries))
            chinese.update(dict.fromkeys(entry.chinese, len(entries)))
            entries.append(entry)
    pattern = re.compile("|".join(sorted(chinese, key=lambda form: (-len(form), form))))
    return Gazetteer(tuple(entries), english, traps, chinese, pattern)


def _entry(
    section: str, chinese: tuple[str, ...], english: tuple[str, ...], traps: frozenset[str]
) -> Entry:
    han = [_word(form) for form in chinese]
    by_sound = [index_term(form) for form in han if section in _BY_SOUND or len(form) > 2]
    found = [term for form in english for term in _english_terms(section, form)]
    kept = [term for term in found if term not in traps]
    return Entry(
        section,
        chinese,
        tuple(_MARKED.sub(r"\1", form) for form in english),
        tuple(dict.fromkeys(term for term in (*han, *by_sound) if term)),
        tuple(dict.fromkeys(kept or found)),
    )


def _word(form: str) -> str:
    """The form as the index holds it: whole, or its longest word where it is cut."""
    cut = words(form)
    return form if form in cut or not cut else max(cut, key=len)


def _english_terms(section: str, form: str) -> list[str]:
    marked = _MARKED.findall(form)
    if marked:
        return [longest(part) for part in marked]
    parts = form.split()
    if len(parts) == 1:
        curly = (form.replace("'", "’"), form.replace("'", "")) if "'" in form else ()
        return [longest(spelled) for spelled in (form, *curly)]
    if section != "people":
        return []
    readings = [read_pinyin(part) for part in parts]
    whole = "".join("".join(reading[0]) for reading in readings) if all(readings) else ""
    return [term for term in (longest(parts[-1]), whole) if len(term) > 2]


def longest(text: str) -> str:
    """The word of English text that a hyphenated name is best known by: Tse-tung, tung."""
    return max(reversed(words(text) or [""]), key=len)
