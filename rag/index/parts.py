"""What a segment holds for each language: vectors, lexicon, and columns to filter by."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from rag.errors import LedgerError
from rag.index.encoder import Vectors
from rag.index.lexicon import Lexicon, Terms
from rag.index.packing import Row, pack_day
from rag.index.service import NOTE, Service, ServiceStore
from rag.index.vectors import VectorStore
from rag.types import Language

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


class _Columns:
    """What a segment holds of one language, as its rows come in: flat, to take little memory."""

    def __init__(self) -> None:
        self.keys = array("q")
        self.published = array("q")
        self.page = array("q")
        self.terms = Terms()
        self._vectors = bytearray()

    def add(self, row: Row) -> None:
        self.keys.append(row.key)
        self.published.append(pack_day(row.published))
        self.page.append(row.page or 0)
        self.terms.add(row.terms)
        self._vectors += row.vector.tobytes()

    def take_vectors(self) -> Vectors:
        """The vectors (passages, dimensions), which are not held any more."""
        taken, self._vectors = self._vectors, bytearray()
        return np.frombuffer(taken, np.float32).reshape(len(self.keys), -1)


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
    by_language: dict[Language, _Columns] = {}
    for row in rows:
        by_language.setdefault(row.language, _Columns()).add(row)
    vectors = {language: columns.take_vectors() for language, columns in by_language.items()}
    if service:
        ServiceStore.build(folder / VECTORS, vectors, service, tick)
    else:
        VectorStore.build(folder / VECTORS, vectors, tick)
    vectors.clear()
    for language, columns in by_language.items():
        place = folder / language
        place.mkdir()
        for name in ("keys", "published", "page"):
            np.save(place / f"{name}.npy", np.array(getattr(columns, name), np.int64))
        Lexicon.build(place / "lexicon", columns.terms)
    return sum(len(columns.keys) for columns in by_language.values())
