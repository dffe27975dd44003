"""The benchmark of taking in says in which precision each side runs. Its times are no test's."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval import bench_ingest
from eval.bench_ingest import PEERS, Facts, child
from rag.config import load_settings
from rag.index.encoder import Encoder


@pytest.fixture(scope="module")
def ours() -> str:
    """The precision that jiubao runs in on this processor."""
    chosen = load_settings()
    encoder = Encoder.load(chosen.encoder, chosen.device, chosen.precision, chosen.cache)
    return str(encoder.model.dtype).removeprefix("torch.")


@pytest.fixture
def one(tmp_path: Path, seeds: Path) -> Path:
    """A folder of one article."""
    file = min(seeds.glob("*.txt"))
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / file.name).write_bytes(file.read_bytes())
    return tmp_path / "one"


def side(name: str, folder: Path) -> Facts:
    return child("eval.bench_ingest", "--side", name, "--folder", str(folder))


def test_jiubaos_side_names_its_precision(one: Path, ours: str) -> None:
    said = side("ingest", one)
    assert said["how"].endswith(f", {ours}")
    assert said["pieces"] > 1


@pytest.mark.slow
@pytest.mark.skipif(not PEERS.is_dir(), reason="`make bench-ingest` installs LangChain's pipeline")
def test_the_pipeline_runs_as_it_loads_a_model_and_as_jiubao_does(one: Path, ours: str) -> None:
    as_loaded, alike = side("LangChain", one), side("LangChain, same precision", one)
    assert as_loaded["how"].endswith(", float32")
    if ours == "float32":
        assert "float32" in alike["skipped"]
    else:
        assert alike["how"].endswith(f", {ours}")
        assert alike["pieces"] == as_loaded["pieces"] > 0


def test_the_table_has_every_side(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def said(*arguments: str) -> Facts:
        name = arguments[arguments.index("--side") + 1]
        if name == "LangChain, same precision":
            return {"skipped": "not measured: float32 already"}
        return {"seconds": 2.0 if name == "ingest" else 5.0, "pieces": 1, "peak": 9, "how": "how"}

    def unpacked(folder: Path, _: int) -> Path:
        (folder / "a.md").write_text("一" * 10, "utf-8")
        return folder

    monkeypatch.setattr(bench_ingest, "child", said)
    monkeypatch.setattr(bench_ingest, "unpack", unpacked)
    table = bench_ingest._compare(tmp_path, 1)
    names, *_, ratios, _ = ([str(cell) for cell in column.cells] for column in table.columns)
    assert names == [
        "ingest (how)", "encoder (how)", "sentence-transformers (how)", "LangChain (how)",
        "LangChain, same precision",
    ]  # fmt: skip
    assert ratios == ["", "2.50 x", "2.50 x", "2.50 x", ""]
