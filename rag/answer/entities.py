"""The names of a statement against the quotes it cites, in either script. Pure.

English: capitalised words. Chinese: listed names, words the dictionary gives by their sound, and
words no dictionary has. A name stands where it is written so, under another of its listed names
(Peking, 北京), or by its sound (Liao Shigang, 廖世刚; Wade-Giles too).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence, Set

from rag.answer.countries import ABBREVIATED, called, countries_of
from rag.answer.proper import proper_names
from rag.answer.spelled import LATIN, Spelled, bare, given_stands, grouped, sounds, stand_in_row
from rag.answer.wordmatch import Lexis, holds, root
from rag.language import HAN, fold, han_words, stem
from rag.retrieve.dictionary import translations
from rag.retrieve.gazetteer import gazetteer, key
from rag.retrieve.names import name_groups
from rag.retrieve.syllables import read_pinyin, read_wade
from rag.romanise import pinyin, simplified, syllables
from rag.surnames import SURNAMES
from rag.types import Language, Question, Support

_HAN_WORD = re.compile(f"[{HAN}]{{2,}}")
_PLACE = re.compile(f"(?![全各本该某这那此整一两几])([{HAN}]{{2}})(?:市|县|区|省|镇|乡|村)")
_REGIONS = re.compile("华[北东南中]|[东西][北南]|中南")
_DIGITS = frozenset("〇一二三四五六七八九十百千万亿两")
# Capitalised words that are no names: months are dates, titles name nobody.
_NO_NAMES_WORDS = """
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday i a an the this that these those
    it its he she they we you in on at by for from of to with as and or but if when while
    after before during since under over between among according no not one two three four
    five six seven eight nine ten mr mrs ms dr comrade jan feb mar apr jun jul aug sep sept
    oct nov dec both all each every some many most more however there his her their our
    although through because people's people’s daily article page
