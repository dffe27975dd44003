"""Text -> vectors: the one door to sentence-transformers for embedding."""

from __future__ import annotations

import hashlib
import json
import math
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from rag.config import cache_folder
from rag.errors import ModelError, first_line
from rag.index.attention import register
from rag.index.batches import batches, packs, shared_out
from rag.index.bundled import NAME, bundled_folder
from rag.index.cores import alone, cores, keep_numpy_quiet
from rag.index.fastest import Way, fastest
from rag.index.packed import ROW, Row, can_pack, read_packed

Vectors = npt.NDArray[np.float32]
Part = TypeVar("Part")
# Which texts are read together, and what reads them.
_Plan = tuple[list[list[int]], Callable[[list[int]], list[Row]]]

# Names of prompts, in the library's order; behind them goes what it falls back on.
_PROMPTS = {"query": ("query",), "document": ("document", "passage", "corpus")}

# Tokens in one batch, padding counted: what keeps a CPU's caches, or a GPU, busy.
BATCH_TOKENS = {"cpu": 3072, "cuda": 131_072, "mps": 16_384}
# What the width of a batch of passages is a multiple of: for every new shape oneDNN writes its
# products anew, a fifth of the time of encoding. See docs/performance.md.
STEP = 16
# Tokens that are encoded, sorted by length and written together at the least.
_ORDINARY = 36_000
# Of every shape of batch torch keeps what it worked out for it, 1,024 of a kind unless told
# otherwise: 320 MB more after 600 articles, and nothing gained.
_SHAPES = {"LRU_CACHE_CAPACITY": "32", "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "64"}


class Encoded(NamedTuple):
    """A text's vector (dimension,) of unit length, and those of its tokens (tokens, dimension) as
    the model's last layer gives them, without prompt and markers."""

    vector: Vectors
    tokens: Vectors


class Encoder:
    """A sentence-transformers model with its prompts, precision and fingerprint.

    Vectors are float32 rows of unit length, so a dot product is a cosine. `model` is the
    SentenceTransformer itself. May be used from several threads.
    """

    def __init__(self, model: Any, name: str) -> None:
        self.model = model
        self._tokenizer = model.tokenizer
        # A tokenizer is set to cut or not to cut before it reads: one thread at a time.
        self._reading = threading.RLock()
        model.preprocess = _locked(model.preprocess, self._reading)
        self._batch_tokens = BATCH_TOKENS[model.device.type]
        self._workers = cores() if model.device.type == "cpu" else 1
        self.name = name
        self.dimension: int = model.get_embedding_dimension()
        self.max_tokens: int = model.max_seq_length or 512
        self._step = math.gcd(STEP, self.max_tokens)  # no text is padded past what the model takes
        self.fingerprint = f"{name}:{self.dimension}:{_weights_hash(model)}"

    @classmethod
    def load(
        cls,
        name: str = "bundled",
        device: str = "auto",
        precision: str = "auto",
        cache: Path | None = None,
    ) -> Encoder:
        """Loads a model.

        Args:
            name: `bundled`, a hub name, or a folder in sentence-transformers' format.
            device: `auto`, `cpu`, `cuda`, `cuda:N` or `mps`.
            precision: `float32`, `bfloat16`, or `auto`: what this machine does faster, measured
                once and remembered in the cache.
            cache: folder for converted weights; the user's cache by default.

        Raises:
            ModelError: the model is not there, or is no embedding model.
        """
        for variable, shapes in _SHAPES.items():
            os.environ.setdefault(variable, shapes)  # read when torch is first imported
        cache = cache or cache_folder()
        folder = str(bundled_folder(cache)) if name == "bundled" else name
        return cls(_load(folder, _device(device), precision, cache), short_name(name))

    @property
    def capacity(self) -> int:
        """How many times an ordinary batch of passages (512) keeps this machine busy: 1 on a
        processor of a few cores, more on many or on a GPU."""
        return max(1, 4 * self._workers * self._batch_tokens // _ORDINARY)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, dimension) of questions."""
        return self._encode(texts, self.model.encode_query)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Vectors (n, dimension) of what is searched; `progress` hears how many are done."""
        padded = {"text": {"pad_to_multiple_of": self._step}}
        encode = partial(self.model.encode_document, processing_kwargs=padded)
        return self._encode(texts, encode, progress)

    def encode_query_tokens(self, text: str) -> Encoded:
        """A question, with the vectors of its tokens."""
        return self._encode_tokens([text], self.model.encode_query, "query")[0]

    def encode_passage_tokens(self, texts: Sequence[str]) -> list[Encoded]:
        """What is searched, with the vectors of its tokens; a text given twice is read once, as the
        headline of two passages of an article is."""
        once = list(dict.fromkeys(texts))
        read = self._encode_tokens(once, self.model.encode_document, "document")
        by_text = dict(zip(once, read, strict=True))
        return [by_text[text] for text in texts]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without the markers and the prompt around it."""
        if not texts:
            return []
        with self._reading:
            if self._tokenizer.is_fast:  # without its wrapper: half the time
                rust = self._tokenizer.backend_tokenizer
                rust.no_truncation()
                rust.no_padding()
                return [*map(len, rust.encode_batch_fast(list(texts), add_special_tokens=False))]
            ids = self._tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]
            return [*map(len, ids)]

    def _encode_tokens(
        self, texts: Sequence[str], encode: Callable[..., Any], side: Literal["query", "document"]
    ) -> list[Encoded]:
        prompt = self._prompt(side)
        # A space at the prompt's end belongs to the word behind it.
        skipped = self.count_tokens([prompt.rstrip()])[0]
        special = set(self._tokenizer.all_special_ids)
        if can_pack(self.model):
            made, read = self._packed([prompt + text for text in texts])
        else:
            made, read = self._padded(texts, encode)
        found: dict[int, Encoded] = {}
        for batch, rows in zip(made, self._each(read, made), strict=True):
            found |= {
                i: _encoded(row, special, skipped) for i, row in zip(batch, rows, strict=True)
            }
        result = [found[i] for i in range(len(texts))]
        if not all(np.isfinite(encoded.vector).all() for encoded in result):
            raise ModelError(f"the encoder {self.name} gave vectors that are not numbers")
        return result

    def _prompt(self, side: Literal["query", "document"]) -> str:
        """What the library puts before a text of that side."""
        prompts: dict[str, str] = getattr(self.model, "prompts", None) or {}
        names = (*_PROMPTS[side], getattr(self.model, "default_prompt_name", None))
        return next((prompts[name] for name in names if name in prompts), "") or ""

    def _packed(self, texts: Sequence[str]) -> _Plan:
        """Texts, each behind its prompt, in rows."""
        ids: list[list[int]] = []
        if texts:
            cut = {"truncation": True, "max_length": self.max_tokens, "verbose": False}
            with self._reading:
                ids = self._tokenizer(list(texts), **cut)["input_ids"]

        def read(batch: list[int]) -> list[Row]:
            return read_packed(self.model, [ids[i] for i in batch], self._step)

        return packs([*map(len, ids)], self._workers, ROW), read

    def _padded(self, texts: Sequence[str], encode: Callable[..., Any]) -> _Plan:
        """Texts in batches of like length, as the library reads them."""

        def read(batch: list[int]) -> list[Row]:
            chosen = [texts[i] for i in batch]
            found = encode(
                chosen, batch_size=len(batch), show_progress_bar=False, output_value=None
            )
            return [*map(_row, found)]

        return self._batches(texts), read

    def _encode(
        self,
        texts: Sequence[str],
        encode: Callable[..., Any],
        progress: Callable[[int], None] | None = None,
    ) -> Vectors:
        def rows(batch: list[int]) -> Vectors:
            found = encode(
                [texts[i] for i in batch],
                batch_size=len(batch),
                show_progress_bar=False,
                normalize_embeddings=True,
            )
            return np.asarray(found, np.float32)

        vectors = np.zeros((len(texts), self.dimension), np.float32)
        made = self._batches(texts)
        for batch, part in zip(made, self._each(rows, made), strict=True):
            vectors[batch] = part
            if progress:
                progress(len(batch))
        if not np.isfinite(vectors).all():
            raise ModelError(f"the encoder {self.name} gave vectors that are not numbers")
        # In bfloat16 the model's own norm is off by half a percent.
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors

    def _batches(self, texts: Sequence[str]) -> list[list[int]]:
        """Indices of texts in batches; a few texts in one for each core."""
        lengths = self.count_tokens(texts)
        if sum(lengths) > self._workers * self._batch_tokens:
            return batches(lengths, self._batch_tokens, self.max_tokens, self._step)
        return shared_out(lengths, self._workers, self.max_tokens)

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._workers, "encode", initializer=alone)

    def _each(self, rows: Callable[[list[int]], Part], made: Sequence[list[int]]) -> Iterator[Part]:
        """What `rows` gives for batches, in order, one batch a core.

        Cores that share a batch wait for each other after every layer, and for whatever else the
        machine does; a single batch, a query's, is shared all the same.
        """
        if self._workers == 1 or len(made) < 2:
            yield from map(rows, made)
            return
        yield from self._pool.map(rows, made)  # what is left is cancelled where this is given up


