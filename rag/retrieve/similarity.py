"""How alike a question and texts are: the cosine of their vectors, centred across languages.

A multilingual encoder's vectors lie in one cone for each language (Libovický, Rosa & Fraser 2020,
"On the Language Neutrality of Pre-trained Multilingual Representations"). Within a language that
changes nothing; across, it lets a sentence win by holding a few words of the question's language.
So each side is measured from the middle of its language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.types import Language

FILE = Path(__file__).parent / "means.npz"

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LanguageMeans:
    """The middle of each language's passages (dimension,), for one encoder."""

    encoder: str
    means: Mapping[Language, Vectors]

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
        if asked == found or not self.means:
            return texts @ question
        centred = texts - self.means[found]
        lengths = np.linalg.norm(centred, axis=1)
        aim = question - self.means[asked]
        result: Vectors = centred @ aim / np.maximum(lengths * np.linalg.norm(aim), 1e-9)
        return result


@cache
def load_means(encoder: str) -> LanguageMeans:
    """The means fitted for an encoder, by its name; none for one that `make fit` has not seen."""
    if not FILE.exists():
        return LanguageMeans(encoder, {})
    with np.load(FILE) as data:
        if str(data["encoder"]) != encoder:
            return LanguageMeans(encoder, {})
        return LanguageMeans(encoder, {"zh": data["zh"], "en": data["en"]})


def write_means(means: LanguageMeans) -> None:
    """Keeps the means of one encoder beside the code."""
    np.savez(FILE, encoder=np.array(means.encoder), zh=means.means["zh"], en=means.means["en"])
