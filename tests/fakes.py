"""What a fault needs, and nothing that stands in for a real part.

Tests use the real encoder, a real Chroma and a real SQLite. What is here makes a file bad in a
chosen place, or watches a real part at work.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.index.encoder import Encoder

Vectors = npt.NDArray[np.float32]


class WatchedEncoder(Encoder):
    """The real encoder. It encodes no text twice in a session, and counts what it is asked for.

    `asked` is the number of passages asked for so far, known ones too.
    """

    def __init__(self, model: Any, name: str) -> None:
        super().__init__(model, name)
        self.asked = 0
        self._known: dict[str, Vectors] = {}
        self._tokens: dict[str, int] = {}

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        counts = super().count_tokens(texts)
        self._tokens.update(zip(texts, counts, strict=True))
        return counts

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._remembered("query: ", texts, super().encode_queries)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        self.asked += len(texts)
        return self._remembered("", texts, partial(super().encode_passages, progress=progress))

    def _remembered(
        self, mark: str, texts: Sequence[str], encode: Callable[[Sequence[str]], Vectors]
    ) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if mark + text not in self._known]
        if new:
            keys = [mark + text for text in new]
            self._known.update(zip(keys, encode(new), strict=True))
        known = [self._known[mark + text] for text in texts]
        return np.array(known, np.float32).reshape(len(texts), self.dimension)


class Recorded:
    """What a `WatchedEncoder` has said, for a process that is to be killed before it has loaded
    a model."""

    def __init__(self, path: Path) -> None:
        facts, self._tokens, self._known = pickle.loads(path.read_bytes())
        self.name, self.fingerprint, self.dimension, self.max_tokens = facts

    @staticmethod
    def write(path: Path, encoder: WatchedEncoder) -> None:
        """Writes down all that `encoder` has said so far."""
        facts = (encoder.name, encoder.fingerprint, encoder.dimension, encoder.max_tokens)
        path.write_bytes(pickle.dumps((facts, encoder._tokens, encoder._known)))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [self._tokens[text] for text in texts]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        known = [self._known[text] for text in texts]
        return np.array(known, np.float32).reshape(len(texts), self.dimension)


class Interruption:
    """A function that stops the work as Ctrl-C does, when called for the `n`th time."""

    def __init__(self, n: int) -> None:
        self.left = n

    def __call__(self, *_: object) -> None:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


def cut_short(path: Path) -> None:
    """Leaves the first half of a file."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def flip_bit(path: Path) -> None:
    """Changes one bit in the middle of a file; its size stays."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def delete(path: Path) -> None:
    """Removes a file."""
    path.unlink()
