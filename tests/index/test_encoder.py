"""Encoders of other kinds than the bundled one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import (
    Pooling,
    StaticEmbedding,
    Transformer,
)
from threadpoolctl import threadpool_info
from tokenizers import Regex, Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3Model

from rag.errors import ModelError
from rag.index.encoder import STEP, Encoder

LETTERS = [*"\n[] :abcdefghijklmnopqrstuvwxyzIFQ", *map(chr, range(0x4E00, 0x9FA6)), "。", "？"]
TEXTS = ["天津有多少工人？", "厂。", "重庆的工人提出了很多建议。" * 3]


def _tokenizer() -> Tokenizer:
    words = {word: number for number, word in enumerate(["[PAD]", "[UNK]", *LETTERS])}
    tokenizer = Tokenizer(models.WordLevel(words, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    return tokenizer


def test_numpy_s_threads_leave_the_cores_to_the_encoder() -> None:
    Encoder.load(device="cpu")
    threads = [pool["num_threads"] for pool in threadpool_info() if "numpy" in pool["filepath"]]
    assert threads == [1]


def test_passages_are_read_in_few_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = Encoder.load(device="cpu")
    shapes: list[tuple[int, ...]] = []
    hook = encoder.model[0].register_forward_pre_hook(
        lambda _, given: shapes.append(tuple(given[0]["input_ids"].shape))
    )
    texts = ["红桥区" * number for number in range(1, 120)]
    encoder.encode_passages(texts)
    hook.remove()
    assert {width % STEP for _, width in shapes} == {0}
    # No text is padded past what a model takes.
    monkeypatch.setattr(encoder.model[0], "max_seq_length", 100)
    assert Encoder(encoder.model, "short")._step == 4


def test_a_decoder_that_reads_behind_an_instruction(tmp_path: Path) -> None:
    """As Qwen3-Embedding is: padded on the left, the last token's vector, instructed to find."""
    PreTrainedTokenizerFast(
        tokenizer_object=_tokenizer(), pad_token="[PAD]", unk_token="[UNK]", padding_side="left"
    ).save_pretrained(tmp_path / "plain")
    torch.manual_seed(7)
    sizes = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 2, "head_dim": 16}
    heads = {"num_attention_heads": 2, "num_key_value_heads": 1, "vocab_size": len(LETTERS) + 2}
    Qwen3Model(Qwen3Config(**sizes, **heads)).save_pretrained(tmp_path / "plain")
    modules = [Transformer(str(tmp_path / "plain")), Pooling(32, "lasttoken")]
    prompts = {"query": "Instruct: find\nQuery:", "document": ""}
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(tmp_path / "it"))

    encoder = Encoder.load(str(tmp_path / "it"), "cpu", "float32")
    read = encoder.encode_passage_tokens(TEXTS)
    assert [len(one.tokens) for one in read] == [*map(len, TEXTS)]
    together, alone = encoder.encode_passages(TEXTS), encoder.encode_passages(TEXTS[1:2])
    assert np.array([one.vector for one in read]) == pytest.approx(together, abs=1e-5)
    assert alone[0] == pytest.approx(together[1], abs=1e-5)
    asked = encoder.encode_query_tokens(TEXTS[0])
    assert len(asked.tokens) == len(TEXTS[0])
    assert asked.vector == pytest.approx(encoder.encode_queries(TEXTS[:1])[0], abs=1e-5)
    assert not np.allclose(asked.vector, read[0].vector, atol=0.01)  # it was instructed


def test_static_vectors_are_refused(tmp_path: Path) -> None:
    weights = torch.ones(len(LETTERS) + 2, 8)
    model = SentenceTransformer(
        modules=[StaticEmbedding(_tokenizer(), embedding_weights=weights)], device="cpu"
    )
    model.save(str(tmp_path / "static"))
    with pytest.raises(ModelError, match=r"is no transformer.*JIUBAO_ENCODER=bundled"):
        Encoder.load(str(tmp_path / "static"), "cpu", "float32")