def _row(found: Mapping[str, Any]) -> Row:
    """What the library gives for a text, without padding."""
    kept = found["attention_mask"].bool()
    return Row(
        found["input_ids"][kept].tolist(),
        found["token_embeddings"][kept].float().cpu().numpy(),
        found["sentence_embedding"].float().cpu().numpy(),
    )


def _encoded(row: Row, special: set[int], skipped: int) -> Encoded:
    words = [at for at, token in enumerate(row.ids) if token not in special]
    length = max(float(np.linalg.norm(row.vector)), 1e-12)
    return Encoded(row.vector / length, row.tokens[words[skipped:]])


def short_name(name: str) -> str:
    """What a model given by name or folder is called."""
    if name == "bundled":
        return NAME
    return Path(name).name if os.sep in name and Path(name).exists() else name


def _locked(function: Callable[..., Any], lock: threading.RLock) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        with lock:
            return function(*args, **kwargs)

    return call


def _device(wanted: str) -> str:
    import torch

    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if wanted.startswith("cuda") and not torch.cuda.is_available():
        raise ModelError("no CUDA device is to be had here", "use --device cpu or auto")
    return wanted


def _load(folder: str, device: str, precision: str, cache: Path) -> Any:
    if device != "cpu":
        return _built(folder, device, Way("bfloat16" if precision == "auto" else precision, None))

    def load(way: Way) -> Any:
        return _built(folder, device, way)

    keep_numpy_quiet()
    return load(fastest(load, Path(folder).name, precision, cache))


