"""How names are spelled in some quotes, and whether a romanised one stands there. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answer.countries import spoken_of
from rag.language import HAN, fold, stem
from rag.retrieve.gazetteer import key
from rag.retrieve.syllables import read_pinyin, read_wade
from rag.romanise import both_readings
from rag.surnames import as_surname, surname_readings

LATIN = re.compile(rf"[^\W\d_{HAN}]+(?:[-'’‘ʼ.][^\W\d_{HAN}]+)*")
_HAN_WORD = re.compile(f"[{HAN}]{{2,}}")
_LONGEST_PHRASE = 3
_MOST_READINGS = 24
_MOST_WORDS = 4  # of one name


@dataclass(frozen=True, slots=True)
class Spelled:
    """How names stand in some quotes: `keys` of English words and of neighbours run together,
    the sounds of the Chinese characters in a row, and the countries they speak of by other words
    than their Chinese names."""

    keys: frozenset[str]
    sounds: str
    countries: frozenset[str]
    has_en: bool
    has_zh: bool


def spelled(zh: str, en: str) -> Spelled:
    """The names' spellings of quotes, given their Chinese and their English text."""
    latin = LATIN.findall(f"{en}\n{zh}")  # Chinese, too, writes ChatGPT so
    keys = {key(word) for word in latin} | {stem(fold(word)) for word in latin}
    for size in range(2, _LONGEST_PHRASE + 1):
        keys |= {key("".join(latin[at : at + size])) for at in range(len(latin) - size + 1)}
    sounds = [" ".join(way) for run in _HAN_WORD.findall(zh) for way in both_readings(run)]
    return Spelled(
        frozenset(keys),
        f" {' | '.join(sounds)} ",
        spoken_of(zh, [bare(word) for word in latin]),
        bool(en),
        bool(zh),
    )


def bare(word: str) -> str:
    """An English word that owns nothing: China's."""
    return word.removesuffix("'s").removesuffix("’s")


def grouped(words: Sequence[str]) -> Iterator[str]:
    """Neighbouring words that read as Chinese syllables together, others alone."""
    stretch: list[str] = []
    for word in (*words, ""):
        if word and (read_pinyin(word) or read_wade(word)):
            stretch.append(word)
            continue
        sizes = [len((read_pinyin(w) or read_wade(w))[0]) for w in stretch]
        if len(stretch) > 1 and 1 in sizes:
            yield " ".join(stretch)
        else:
            yield from stretch
        stretch = []
        if word:
            yield word


def stand_together(words: Sequence[str], held: Spelled) -> bool:
    """Whether words that read as Chinese syllables stand side by side, in either order."""
    orders = [tuple(words), tuple(reversed(words))] if len(words) == 2 else [tuple(words)]
    for order in orders:
        if key("".join(order)) in held.keys:
            return True
        readings = itertools.product(*((*read_pinyin(w)[:3], *read_wade(w)[:3]) for w in order))
        for reading in itertools.islice(readings, _MOST_READINGS):
            first, *rest = itertools.chain(*reading)
            if "".join((first, *rest)) in held.keys:
                return True
            if any(f" {' '.join((one, *rest))} " in held.sounds for one in as_surname(first)):
                return True
    return False


def stand_in_row(words: Sequence[str], held: Spelled) -> bool:
    """Whether neighbouring words can be cut into names that stand: Tangshan and Li Qiang. A word of
    one syllable names nobody alone: its sound stands in almost any text."""
    stands = [True]
    for end in range(1, len(words) + 1):
        starts = (start for start in range(max(0, end - _MOST_WORDS), end) if stands[start])
        stands.append(any(_names_one(words[start:end], held) for start in starts))
    return stands[-1]


def _names_one(words: Sequence[str], held: Spelled) -> bool:
    if len(words) == 1:
        return len((read_pinyin(words[0]) or read_wade(words[0]))[0]) > 1
    return stand_together(words, held)


def given_stands(surname: str, given: str, held: Spelled) -> bool:
    """Whether a given name stands in English behind or before its surname, or with none beside it.

    Args:
        surname: its sound, as `given` is one.
    """
    if given not in held.keys:
        return False
    beside = [s for s in surname_readings() if s + given in held.keys or given + s in held.keys]
    return not beside or surname in beside


def sounds(name: str, held: Spelled) -> bool:
    """Whether a romanised word's syllables stand in a row in the Chinese."""
    readings = (*read_pinyin(name), *read_wade(name))
    return any(f" {' '.join(reading)} " in held.sounds for reading in readings)
