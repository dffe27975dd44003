"""A text -> the terms under which the keyword index holds it.

Its words, names that the cutter has taken apart, and beside them what lets a question find them in
another script, spelling or language: "~" and the pinyin of a Chinese word or name, "^" and the
consonants of what may be a foreign name, and the value of a number that is written in other signs
than plain digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from rag.language import TOKENIZER, words
from rag.numerals import canonical, find_numerals
from rag.romanise import ROMANISER, index_term
from rag.surnames import split_names
from rag.transliteration import TRANSLITERATION, transliteration_terms

# Changing what an index holds changes this name.
TERMS = f"{TOKENIZER}+{ROMANISER}+{TRANSLITERATION}+numbers-2+names-2"


def index_terms(text: str) -> list[str]:
    """The terms of a text, words in order, then what stands for them."""
    found = [*words(text), *split_names(text)]
    return [
        *found,
        *_sounds(found),
        *transliteration_terms(text),
        *number_terms(text, found),
    ]


def standing(text: str, wanted: Set[str]) -> set[str]:
    """Those of `wanted` that are terms of a text; of all its terms no more is made than that
    takes."""
    found = [*words(text), *split_names(text)]
    signs = {term[:1] for term in wanted}
    terms = set(found)
    if "~" in signs:
        terms.update(_sounds(found))
    if "^" in signs:
        terms.update(transliteration_terms(text))
    if any(map(str.isdigit, signs)):
        terms.update(number_terms(text))
    return terms & wanted


def _sounds(found: Iterable[str]) -> Iterator[str]:
    """The pinyin of words, each behind "~"."""
    return filter(None, map(index_term, found))


def number_terms(text: str, known: Iterable[str] = ()) -> list[str]:
    """The values of a text's numbers, none twice: 二十多万 and "two hundred thousand" give
    "200000", 第六 and "6th" give "6". Small ones that say no place in a row are left out, being
    words more than numbers ("one of the", 三 in many names).

    Args:
        known: terms that the text has already.
    """
    values = {
        canonical(number).removeprefix("#")
        for number in find_numerals(text)
        if number.ordinal or number.value >= 10 or number.unit
    }
    return sorted(values - set(known))
