"""The names of a question -> index terms of another language, script or spelling. Pure.

A group is a tuple of alternative index terms that count as one term. Names go over by rule, for
people and places no list knows (pinyin, Wade-Giles: `rag.retrieve.syllables`), and by the list of
`names.toml` where no rule leads (Chungking, Khrushchev, Politburo).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.language import HAN, words
from rag.retrieve.gazetteer import gazetteer, key, longest
from rag.retrieve.syllables import HYPHENS, Reading, plain, read_pinyin, read_wade
from rag.romanise import index_term, pinyin, simplified, syllables
from rag.surnames import (
    DOUBLE_SURNAMES,
    SURNAMES,
    as_surname,
    double_surname_readings,
    surname_readings,
)
from rag.types import Language, Question

# Index terms that one name may go under.
Spellings = tuple[str, ...]

# Alternatives of one name, names of one question: enough for any that is not built to be slow.
_MOST_TERMS = 16
_MOST_GROUPS = 64
_LATIN = re.compile(
    rf"[^\W\d_{HAN}]+[1-5]?(?:(?:[{HYPHENS}'’‘ʻʼ`´]|(?<=[1-5]))[^\W\d_{HAN}]+[1-5]?)*['’]?"
)
_HAN_RUN = re.compile(f"[{HAN}]+")
_GAP = re.compile(r"[\s.]*")
_LIST_WINDOW = 5
_TITLE = 4  # syllables, each written by itself, that are no person's name

# What follows a place's name, and the character it ends in.
_KINDS = {
    "district": ("qu",), "city": ("shi",), "municipality": ("shi",), "municipal": ("shi",),
    "county": ("xian",), "province": ("sheng",), "provincial": ("sheng",), "river": ("he", "jiang"),
    "mountain": ("shan",), "lake": ("hu",), "village": ("cun",), "town": ("zhen",),
    "township": ("xiang",), "prefecture": ("zhou",), "bridge": ("qiao",), "island": ("dao",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the question: its spellings in the other language, and its own words, which need
    not be looked for one by one besides; none where they are other words as well. `native` tells
    a Chinese surname beside a given name, that cannot be a foreign name as well."""

    spellings: Spellings
    words: frozenset[str]
    native: bool


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of the question in Latin letters; `named` if it stands in one of its names."""

    text: str
    start: int
    end: int
    named: bool


def name_groups(question: Question, target: Language) -> list[Spellings]:
    """Groups of index terms of `target` for the names in the question, in order, none twice.

    Terms are as `rag.language.words` gives them; in Chinese there is also "~" and pinyin, as
    `rag.romanise.index_term` gives it. In the question's own language only other spellings are
    given: a group that says no more than the question's own words is left out.
    """
    return [name.spellings for name in read_names(question, target)]


def read_names(question: Question, target: Language) -> list[Name]:
    """The groups of `name_groups`, each with the words of the question that it stands for."""
    latin = (
        (group, _explained(tokens), _is_native(tokens))
        for tokens, group in _latin_groups(question, target)
    )
    han = _han_to_zh(question) if target == "zh" else _han_to_en(question.text)
    own = set(words(question.text))
    found: dict[Spellings, Name] = {}
    for group, explained, native in (*latin, *((group, frozenset[str](), False) for group in han)):
        terms = tuple(dict.fromkeys(term for term in group if term))[:_MOST_TERMS]
        if terms and not set(terms) <= own:
            before = found[terms].words if terms in found else frozenset()
            found[terms] = Name(terms, explained | before, native)
    return list(itertools.islice(found.values(), _MOST_GROUPS))


def _explained(tokens: Iterable[_Token]) -> frozenset[str]:
    """The words of a name in Latin letters that are no English words (Long, Gang) besides."""
    traps = gazetteer().traps
    several = sum(token.named for token in tokens) > 1  # Gang is a word, Gang Chen is none
    named = (t.text for t in tokens if t.named and (several or plain(t.text) not in traps))
    return frozenset(word for text in named for word in words(text))


def _is_native(tokens: Sequence[_Token]) -> bool:
    """Whether words are a surname and a given name, or a given name of two syllables and a
    surname."""
    if len(tokens) < 2:
        return False
    first, *_, last = [_read_alone(token) for token in tokens]
    turned = len(tokens) == 2 and any(len(reading) == 2 for reading in first)
    return _has_surname(first) or (turned and _has_surname(last))


def _has_surname(readings: Iterable[Reading]) -> bool:
    return any(len(reading) == 1 and reading[0] in surname_readings() for reading in readings)


def _latin_groups(
    question: Question, target: Language
) -> Iterator[tuple[Sequence[_Token], Spellings]]:
    """The words and spellings of names: listed ones first, wherever they stand; what is left is
    read by syllables."""
    tokens = _tokens(question)
    listed = gazetteer()
    used: set[int] = set()
    keys = [key(token.text) for token in tokens]
    for start in range(len(tokens)):
        for size in range(min(_LIST_WINDOW, len(tokens) - start), 0, -1):
            window = tokens[start : start + size]
            lines = listed.english.get("".join(keys[start : start + size]), ())
            if lines and start not in used and _adjoin(question.text, window):
                used.update(range(start, start + size))
                yield window, _listed(lines, target)
                break
    for stretch in _stretches(question.text, tokens, used):
        yield from _read_stretch(stretch, question.text, target)


def _tokens(question: Question) -> list[_Token]:
    named = {match.group() for name in question.names for match in _LATIN.finditer(name)}
    return [
        _Token(match.group(), match.start(), match.end(), match.group() in named)
        for match in _LATIN.finditer(question.text)
    ]


def _adjoin(text: str, tokens: Sequence[_Token]) -> bool:
    pairs = itertools.pairwise(tokens)
    return all(_GAP.fullmatch(text, left.end, right.start) for left, right in pairs)


def _listed(lines: Iterable[int], target: Language) -> Spellings:
    entries = [gazetteer().entries[line] for line in lines]
    if target == "en":
        return tuple(term for entry in entries for term in entry.english_terms)
    return tuple(term for entry in entries for term in entry.chinese_terms)


def _stretches(text: str, tokens: list[_Token], used: set[int]) -> Iterator[list[_Token]]:
    """Neighbouring words that all read as syllables in one of the two systems."""
    stretch: list[_Token] = []
    systems = {"pinyin", "wade"}
    for number, token in enumerate(tokens):
        found = set() if number in used else _systems(token)
        if stretch and (not found & systems or not _adjoin(text, [stretch[-1], token])):
            yield stretch
            stretch, systems = [], {"pinyin", "wade"}
        if found:
            stretch.append(token)
            systems &= found
    if stretch:
        yield stretch


def _systems(token: _Token) -> set[str]:
    """How a word may be read; nothing for English words that only look like it."""
    spelled = plain(token.text)
    alone = spelled in gazetteer().traps
    ways = {"pinyin": read_pinyin(token.text), "wade": read_wade(token.text)}
    found = {name for name, readings in ways.items() if readings}
    if token.named:
        short = any(len(reading) == 1 for readings in ways.values() for reading in readings)
        return set() if alone and not short else found
    parts = re.split(f"[{HYPHENS}]", spelled)
    if "'" not in spelled and not gazetteer().traps.isdisjoint(parts):
        return set()
    return found if "'" in spelled or len(parts) > 1 else found & {"pinyin"}


def _read_stretch(
    stretch: list[_Token], text: str, target: Language
) -> Iterator[tuple[Sequence[_Token], Spellings]]:
    """People (a surname of one syllable beside a given name) together, places by themselves; a
    title spelled by syllables (San Guo Yan Yi) whole, or any four neighbours of a longer one."""
    sizes = [min(map(len, _readings([token]))) for token in stretch]
    at = 0
    while at < len(stretch):
        single = sum(1 for _ in itertools.takewhile(lambda size: size == 1, sizes[at:]))
        if single >= _TITLE:
            starts = range(at, at + single - _TITLE + 1)
            parts = [stretch[start : start + _TITLE] for start in starts]
            spelled = (term for part in parts for term in _terms(part, (), target))
            yield stretch[at : at + single], tuple(spelled)
            at += single
            continue
        take = _person(stretch[at:], sizes[at:])
        kinds = _kinds(text, stretch[at].end) if take == 1 else ()
        name = stretch[at : at + take]
        yield name, _terms(name, kinds, target)
        at += take


def _person(stretch: Sequence[_Token], sizes: list[int]) -> int:
    """How many words at the head of the stretch are one name."""
    if sizes[:3] == [1, 1, 1]:
        return 3
    if sizes[:2] in ([1, 1], [1, 2]):
        return 2
    if len(sizes) > 1 and sum(sizes[:2]) <= 4 and _joined(stretch[0]) in double_surname_readings():
        return 2
    return 2 if sizes == [2, 1] else 1


def _kinds(text: str, end: int) -> Spellings:
    """The syllables that a place's name ends in where `District` or the like follows it."""
    gap = _GAP.match(text, end)
    after = _LATIN.match(text, gap.end()) if gap else None
    return _KINDS.get(after.group().lower(), ()) if after else ()


