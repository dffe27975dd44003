"""Vectors made elsewhere, in Parquet files: written by `rag.index.scale`, taken in by `ingest`.

A vector is found by the text it was made from (its SHA-256), so that a passage gets the vector of
exactly what the encoder would see here, however the files were split up there. Each file names the
encoder that filled it; another's is refused.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.errors import IndexMismatch, JiubaoError, NotFound
from rag.index.encoder import Encoder
from rag.index.packing import pack_vector, unpack_vector
from rag.index.whole import written_whole

Vectors = npt.NDArray[np.float32]
Hashes = npt.NDArray[np.uint64]

SUFFIX = ".parquet"
_INSTALL = "install it with pip install 'jiubao[ray]'"
_OPEN = 16  # files whose vectors are held at a time; an ingest meets them in order


def write_shard(
    path: Path, encoder: str, ids: Sequence[str], texts: Sequence[str], vectors: Vectors
) -> None:
    """Writes the vectors of passages, whole or not at all.

    Args:
        encoder: fingerprint of the encoder.
        ids: of the passages, for whoever reads the file.
        texts: what the encoder saw of each.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "text_sha256": pa.array([_sha256(text) for text in texts], pa.binary(32)),
            "passage_id": pa.array(ids, pa.string()),
            "vector": pa.array([pack_vector(row) for row in vectors], pa.binary()),
        }
    ).replace_schema_metadata({"encoder": encoder})
    with written_whole(path) as draft:
        pq.write_table(table, draft)


class Shards:
    """All shards in a folder; holds 12 bytes a passage, and the vectors of a few files."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Reads what the shards hold, without the vectors.

        Raises:
            NotFound: the folder holds none.
            IndexMismatch: a shard was made with another encoder.
            JiubaoError: one is damaged, or pyarrow is not installed.
        """
        try:
            import pyarrow.parquet as pq
        except ImportError as error:
            raise JiubaoError("reading shards needs pyarrow", _INSTALL) from error
        self._files = sorted(folder.glob(f"*{SUFFIX}"))
        if not self._files:
            raise NotFound(f"there are no shards in {folder}", "name the folder `encode` wrote to")
        self._dimension = encoder.dimension
        self._held: OrderedDict[int, dict[bytes, bytes]] = OrderedDict()
        hashes, owners = [], []
        for number, path in enumerate(self._files):
            try:
                schema = pq.read_schema(path)
                column = pq.read_table(path, columns=["text_sha256"]).column(0).to_pylist()
            except (OSError, ValueError, KeyError) as error:  # pyarrow's own are among them
                raise _damaged(path) from error
            made_with = (schema.metadata or {}).get(b"encoder", b"").decode("utf-8", "replace")
            if made_with != encoder.fingerprint:
                raise IndexMismatch(
                    f"{path} was made with {made_with or 'an unknown encoder'}, "
                    f"not {encoder.fingerprint}",
                    "encode with the same JIUBAO_ENCODER, or leave --vectors out",
                )
            hashes.append(np.array([_short(key) for key in column], np.uint64))
            owners.append(np.full(len(column), number, np.int32))
        every, owner = np.concatenate(hashes), np.concatenate(owners)
        order = np.argsort(every, kind="stable")
        self._hashes: Hashes = every[order]
        self._owners = owner[order]

    def __len__(self) -> int:
        return len(self._hashes)

    def vector(self, text: str) -> Vectors | None:
        """The vector (dimension,) of a text, None where no shard has it.

        Raises:
            JiubaoError: the shard is damaged.
        """
        key = _sha256(text)
        short = np.uint64(_short(key))
        start, end = (np.searchsorted(self._hashes, short, side) for side in ("left", "right"))
        for number in self._owners[start:end].tolist():
            if found := self._rows(number).get(key):
                vector = unpack_vector(found)
                if vector.shape != (self._dimension,) or not np.isfinite(vector).all():
                    raise _damaged(self._files[number])
                return vector
        return None

    def _rows(self, number: int) -> dict[bytes, bytes]:
        import pyarrow.parquet as pq

        if number not in self._held:
            path = self._files[number]
            try:
                table = pq.read_table(path, columns=["text_sha256", "vector"])
            except (OSError, ValueError, KeyError) as error:
                raise _damaged(path) from error
            keys, vectors = (table.column(name).to_pylist() for name in table.column_names)
            self._held[number] = dict(zip(keys, vectors, strict=True))
            if len(self._held) > _OPEN:
                self._held.popitem(last=False)
        self._held.move_to_end(number)
        return self._held[number]


class ShardedEncoder(Encoder):
    """An encoder that looks passages up in shards, and encodes what is in none.

    `found` counts the passages that were.
    """

    def __init__(self, encoder: Encoder, shards: Shards) -> None:
        self.__dict__.update(encoder.__dict__)  # the same model, loaded once
        self._shards = shards
        self.found = 0

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Vectors (n, dimension) of what is searched; `progress` hears how many are encoded."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        missing = []
        for number, text in enumerate(texts):
            known = self._shards.vector(text)
            if known is None:
                missing.append(number)
            else:
                vectors[number] = known
        if missing:
            vectors[missing] = super().encode_passages([texts[i] for i in missing], progress)
        self.found += len(texts) - len(missing)
        return vectors


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _short(key: bytes) -> int:
    return int.from_bytes(key[:8], "little")


def _damaged(path: Path) -> JiubaoError:
    return JiubaoError(f"the shard {path} is damaged", "delete it and run `jiubao encode` again")
