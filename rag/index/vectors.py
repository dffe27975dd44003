"""Vectors on disk: the one door to Chroma.

A store is written once, in a folder of its own, and never touched again: Chroma's files are
rewritten in place, and a process killed while it adds can leave a collection that never opens.
One collection a language, since Chroma's metadata filters scan. A vector's id is its row in what
the store was built from.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import LedgerError
from rag.types import Language

Rows = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]

# Chroma takes at most 5,461 records a call.
_BATCH = 5_000
_NAME = "passages-"
# Chroma brings no graph of one record to disk: it writes an empty one anew with every reader's
# first query. So a lone record has a twin, which is never found.
_TWIN = "twin"
_REMEDY = "run `jiubao rebuild`"
# One thread for Chroma's background tasks. Where two of them count the idle connections of its
# SQLite pool at once, one may count round for ever, and closing waits for it (sqlx issue 3645:
# once in some tens of thousands of stores opened). Searching and building are done elsewhere.
_WORKERS = {"TOKIO_WORKER_THREADS": "1"}
# Chroma counts the clients of a folder, but does not open and close them in one step.
_OPENING = threading.RLock()
_HNSW = {"space": "ip", "ef_construction": 200, "ef_search": 400, "max_neighbors": 32}


class VectorStore:
    """A store opened for reading; closed when the last who holds it lets go of it."""

    def __init__(self, folder: Path) -> None:
        """Opens the store in `folder`.

        Raises:
            LedgerError: it does not open.
        """
        try:
            client = _client(folder)
            self._close = weakref.finalize(self, _close, client)
            self._collections = {c.name.removeprefix(_NAME): c for c in client.list_collections()}
        except Exception as error:  # Chroma raises many kinds, from Rust and from SQLite
            raise LedgerError(
                f"the vector store {folder} does not open: {error}", _REMEDY
            ) from error

    @staticmethod
    def build(
        folder: Path,
        vectors: Mapping[Language, Vectors],
        tick: Callable[[int], None] | None = None,
    ) -> None:
        """Writes a store of one collection a language and closes it; `tick` hears each batch."""
        client = _client(folder)
        for language, rows in vectors.items():
            collection = client.create_collection(
                _NAME + language,
                configuration={"hnsw": {**_HNSW, **_synced_once(len(rows))}},
                embedding_function=None,
            )
            for start in range(0, len(rows), _BATCH):
                batch = rows[start : start + _BATCH]
                collection.add(ids=[str(start + i) for i in range(len(batch))], embeddings=batch)
                if tick:
                    tick(len(batch))
            if len(rows) == 1:
                collection.add(ids=[_TWIN], embeddings=rows)
        _close(client)
        _freeze(folder / "chroma.sqlite3")

    def query(self, language: Language, vector: Vectors, k: int) -> tuple[Rows, Vectors]:
        """The `k` nearest of a language: rows and cosines, nearest first.

        Raises:
            LedgerError: Chroma fails.
        """
        collection = self._collections.get(language)
        if collection is None or k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        try:
            found: Any = collection.query(
                query_embeddings=[vector], n_results=max(k, 2), include=["distances"]
            )
        except Exception as error:  # of many kinds, from Rust
            raise LedgerError(f"the vector store does not answer: {error}", _REMEDY) from error
        near = zip(found["ids"][0], found["distances"][0], strict=True)
        kept = [(int(name), 1 - distance) for name, distance in near if name != _TWIN][:k]
        rows, cosines = zip(*kept, strict=True) if kept else ((), ())
        return np.array(rows, np.int64), np.array(cosines, np.float32)

    def close(self) -> None:
        """Lets go of the store's files at once."""
        self._close()


def _synced_once(count: int) -> dict[str, int]:
    """Settings by which the graph goes to disk once, with the last record.

    Chroma's default writes the whole graph every 1,000 records and leaves the rest in its log.
    """
    return {"sync_threshold": max(count, 2), "batch_size": max(min(count, 100), 2)}


def _freeze(database: Path) -> None:
    """Keeps Chroma from writing a line into its SQLite file whenever it opens it.

    So the file stays as it was sealed, and damage to it is found before Chroma opens it: a
    character that is none makes Chroma's Rust end the process.
    """
    connection = sqlite3.connect(database)
    connection.execute(
        "CREATE TRIGGER frozen BEFORE INSERT ON acquire_write BEGIN SELECT RAISE(IGNORE); END"
    )
    connection.close()


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False, allow_reset=False)
    with _OPENING:
        os.environ.update(_WORKERS)  # read whenever a client is made
        return chromadb.PersistentClient(str(folder), settings=settings)


def _close(client: Any) -> None:
    with _OPENING:
        client.close()