def _built(folder: str, device: str, way: Way) -> Any:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    register()
    settings = {"dtype": getattr(torch, way.precision), "attn_implementation": way.attention}
    try:
        model = SentenceTransformer(folder, device=device, model_kwargs=settings)
    except Exception as error:  # of many kinds, from safetensors to torch
        raise ModelError(
            f"the encoder {folder} cannot be loaded: {first_line(error)}",
            "check the name, or use JIUBAO_ENCODER=bundled",
        ) from error
    if not hasattr(model[0], "model"):  # static vectors, which are the same in every sentence
        raise ModelError(
            f"the encoder {folder} is no transformer, by whose tokens answers are found",
            "take one that is, or use JIUBAO_ENCODER=bundled",
        )
    return model


def _weights_hash(model: Any) -> str:
    """Names, shapes and a sample of every weight: the same for a model wherever it lies.

    Weights are compared in bfloat16, so that the precision chosen does not change the name.
    """
    import torch

    digest = hashlib.sha256(json.dumps(model.prompts, sort_keys=True).encode())
    for name, weight in sorted(model.state_dict().items()):
        sample = weight.detach().flatten()[:32].to("cpu", torch.bfloat16).view(torch.int16)
        digest.update(f"{name}{tuple(weight.shape)}".encode() + sample.numpy().tobytes())
    return digest.hexdigest()[:12]
