"""An encoder that reads nothing twice: search and evidence look at the same sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np

from rag.index.encoder import Encoded, Encoder, Vectors


class RememberingEncoder(Encoder):
    """An encoder in front of another, which is asked for each text once.

    It keeps all it is told, some 60 KB a sentence with its tokens: one is made for every question.
    `plain` is the encoder behind it.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.__dict__.update(encoder.__dict__)
        self.plain = encoder
        self._known: dict[tuple[str, str], Any] = {}

    @property
    def known(self) -> int:
        """How many texts are known; no `__len__`, by which an encoder without any were false."""
        return len(self._known)

    def forget(self) -> None:
        """Lets go of all that is known."""
        self._known.clear()

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, dimension) of questions."""
        return self._rows(self._remembered("query", texts, self.plain.encode_queries))

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Vectors (n, dimension) of sentences; `progress` hears of those that were not known."""
        encode = partial(self.plain.encode_passages, progress=progress)
        return self._rows(self._remembered("passage", texts, encode))

    def encode_query_tokens(self, text: str) -> Encoded:
        """A question with its tokens."""

        def encode(texts: Sequence[str]) -> list[Encoded]:
            return [self.plain.encode_query_tokens(each) for each in texts]

        found: Encoded = self._remembered("query tokens", [text], encode)[0]
        return found

    def encode_passage_tokens(self, texts: Sequence[str]) -> list[Encoded]:
        """Sentences with their tokens."""
        return self._remembered("passage tokens", texts, self.plain.encode_passage_tokens)

    def _rows(self, vectors: list[Any]) -> Vectors:
        return np.array(vectors, np.float32).reshape(len(vectors), self.dimension)

    def _remembered(
        self, side: str, texts: Sequence[str], encode: Callable[[Sequence[str]], Iterable[Any]]
    ) -> list[Any]:
        new = [text for text in dict.fromkeys(texts) if (side, text) not in self._known]
        if new:
            self._known.update(zip(((side, text) for text in new), encode(new), strict=True))
        return [self._known[side, text] for text in texts]
