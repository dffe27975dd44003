"""Vectors in a Chroma service: the same store as `rag.index.vectors`, kept by a server.

Spoken over Chroma's REST interface (v2) and not through its HttpClient, which waits for ever. A
store is a collection a language, named after the folder it was built in, written once and never
touched again; in the folder stands only a note of the collections, which is sealed and named in
the catalog like any file of a segment. The keyword index stays on the machine.

Chroma's own server asks nobody who they are: run it on loopback, or behind a proxy that does.
Keys come from the environment alone: CHROMA_API_KEY (Chroma Cloud's), and CHROMA_HEADERS, a JSON
object of headers that a proxy wants.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import numpy as np
import numpy.typing as npt

from rag.errors import ConfigError, LedgerError
from rag.types import Language

if TYPE_CHECKING:
    from rag.config import Settings

log = logging.getLogger("jiubao")

Rows = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]

NOTE = "service.json"
_BATCH = 1_000  # records a request: about 8 MB of JSON
_HNSW = {"space": "ip", "ef_construction": 200, "ef_search": 400, "max_neighbors": 32}
_REMEDY = "see that it runs and JIUBAO_CHROMA names it; `jiubao rebuild` fills an empty one"


@dataclass(frozen=True, slots=True)
class Service:
    """Where the service is and how long to wait for it, in seconds."""

    url: str
    tenant: str = "default_tenant"
    database: str = "default_database"
    connect_seconds: float = 10
    answer_seconds: float = 60

    @classmethod
    def of(cls, settings: Settings) -> Service | None:
        """The service that the settings name, None where vectors stay on this machine.

        Raises:
            ConfigError: the address is none, or holds a password.
        """
        if not settings.chroma:
            return None
        parts = urlsplit(settings.chroma)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError("setting `chroma` is no http:// or https:// address", "mend it")
        if parts.username or parts.password:
            raise ConfigError(
                "setting `chroma` holds a password", "put it into CHROMA_HEADERS instead"
            )
        return cls(
            settings.chroma.rstrip("/"),
            settings.chroma_tenant,
            settings.chroma_database,
            settings.connect_seconds,
            settings.chroma_seconds,
        )

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """What the service answers to a request below its database, as JSON.

        Raises:
            LedgerError: it is not reached in time, or refuses.
            ConfigError: CHROMA_HEADERS is no JSON object.
        """
        import httpx2

        place = f"/api/v2/tenants/{quote(self.tenant)}/databases/{quote(self.database)}/{path}"
        limit = httpx2.Timeout(self.answer_seconds, connect=self.connect_seconds)
        try:
            answer = httpx2.request(
                method, self.url + place, json=body, headers=_headers(), timeout=limit
            )
            if answer.is_success:
                return answer.json() if answer.content else None
        except (httpx2.HTTPError, ValueError) as error:
            reason = type(error).__name__  # its text may show what was sent
            raise LedgerError(f"the service at {self.url} fails: {reason}", _REMEDY) from None
        raise LedgerError(f"the service at {self.url} answers {answer.status_code}", _REMEDY)


class ServiceStore:
    """A store in a service, as its note in `folder` names it. Asked only when searched."""

    def __init__(self, folder: Path, service: Service) -> None:
        """Reads the note.

        Raises:
            LedgerError: it is not readable.
        """
        self._service = service
        try:
            note = json.loads((folder / NOTE).read_text("utf-8"))
            self._collections = {language: str(of["id"]) for language, of in note.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise LedgerError(f"{folder / NOTE} is damaged", "run `jiubao rebuild`") from error

    @staticmethod
    def build(
        folder: Path,
        vectors: Mapping[Language, Vectors],
        service: Service,
        tick: Callable[[int], None] | None = None,
    ) -> None:
        """Fills a collection a language and notes them in `folder`; `tick` hears each batch.

        Raises:
            LedgerError: the service fails; what was begun is taken out again if it lets us.
        """
        folder.mkdir()
        note: dict[str, dict[str, str]] = {}

        def write() -> None:
            (folder / NOTE).write_text(json.dumps(note), "utf-8")

        try:
            for language, rows in vectors.items():
                # Noted before it is there: what a killed process leaves can be swept.
                note[language] = {"name": f"jiubao-{folder.parent.name}-{language}", "id": ""}
                write()
                wanted = {"name": note[language]["name"], "configuration": {"hnsw": _HNSW}}
                note[language]["id"] = service.call("POST", "collections", wanted)["id"]
                write()
                for start in range(0, len(rows), _BATCH):
                    part = rows[start : start + _BATCH]
                    ids = [str(start + i) for i in range(len(part))]
                    records = {"ids": ids, "embeddings": part.tolist()}
                    service.call("POST", f"collections/{note[language]['id']}/add", records)
                    if tick:
                        tick(len(part))
        except BaseException:
            forget(folder, service)
            (folder / NOTE).unlink(missing_ok=True)
            raise

    def query(self, language: Language, vector: Vectors, k: int) -> tuple[Rows, Vectors]:
        """The `k` nearest of a language: rows and cosines, nearest first.

        Raises:
            LedgerError: the service fails.
        """
        if language not in self._collections or k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        found = self._service.call(
            "POST",
            f"collections/{self._collections[language]}/query",
            {"query_embeddings": [vector.tolist()], "n_results": k, "include": ["distances"]},
        )
        try:
            rows = np.array([int(i) for i in found["ids"][0]], np.int64)
            return rows, 1 - np.array(found["distances"][0], np.float32)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            url = self._service.url
            raise LedgerError(f"{url} does not answer as Chroma does", _REMEDY) from error

    def close(self) -> None:
        """Nothing is held open."""


def forget(folder: Path, service: Service) -> None:
    """Takes the collections that a store's note names out of the service.

    Where the service fails, they stay in it: nobody asks them any more.
    """
    if not (folder / NOTE).exists():
        return
    try:
        note = json.loads((folder / NOTE).read_text("utf-8"))
        for collection in note.values():
            service.call("DELETE", f"collections/{quote(collection['name'])}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, LedgerError) as error:
        log.warning("collections of %s may be left in the service: %s", folder.parent.name, error)


def _headers() -> dict[str, str]:
    headers: dict[str, str] = {}
    if given := os.environ.get("CHROMA_HEADERS"):
        try:
            headers = {str(name): str(value) for name, value in json.loads(given).items()}
        except (ValueError, AttributeError):
            raise ConfigError("CHROMA_HEADERS is no JSON object of headers", "mend it") from None
    if key := os.environ.get("CHROMA_API_KEY"):
        headers["x-chroma-token"] = key
    return headers