def _readings(tokens: Sequence[_Token]) -> list[tuple[Reading, ...]]:
    """Every way to read the words together, one reading a word, the likeliest first."""
    spelled = " ".join(plain(token.text) for token in tokens)
    # Whoever writes one apostrophe leaves out none.
    loose = "'" not in spelled
    in_pinyin = _together(read_pinyin(token.text)[:3] for token in tokens)
    in_wade = _together(read_wade(token.text, loose) for token in tokens)
    if "'" in spelled or any(hyphen in spelled for hyphen in HYPHENS):
        return in_wade + in_pinyin
    # Two plain syllables that can be pinyin are pinyin: else Li Peng would be Li Beng, too.
    if in_pinyin and (len(in_pinyin[0]) == 1 or sum(map(len, in_pinyin[0])) < 3):
        return in_pinyin
    return in_pinyin + in_wade


def _read_alone(token: _Token) -> list[Reading]:
    return [*read_pinyin(token.text), *read_wade(token.text)]


def _together(readings: Iterable[tuple[Reading, ...]]) -> list[tuple[Reading, ...]]:
    return list(itertools.islice(itertools.product(*readings), _MOST_TERMS))


def _terms(tokens: Sequence[_Token], kinds: Spellings, target: Language) -> Spellings:
    """A name whole, with what it may end in, and its given name alone (黄 and 荣昌 are cut)."""
    whole: list[str] = []
    given: list[str] = []
    for way in _readings(tokens):
        flat = tuple(itertools.chain(*way))
        orders = [flat]
        front = "".join(flat[:2])
        if [len(part) for part in way] == [2, 1] and front not in double_surname_readings():
            orders.insert(0, (*way[1], *way[0]))  # Shigang Liao
        for order in orders:
            if 2 <= len(order) <= 4:
                whole += ("".join((first, *order[1:])) for first in as_surname(order[0]))
            if len(order) < 4:
                whole += ("".join(order) + kind for kind in kinds)
        if front in double_surname_readings():
            given += ["".join(flat[2:])] if len(flat) == 4 else []
        elif len(flat) == 3 and orders[0][0] in surname_readings():
            given.append("".join(orders[0][1:]))
    terms = dict.fromkeys((*whole, *given))
    if target == "zh":
        return tuple(f"~{term}" for term in dict.fromkeys(whole))
    spelled = longest(tokens[-1].text)
    return tuple(_safe(dict.fromkeys((*terms, spelled)))) if terms else ()


