"""Texts read in one row are read as they are alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import XLMRobertaConfig, XLMRobertaModel

from rag.config import cache_folder
from rag.index import encoder as encoding
from rag.index.bundled import bundled_folder
from rag.index.encoder import Encoded, Encoder
from rag.index.packed import Row, can_pack, read_packed

TEXTS = [
    "",
    "天津市红桥区工业职工提出了二十多万件技术革新建议。",
    "Yes.",
    " lead and trail \n 全角　空格",
    "重庆建设机床厂在今年第一季度里，革新能手廖世刚连续实现六十多项重大技术革新。" * 30,
    "Thirteen factories in the city have completed their 1956 profit plans ahead of schedule.",
    "Yes.",
]


def loaded(precision: str) -> Encoder:
    return Encoder.load("bundled", "cpu", precision)


def padded(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> list[Encoded]:
    with monkeypatch.context() as patch:
        patch.setattr(encoding, "can_pack", lambda model: False)
        return encoder.encode_passage_tokens(TEXTS)


@pytest.mark.parametrize(("precision", "off"), [("float32", 1e-4), ("bfloat16", 2e-2)])
def test_packing_changes_nothing_but_rounding(
    precision: str, off: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = loaded(precision)
    assert can_pack(encoder.model)
    expected, found = padded(encoder, monkeypatch), encoder.encode_passage_tokens(TEXTS)
    for one, other in zip(expected, found, strict=True):
        assert one.tokens.shape == other.tokens.shape
        assert other.vector == pytest.approx(one.vector, abs=off)
        lengths = np.linalg.norm(one.tokens, axis=1) * np.linalg.norm(other.tokens, axis=1)
        assert ((one.tokens * other.tokens).sum(axis=1) >= (1 - off) * lengths).all()
    assert len(found[4].tokens) > 400  # cut where the model cuts it


def test_the_prompt_is_that_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model may call the prompt of what is searched otherwise, or have one for all."""
    encoder = loaded("float32")
    for prompts, fallback in (({"passage": "say: "}, None), ({"all": "any: "}, "all"), ({}, None)):
        encoder.model.prompts, encoder.model.default_prompt_name = prompts, fallback
        expected = padded(encoder, monkeypatch)
        for one, other in zip(expected, encoder.encode_passage_tokens(TEXTS), strict=True):
            assert one.tokens.shape == other.tokens.shape
            assert other.vector == pytest.approx(one.vector, abs=1e-4)


def test_texts_in_a_row_are_blind_to_each_other() -> None:
    encoder = loaded("float32")
    ids = encoder.model.tokenizer(["passage: 天津", "passage: no", "passage: 天津"])["input_ids"]
    alone = read_packed(encoder.model, ids[:1])[0]
    first, _, last = read_packed(encoder.model, ids)
    for row in (first, last):
        assert row.ids == ids[0]
        assert row.tokens == pytest.approx(alone.tokens, abs=1e-4)
        assert row.vector == pytest.approx(alone.tokens.mean(axis=0), abs=1e-4)


def test_a_row_is_padded_to_a_multiple() -> None:
    encoder = loaded("float32")
    texts = [[0, 5, 6, 2], [0, 7, 2]]
    read: list[int] = []
    hook = encoder.model[0].model.embeddings.register_forward_pre_hook(
        lambda _, __, given: read.append(given["input_ids"].shape[1]), with_kwargs=True
    )
    alone, padded = read_packed(encoder.model, texts), read_packed(encoder.model, texts, 16)
    hook.remove()
    assert read == [7, 16]
    for one, other in zip(alone, padded, strict=True):
        assert other.ids == one.ids
        assert other.tokens == pytest.approx(one.tokens, abs=1e-4)
        assert other.vector == pytest.approx(one.vector, abs=1e-4)


def test_a_model_that_counts_positions_from_its_padding(tmp_path: Path) -> None:
    """XLM-RoBERTa gives its first token the position behind the padding's number."""
    torch.manual_seed(5)
    config = XLMRobertaConfig(
        vocab_size=250_040, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=66, pad_token_id=1,
    )  # fmt: skip
    XLMRobertaModel(config).eval().save_pretrained(tmp_path)
    SentenceTransformer(str(bundled_folder(cache_folder()))).tokenizer.save_pretrained(tmp_path)
    transformer = Transformer(str(tmp_path), max_seq_length=60)
    model = SentenceTransformer(modules=[transformer, Pooling(16, "mean")], device="cpu")
    texts = ["天津", "Thirteen factories in the city", "重庆建设机床厂"]
    assert can_pack(model)
    rows = read_packed(model, model.tokenizer(texts)["input_ids"])
    for text, row in zip(texts, rows, strict=True):
        assert row.vector == pytest.approx(model.encode(text), abs=1e-5)


def test_what_is_not_the_mean_of_all_tokens_is_not_packed() -> None:
    model = loaded("float32").model
    model[1].include_prompt = False
    assert not can_pack(model)
    model[1].include_prompt = True
    model[1] = Pooling(384, "cls")
    assert not can_pack(model)


def test_a_text_given_twice_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder, rows = loaded("float32"), []

    def counted(model: SentenceTransformer, ids: list[list[int]], step: int) -> list[Row]:
        rows.extend(ids)
        return read_packed(model, ids, step)

    monkeypatch.setattr(encoding, "read_packed", counted)
    found = encoder.encode_passage_tokens(TEXTS)
    assert (len(rows), len(found)) == (len(TEXTS) - 1, len(TEXTS))
    assert found[2].vector.tolist() == found[6].vector.tolist() != found[1].vector.tolist()
