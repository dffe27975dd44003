"""What a segment holds for each language: vectors, lexicon, and columns to filter by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from rag.errors import LedgerError
from rag.index.ledger import Row
from rag.index.lexicon import Lexicon
from rag.index.service import NOTE, Service, ServiceStore
from rag.index.vectors import VectorStore
from rag.types import LANGUAGES, Language

VECTORS = "chroma"


def open_store(folder: Path, service: Service | None) -> VectorStore | ServiceStore:
    """A store by what its folder holds: a segment stays where it was built.

    Raises:
        LedgerError: it does not open, or lies in a service and none is named.
    """
    if not (folder / NOTE).exists():
        return VectorStore(folder)
    if service is None:
        raise LedgerError(
            "the vectors are in a service, and JIUBAO_CHROMA names none", "run `jiubao rebuild`"
        )
    return ServiceStore(folder, service)


def write_segment(
    folder: Path,
    rows: Iterable[Row],
    tick: Callable[[int], None] | None,
    service: Service | None,
) -> int:
    """Writes the passages of `rows` into `folder`; how many.

    Raises:
        LedgerError: the service fails.
    """
    by_language: dict[Language, list[Row]] = {language: [] for language in LANGUAGES}
    for row in rows:
        by_language[row.language].append(row)
    vectors = {
        language: np.stack([row.vector for row in found])
        for language, found in by_language.items()
        if found
    }
    if service:
        ServiceStore.build(folder / VECTORS, vectors, service, tick)
    else:
        VectorStore.build(folder / VECTORS, vectors, tick)
    for language, found in by_language.items():
        if not found:
            continue
        place = folder / language
        place.mkdir()
        np.save(place / "keys.npy", np.array([row.key for row in found], np.int64))
        dates = [int(row.published.strftime("%Y%m%d")) for row in found]
        np.save(place / "published.npy", np.array(dates, np.int64))
        np.save(place / "page.npy", np.array([row.page or 0 for row in found], np.int64))
        Lexicon.build(place / "lexicon", [row.terms for row in found])
    return sum(map(len, by_language.values()))
