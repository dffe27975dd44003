"""How alike a question and texts are, by their vectors and by those of their tokens.

A multilingual encoder's vectors lie in one cone for each language (Libovický, Rosa & Fraser 2020,
"On the Language Neutrality of Pre-trained Multilingual Representations"), so each side is measured
from the middle of its language. For whole texts within one language that changes nothing; across,
it keeps a sentence from winning by a few words of the question's language, but what is common to
all texts of a language tells a little too, so not all of the middle is taken off. Vectors of tokens
need all of it always: uncentred, any two of them are alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.types import LANGUAGES, Language

FILE = Path(__file__).parent / "means.npz"

# How much of the middle is taken off whole texts; chosen on dev questions: docs/retrieval.md.
CENTRED = 0.7

Vectors = npt.NDArray[np.float32]
Middles = Mapping[Language, Vectors]


@dataclass(frozen=True, slots=True)
class LanguageMeans:
    """The middle (dimension,) of each language, for one encoder: of its passages, of the tokens of
    its questions and of those of its sentences. Empty for an encoder that was not fitted."""

    encoder: str
    passages: Middles = field(default_factory=dict)
    asked_tokens: Middles = field(default_factory=dict)
    read_tokens: Middles = field(default_factory=dict)

    def similarity(
        self, question: Vectors, texts: Vectors, asked: Language, found: Language
    ) -> Vectors:
        """Cosines (n,) of a question (dimension,) and texts (n, dimension), all of unit length.

        Args:
            asked: the question's language.
            found: the texts' language; where it is another one, both sides are centred.
        """
        if not len(texts):
            return np.empty(0, np.float32)
        if asked == found or not self.passages:
            return texts @ question
        aim = _unit(question - CENTRED * self.passages[asked])
        result: Vectors = _unit(texts - CENTRED * self.passages[found]) @ aim
        return result

    def token_matches(
        self, question: Vectors, texts: Sequence[Vectors], asked: Language, found: Language
    ) -> Vectors:
        """How well each token of a question is met in each text: cosines (question tokens, n).

        The mean over the question's tokens is the late interaction of Khattab & Zaharia 2020
        ("ColBERT", SIGIR), here with an encoder that was not trained for it.

        Args:
            question: its tokens' vectors (tokens, dimension).
            texts: those of each text (tokens, dimension).
        """
        matches = np.zeros((len(question), len(texts)), np.float32)
        lengths = [len(text) for text in texts]
        if not len(question) or not any(lengths):
            return matches
        read = np.concatenate([text for text in texts if len(text)])
        if self.asked_tokens:
            question, read = question - self.asked_tokens[asked], read - self.read_tokens[found]
        cosines = _unit(question) @ _unit(read).T
        filled = np.flatnonzero(lengths)
        starts = np.cumsum([0, *(lengths[i] for i in filled)])[:-1]
        matches[:, filled] = np.maximum.reduceat(cosines, starts, axis=1)
        return matches


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: Vectors = vectors / np.maximum(lengths, 1e-9)
    return result


@cache
def load_means(encoder: str) -> LanguageMeans:
    """The means fitted for an encoder, by its name; none for one that `make fit` has not seen."""
    if not FILE.exists():
        return LanguageMeans(encoder)
    with np.load(FILE) as data:
        if str(data["encoder"]) != encoder:
            return LanguageMeans(encoder)
        kinds = ("passages", "asked_tokens", "read_tokens")
        return LanguageMeans(
            encoder, *({each: data[f"{kind}.{each}"] for each in LANGUAGES} for kind in kinds)
        )


def write_means(means: LanguageMeans) -> None:
    """Keeps the means of one encoder beside the code."""
    arrays = {
        f"{kind}.{language}": middle
        for kind in ("passages", "asked_tokens", "read_tokens")
        for language, middle in getattr(means, kind).items()
    }
    np.savez(FILE, encoder=np.array(means.encoder), **arrays)
