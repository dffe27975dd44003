"""Vectors made elsewhere: shards, and a local Ray that writes them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fakes import WatchedEncoder, cut_short

from rag.archive import Archive
from rag.errors import IndexMismatch, JiubaoError, NotFound

pytest.importorskip("pyarrow", reason="needs pyarrow: pip install 'jiubao[ray]'")
from rag.index.shards import ShardedEncoder, Shards, write_shard

Make = Callable[..., Archive]
TEXTS = ["钢铁生产。", "Steel is made.", "昨天北京下了一场大雪。"]


@pytest.fixture
def folder(tmp_path: Path, encoder: WatchedEncoder) -> Path:
    """Two shards: the first two texts, and the third."""
    place = tmp_path / "shards"
    place.mkdir()
    for name, texts in (("a", TEXTS[:2]), ("b", TEXTS[2:])):
        vectors = encoder.encode_passages(texts)
        path = place / f"{name}.parquet"
        write_shard(path, encoder.fingerprint, [f"id {text}" for text in texts], texts, vectors)
    return place


def test_a_passage_gets_the_vector_of_its_own_text(folder: Path, encoder: WatchedEncoder) -> None:
    sharded = ShardedEncoder(encoder, Shards(folder, encoder))
    asked = [TEXTS[2], "还没有人编码过这一句。", TEXTS[0]]
    vectors = sharded.encode_passages(asked)
    assert vectors == pytest.approx(encoder.encode_passages(asked), abs=1e-3)  # float16 is kept
    assert sharded.found == 2
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-2)


def test_nothing_half_written_is_taken_for_a_shard(folder: Path, encoder: WatchedEncoder) -> None:
    (folder / ".draft-x").write_bytes(b"PAR1")
    assert len(Shards(folder, encoder)) == 3


def test_shards_of_another_encoder_are_refused(folder: Path, encoder: WatchedEncoder) -> None:
    write_shard(folder / "c.parquet", "other:384:1", ["id"], ["x"], encoder.encode_passages(["x"]))
    with pytest.raises(IndexMismatch, match="other:384:1"):
        Shards(folder, encoder)


def test_a_damaged_shard_is_named(folder: Path, encoder: WatchedEncoder) -> None:
    cut_short(folder / "b.parquet")
    with pytest.raises(JiubaoError, match=r"b\.parquet is damaged"):
        Shards(folder, encoder)


def test_vectors_that_are_none_are_not_taken_in(folder: Path, encoder: WatchedEncoder) -> None:
    nothing = np.full((1, encoder.dimension), np.nan, np.float32)
    write_shard(folder / "c.parquet", encoder.fingerprint, ["id"], ["y"], nothing)
    shards = Shards(folder, encoder)
    with pytest.raises(JiubaoError, match=r"c\.parquet is damaged"):
        shards.vector("y")


def test_no_shards(tmp_path: Path, encoder: WatchedEncoder) -> None:
    with pytest.raises(NotFound):
        Shards(tmp_path, encoder)


RUN = """
import sys
from pathlib import Path
from rag.config import Settings
from rag.index import scale
scale.GROUP = 2
import ray
ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, _node_ip_address="127.0.0.1")
settings = Settings(home=Path(sys.argv[1]) / "none", device="cpu", precision=sys.argv[3])
done = scale.encode_shards([Path(sys.argv[2])], Path(sys.argv[1]) / "out", settings, workers=2)
print(done.written, done.kept, done.failed)
"""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_workers_of_a_local_ray(
    make_archive: Make, seeds: Path, tmp_path: Path, encoder: WatchedEncoder
) -> None:
    """What they write, an ingest takes in without encoding a passage; run again, nothing is done.

    The five articles have two languages, so that their sentences are encoded here to be aligned.
    """
    pytest.importorskip("ray", reason="needs ray: pip install 'jiubao[ray]'")
    precision = str(next(encoder.model.parameters()).dtype).removeprefix("torch.")
    said = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", RUN, str(tmp_path), str(seeds), precision],
            capture_output=True, text=True, check=False, cwd=seeds.parent, timeout=280,
            # Ray's workers are nice by default, and would starve beside other tests.
            env={**os.environ, "RAY_worker_niceness": "0"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        said.append(done.stdout.split()[-3:])
    assert said == [["3", "0", "0"], ["0", "3", "0"]]

    there, here = make_archive("there"), make_archive("here")
    sharded = ShardedEncoder(encoder, Shards(tmp_path / "out", encoder))
    there.encoder = sharded
    report = there.ingest([seeds])
    here.ingest([seeds])
    assert sharded.found >= report.passages > 0
    assert [p.passage_id for p in there.passages()] == [p.passage_id for p in here.passages()]
    question = "天津市红桥区提出了多少件技术革新建议？"
    found = [[hit.passage.passage_id for hit in a.search(question, 3)] for a in (there, here)]
    assert found[0] == found[1]
