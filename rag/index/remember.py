"""An encoder that reads nothing twice: search and evidence look at the same sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from rag.index.encoder import Encoded, Encoder, Vectors


class RememberingEncoder(Encoder):
    """An encoder in front of another, which is asked for each text once.

    It keeps all it is told, some 60 KB a sentence with its tokens: one is made for every question.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.__dict__.update(encoder.__dict__)
        self._encoder = encoder
        self._known: dict[tuple[str, str], Any] = {}

    def __len__(self) -> int:
        """Texts that are known."""
        return len(self._known)

    def forget(self) -> None:
        """Lets go of all that is known."""
        self._known.clear()

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, dimension) of questions."""
        return self._rows(self._remembered("query", texts, self._encoder.encode_queries))

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Vectors (n, dimension) of sentences."""
        return self._rows(self._remembered("passage", texts, self._encoder.encode_passages))

    def encode_query_tokens(self, text: str) -> Encoded:
        """A question with its tokens."""

        def encode(texts: Sequence[str]) -> list[Encoded]:
            return [self._encoder.encode_query_tokens(each) for each in texts]

        found: Encoded = self._remembered("query tokens", [text], encode)[0]
        return found

    def encode_passage_tokens(self, texts: Sequence[str]) -> list[Encoded]:
        """Sentences with their tokens."""
        return self._remembered("passage tokens", texts, self._encoder.encode_passage_tokens)

    def _rows(self, vectors: list[Any]) -> Vectors:
        return np.array(vectors, np.float32).reshape(len(vectors), self.dimension)

    def _remembered(
        self, side: str, texts: Sequence[str], encode: Callable[[Sequence[str]], Iterable[Any]]
    ) -> list[Any]:
        new = [text for text in dict.fromkeys(texts) if (side, text) not in self._known]
        if new:
            self._known.update(zip(((side, text) for text in new), encode(new), strict=True))
        return [self._known[side, text] for text in texts]