"""
NO_NAMES = frozenset(_NO_NAMES_WORDS.split())
# Before another name they are surnames.
_PRONOUNS = frozenset({"he", "she", "you"})
_SURNAME_NEXT = re.compile(r" [A-Z]")
_LONGEST_LISTED = 5
# Surnames that more often are something else where no dictionary knows the word.
_SURNAMES = SURNAMES - set("全区万和时师计路水平方相都关连强支满")
# Those that alone more often are a word of another kind: towards, become, should.
_PARTICLES = frozenset("向于曾成应常原别由")


def check_names(text: str, held: Spelled, lexis: Lexis) -> Iterator[tuple[Support, str]]:
    """What is wrong with the names of a statement."""
    text = simplified(text)
    found = list(LATIN.finditer(text))
    stood = _listed_phrases([key(match.group()) for match in found], lexis)
    stood |= _countries_stood([bare(match.group()) for match in found], held, lexis)
    for name, sure in _latin_names(found, stood):
        if not latin_stands(name, held, lexis):
            known = translations([stem(fold(name))], "zh")
            yield _missing(name, sure or (held.has_en and not known))
    for words in _beside(found, stood):
        if not stand_in_row(words, held):
            yield _missing(" ".join(words), not gazetteer().traps.issuperset(map(fold, words)))
    before = follows(text)
    for word, sure in han_names(text, held.has_zh):
        name = with_surname(word, before.get(word, ""), _SURNAMES - _PARTICLES)
        if not han_stands(name, held, lexis):
            yield _missing(name, sure)
    for country in called(text):
        if not _speaks_of({country}, held, lexis):
            yield _missing(country, True)


def _missing(name: str, sure: bool) -> tuple[Support, str]:
    if sure:
        return "unsupported", f"{name} does not stand in what is cited"
    return "partial", f"whether {name} stands in what is cited is not certain"


def _latin_names(found: Sequence[re.Match[str]], stood: Set[int]) -> Iterator[tuple[str, bool]]:
    """Capitalised words, and whether nothing but a name is written so.

    Args:
        found: the words of a text.
        stood: the places of those that stand as parts of a name.
    """
    for place, match in enumerate(found):
        word = bare(match.group())
        lower = fold(word)
        if not word[0].isupper() or lower in NO_NAMES or place in stood:
            continue
        sure = is_name(word)
        opens = place == 0 and not sure and not countries_of(word)
        if opens and _known_form(lower):
            continue
        yield word, sure


def _beside(found: Sequence[re.Match[str]], stood: Set[int]) -> Iterator[list[str]]:
    """Capitalised words side by side that read as Chinese syllables, one of them as a single one.
    A listed place names something by itself, and after its owner (China's) begins another name.

    Args:
        found, stood: as of `_latin_names`.
    """
    runs: list[list[str]] = [[]]
    end = 0
    for place, match in enumerate(found):
        word = bare(match.group())
        named = word[0].isupper() and (fold(word) in _PRONOUNS or fold(word) not in NO_NAMES)
        if match.start() != end + 1 or not match.string[end].isspace():
            runs.append([])
        if named and place not in stood and not _is_place(word):
            runs[-1].append(word)
        else:
            runs.append([])
        end = match.end() if word == match.group() else 0
    groups = (group.split() for run in runs for group in grouped(run))
    yield from (words for words in groups if len(words) > 1)


def _is_place(word: str) -> bool:
    lines = gazetteer().english.get(key(word), ())
    return any(gazetteer().entries[line].section in ("places", "countries") for line in lines)


def _listed_phrases(keys: Sequence[str], lexis: Lexis) -> set[int]:
    """The places of words whose listed name of several words stands in Chinese."""
    stood: set[int] = set()
    listed = gazetteer()
    for size in range(2, _LONGEST_LISTED + 1):
        for at in range(len(keys) - size + 1):
            for line in listed.english.get("".join(keys[at : at + size]), ()):
                if any(form in lexis.zh_text for form in listed.entries[line].chinese):
                    stood.update(range(at, at + size))
    return stood


def _countries_stood(words: Sequence[str], held: Spelled, lexis: Lexis) -> set[int]:
    """The places of two words that name a country together which stands: South Korean."""
    pairs = [f"{one} {other}" for one, other in itertools.pairwise(words)]
    there = [at for at, pair in enumerate(pairs) if _speaks_of(countries_of(pair), held, lexis)]
    return {place for at in there for place in (at, at + 1)}


def _known_form(lower: str) -> bool:
    forms = {stem(lower), root(lower), lower.removesuffix("ly"), lower.removesuffix("ing")}
    return bool(translations(forms, "zh"))


def is_name(word: str) -> bool:
    """Whether a word is listed as a name, or reads as Chinese syllables and is no English word."""
    spelling = key(word)
    if spelling in gazetteer().english:
        return True
    lower = stem(fold(word))
    if lower in gazetteer().traps:
        return False
    known = translations([lower], "zh").get(lower, {})
    read = next(iter(read_pinyin(word) or read_wade(word)), ())
    if len(read) < 2:
        return False
    flat = "".join(read)
    return not known or any(pinyin(term).startswith(flat) for term in known)


def names_in_order(text: str, language: Language) -> Iterator[tuple[int, int, str, str]]:
    """The names of a text that could change places: start, end, kind (a section of the list,
    `people` for any other) and what is the same for equal names. None overlaps another."""
    found = _in_han(simplified(text)) if language == "zh" else _in_latin(text)
    last = 0
    for name in sorted(found, key=lambda name: (name[0], -name[1])):
        if name[0] >= last:
            yield name
            last = name[1]


def _in_latin(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Listed names whole; of others' words the last, by which they are called as well."""
    found = list(LATIN.finditer(text))
    keys, listed, at = [key(match.group()) for match in found], gazetteer(), 0
    while at < len(found):
        sizes = range(min(_LONGEST_LISTED, len(found) - at), 0, -1)
        known = ((size, listed.english.get("".join(keys[at : at + size]), ())) for size in sizes)
        size, lines = next(((size, lines) for size, lines in known if lines), (1, ()))
        start, end, word = found[at].start(), found[at + size - 1].end(), found[at].group()
        at += size
        if not word[0].isupper() or fold(word) in NO_NAMES:
            continue
        if lines:
            entry = listed.entries[lines[0]]
            yield start, end, entry.section, entry.english[0]
        elif not _SURNAME_NEXT.match(text, end):
            yield start, end, "people", keys[at - 1]


def _in_han(text: str) -> Iterator[tuple[int, int, str, str]]:
    for name in dict.fromkeys(name for name, _ in han_names(text, has_zh=True)):
        entry = dict(gazetteer().in_chinese(name)).get(name)
        if entry or name in proper_names() or name[0] in _SURNAMES:
            kind, same = (entry.section, entry.chinese[0]) if entry else ("people", name)
            for match in re.finditer(name, text):
                yield match.start(), match.end(), kind, same


def latin_stands(name: str, held: Spelled, lexis: Lexis) -> bool:
    """Whether an English name stands in the quotes."""
    lower = stem(fold(name))
    here = not held.keys.isdisjoint((key(name), lower))
    here = here or _speaks_of(countries_of(name), held, lexis)
    if here or key(name) in ABBREVIATED:
        return here
    listed = gazetteer()
    lines = listed.english.get(key(name), ())
    if lines:
        entries = [listed.entries[line] for line in lines]
        return any(
            any(form in lexis.zh_text for form in entry.chinese)
            or any(key(form) in held.keys for form in entry.english)
            for entry in entries
        )
    if "-" in name and all(latin_stands(part, held, lexis) for part in name.split("-") if part):
        return True
    if held.has_zh and sounds(name, held):
        return True
    if is_name(name):
        groups = name_groups(Question(name, "en", names=(name,)), "en")
        return any(term in held.keys for group in groups for term in group)
    return holds(lower, lexis)


def _speaks_of(names: Iterable[str], held: Spelled, lexis: Lexis) -> bool:
    """Whether one of a country's Chinese names stands in the quotes, or what it is called by."""
    return any(name in lexis.zh_text or name in held.countries for name in names)


def han_names(text: str, has_zh: bool) -> Iterator[tuple[str, bool]]:
    """Names in a Chinese text, and whether they are names beyond doubt."""
    listed = dict.fromkeys(form for form, _ in gazetteer().in_chinese(text) if len(form) > 1)
    yield from ((form, True) for form in listed)
    covered = "|".join(listed)
    regions = dict.fromkeys(_REGIONS.findall(text))
    yield from ((region, True) for region in regions if region not in covered)
    for match in _PLACE.finditer(text):
        if match[1] not in covered:
            yield match[1], False
    cut = (word for run in _HAN_WORD.findall(text) for word in han_words(run))
    known = dict.fromkeys(word for word in cut if len(word) > 1)
    table = translations(known, "en")
    for word in known:
        if word in covered or _REGIONS.match(word) or not _DIGITS.isdisjoint(word):
            continue
        if word in proper_names():
            yield word, True
        elif word not in table:
            before = text[max(0, text.find(word) - 1) : text.find(word)]
            if len(word) in (2, 3) and word[0] in _SURNAMES:
                yield word, has_zh or len(word) == 3
            elif len(word) == 2 and before in _SURNAMES:
                yield word, False
        elif any(len(t) > 3 and pinyin(word).startswith(t) for t in table[word]):
            yield word, True


def follows(text: str) -> dict[str, str]:
    """The words of a Chinese text, each with the word before it."""
    cut = (han_words(run) for run in _HAN_WORD.findall(text))
    return {word: before for words in cut for before, word in itertools.pairwise(words)}


def with_surname(name: str, before: str, surnames: Set[str]) -> str:
    """A given name behind the surname that the cutter has cut off it: 黄 and 荣昌.

    Args:
        before: the word before it.
    """
    if len(name) != 2 or before not in surnames:
        return name
    listed = any(form == name for form, _ in gazetteer().in_chinese(name))
    is_word = name not in proper_names() and translations([name], "en")  # 中欧关系
    return name if listed or is_word else before + name


def han_stands(name: str, held: Spelled, lexis: Lexis) -> bool:
    """Whether a Chinese name stands in the quotes."""
    if name in lexis.zh_text or name in held.countries:
        return True
    if short := called(name):  # 中美 are two
        return all(_speaks_of({country}, held, lexis) for country in short)
    listed = dict(gazetteer().in_chinese(name))
    if name in listed:
        entry = listed[name]
        return _speaks_of(entry.chinese, held, lexis) or any(
            key(form) in held.keys for form in entry.english
        )
    if _REGIONS.fullmatch(name):  # 西北 is "northwest China", and China alone says nothing
        known = translations([name], "en").get(name, {})
        return any(term in lexis.en for term in known if not term.startswith("chin"))
    if held.has_en:
        readings = syllables(name)
        whole = any("".join(reading) in held.keys for reading in readings)
        if whole or (
            len(name) > 2
            and any(given_stands(surname, "".join(given), held) for surname, *given in readings)
        ):
            return True
    return holds(name, lexis)