def _joined(token: _Token) -> str:
    return "".join(next(iter(read_pinyin(token.text)), ()))


def _safe(terms: Iterable[str]) -> Iterator[str]:
    """The index terms of spellings that English text holds only as names."""
    traps = gazetteer().traps
    for spelling in terms:
        if len(spelling) > 2 and spelling not in traps and len(found := words(spelling)) == 1:
            yield found[0]


def _han_to_zh(question: Question) -> Iterator[Spellings]:
    """Simplified words for Traditional ones, and other names of the same."""
    text = simplified(question.text)
    for _, entry in gazetteer().in_chinese(text):
        yield entry.chinese_terms if len(entry.chinese) > 1 else ()
    before = set(words(question.text)) if question.language == "zh" else set()
    for run in _HAN_RUN.findall(text):
        for word in words(run):
            if word not in before:
                yield (word, index_term(word))


def _han_to_en(text: str) -> Iterator[Spellings]:
    """Listed names, and other Chinese words as English text would spell them."""
    text = simplified(text)
    listed = list(gazetteer().in_chinese(text))
    yield from (entry.english_terms for _, entry in listed)
    covered = "|".join(found for found, _ in listed)
    before = ""
    for word in words(text):
        if 2 <= len(word) <= 4 and _HAN_RUN.fullmatch(word) and word not in covered:
            yield tuple(_safe(dict.fromkeys(_romanised(word, before))))
        before = word


def _romanised(word: str, before: str) -> Iterator[str]:
    """A word in one piece; a name of three also without its surname, or with the one before it."""
    for reading in syllables(word)[:2]:
        yield "".join(reading)
        marked = "".join(f"'{s}" if at and s[0] in "aeo" else s for at, s in enumerate(reading))
        if "'" in marked:
            yield from (marked, marked.replace("'", "’"))
        if len(word) == 3 and word[0] in SURNAMES:
            yield "".join(reading[1:])
        elif len(word) == 4 and word[:2] in DOUBLE_SURNAMES:
            yield "".join(reading[2:])
        elif len(word) == 2 and before in SURNAMES:
            yield pinyin(before) + "".join(reading)
