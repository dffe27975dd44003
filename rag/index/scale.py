"""Files -> shards of vectors on many machines: the one door to Ray.

Articles go out in groups; each group is one task of an actor that holds the model, and one Parquet
file. A file is named after what is in the group and after the encoder: run again, only what is
missing is encoded. The folder must be one that all machines write to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass
from operator import add
from pathlib import Path
from typing import Any

from rag.config import Settings
from rag.corpus.reader import read_article
from rag.corpus.walker import SourceFile, count_files, walk
from rag.errors import JiubaoError, UnreadableFile
from rag.index.encoder import Encoder
from rag.index.prepare import CHUNKING, Cut
from rag.index.shards import SUFFIX, write_shard

GROUP = 500  # articles a shard: about 2,000 passages, half a minute of one core's work
_AHEAD = 2  # groups that wait for each actor


@dataclass(frozen=True, slots=True)
class Encoded:
    """What was done: shards written, shards that were there, passages written, files not read."""

    written: int = 0
    kept: int = 0
    passages: int = 0
    failed: int = 0

    def __add__(self, other: Encoded) -> Encoded:
        return Encoded(*map(add, astuple(self), astuple(other)))


class Worker:
    """Reads, cuts and encodes groups of articles; holds one model."""

    def __init__(self, settings: Settings) -> None:
        self._length = settings.passage_tokens
        self._encoder = Encoder.load(
            settings.encoder, settings.device, settings.precision, settings.cache
        )

    def encode(self, files: Sequence[SourceFile], out: Path) -> Encoded:
        """Writes the shard of a group, unless it is there."""
        name = hashlib.sha256(
            f"{self._encoder.fingerprint}|{CHUNKING}:{self._length}".encode()
            + b"".join(hashlib.sha256(file.data).digest() for file in files)
        ).hexdigest()[:24]
        path = out / f"{name}{SUFFIX}"
        if path.exists():
            return Encoded(kept=1)
        cuts, failed = [], 0
        for file in files:
            try:
                article = read_article(file.data, file.source)
            except UnreadableFile:  # `ingest` names it, and why
                failed += 1
                continue
            cuts.append(Cut.of(article, self._encoder, self._length))
        passages = [(passage, seen) for cut in cuts for passage, seen, _ in cut.passages]
        texts = [seen for _, seen in passages]
        vectors = self._encoder.encode_passages(texts)
        ids = [passage.passage_id for passage, _ in passages]
        write_shard(path, self._encoder.fingerprint, ids, texts, vectors)
        return Encoded(written=1, passages=len(texts), failed=failed)


def encode_shards(
    paths: Sequence[Path],
    out: Path,
    settings: Settings,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Encoded:
    """Encodes what lies at `paths` into Parquet files in `out`, on the cluster Ray finds.

    Args:
        workers: actors, each with a core or, with `device` cuda, a GPU of its own.
        progress: hears how many files of how many are done.

    Raises:
        NotFound: a path is not there.
        JiubaoError: Ray is not installed, or an actor fails.
    """
    try:
        import ray
    except ImportError as error:
        remedy = "install it with pip install 'jiubao[ray]'"
        raise JiubaoError("encoding on a cluster needs ray", remedy) from error
    total = sum(count_files(path) for path in paths)
    out.mkdir(parents=True, exist_ok=True)
    if not ray.is_initialized():
        ray.init(include_dashboard=False, log_to_driver=False, configure_logging=False)
    gpus = 1 if settings.device.startswith("cuda") else 0
    actor = ray.remote(num_cpus=1, num_gpus=gpus, max_restarts=2, max_task_retries=2)(Worker)
    pool = [actor.remote(settings) for _ in range(workers)]
    waiting: dict[Any, tuple[int, int]] = {}
    done, encoded = 0, Encoded()

    def collect() -> None:
        nonlocal done, encoded
        (ready, *_), _ = ray.wait(list(waiting), num_returns=1)
        files, number = waiting.pop(ready)
        done, encoded = done + files, encoded + ray.get(ready)
        free.append(number)
        if progress:
            progress(done, total)

    free = [number for number in range(workers) for _ in range(_AHEAD)]
    try:
        for group in _groups(paths):
            if not free:
                collect()
            number = free.pop(0)
            task = pool[number].encode.remote(group, out.absolute())
            waiting[task] = (len(group), number)
        while waiting:
            collect()
    except ray.exceptions.RayError as error:
        reason = str(error).strip().splitlines()[-1]
        remedy = "run the same command again: finished shards are kept"
        raise JiubaoError(f"a worker failed: {reason}", remedy) from error
    finally:
        for each in pool:
            ray.kill(each)
    return encoded


def _groups(paths: Sequence[Path]) -> Iterator[list[SourceFile]]:
    group: list[SourceFile] = []
    for path in paths:
        for file in walk(path):
            if not file.error:
                group.append(file)
            if len(group) == GROUP:
                yield group
                group = []
    if group:
        yield group
