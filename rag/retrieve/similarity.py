"""How alike a question and texts are, by their vectors and by those of their tokens.

A multilingual encoder's vectors lie in one cone for each language (Libovický, Rosa & Fraser 2020,
"On the Language Neutrality of Pre-trained Multilingual Representations"). So a question in another
language is moved from its cone to that of the texts before it is compared with them; the texts stay
where they are, and an index of them can be asked for its neighbours. Vectors of tokens are measured
from the middle of their language on either side: uncentred, any two of them are alike.

What a cosine means differs from encoder to encoder: of texts that have nothing to do with each
other E5 gives 0.8, others 0.3. All that is weighed by similarities was fitted with one encoder, so
those of another are brought to its scale (`calibrate.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Literal, NamedTuple, get_args
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from rag.types import LANGUAGES, Language

# How much of the middle of its language is taken off a question in another language than the
# texts', and how much of theirs is added. Chosen on dev questions: docs/retrieval.md.
FROM = 0.85
TO: Mapping[Language, float] = {"zh": 0.85, "en": 0.3}

Vectors = npt.NDArray[np.float32]
Middles = Mapping[Language, Vectors]
# A question and a text; a question's tokens and a text's; a statement and a quote.
Kind = Literal["texts", "tokens", "statements"]
# What is alike, the language of the question or statement, and that of the text or quote.
Sort = tuple[Kind, Language, Language]
SORTS: tuple[Sort, ...] = tuple(product(get_args(Kind), LANGUAGES, LANGUAGES))


class Anchor(NamedTuple):
    """The mean cosine of what has nothing to do with each other, that of what belongs together, and
    the standard deviation of the former."""

    low: float
    high: float
    spread: float


class Scale(NamedTuple):
    """What a cosine is multiplied by, and what is then added."""

    slope: float
    offset: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the cosines of one encoder mean.

    `passages`, `asked_tokens` and `read_tokens` are the middles (dimension,) of each language: of
    its passages, of the tokens of its questions and of those of its sentences; empty where none is
    to be taken off. `anchors` is what was measured with them, `scales` what brings the cosines to
    those of another encoder: empty for one that is its own measure.
    """

    encoder: str
    passages: Middles = field(default_factory=dict)
    asked_tokens: Middles = field(default_factory=dict)
    read_tokens: Middles = field(default_factory=dict)
    anchors: Mapping[Sort, Anchor] = field(default_factory=dict)
    scales: Mapping[Sort, Scale] = field(default_factory=dict)

    def similarity(
        self, question: Vectors, texts: Vectors, asked: Language, found: Language
    ) -> Vectors:
        """Cosines (n,) of a question (dimension,) and texts (n, dimension), all of unit length.

        Args:
            asked: the question's language.
            found: the texts' language; where it is another one, the question is moved there.
        """
        if not len(texts):
            return np.empty(0, np.float32)
        moved = self.moved(question, asked, found)
        return self._scaled(texts @ moved, ("texts", asked, found))

    def moved(self, question: Vectors, asked: Language, found: Language) -> Vectors:
        """A question (dimension,), of unit length, as though asked in the language of the texts:
        what they are compared with, and what an index of them is asked for."""
        if asked == found or not self.passages:
            return question
        return _unit(question - FROM * self.passages[asked] + TO[found] * self.passages[found])

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
        best = np.maximum.reduceat(cosines, starts, axis=1)
        matches[:, filled] = self._scaled(best, ("tokens", asked, found))
        return matches

    def likeness(self, statement: Vectors, quote: Vectors, said: Language, held: Language) -> float:
        """Cosine of a statement (dimension,) and a quote (dimension,), both of unit length.

        Args:
            said: the statement's language.
            held: the quote's.
        """
        return float(self._scaled(statement @ quote, ("statements", said, held)))

    def _scaled(self, cosines: Vectors, sort: Sort) -> Vectors:
        if not self.scales:
            return cosines
        slope, offset = self.scales[sort]
        return cosines * np.float32(slope) + np.float32(offset)


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: Vectors = vectors / np.maximum(lengths, 1e-9)
    return result


def read_calibration(file: Path) -> Calibration:
    """What `write_calibration` wrote.

    Raises:
        OSError: there is no such file.
        ValueError: it is spoilt, or another's.
    """
    try:
        with np.load(file) as data:
            arrays = dict(data)
        return Calibration(
            str(arrays["encoder"]),
            _by_language(arrays, "passages"),
            _by_language(arrays, "asked_tokens"),
            _by_language(arrays, "read_tokens"),
            {sort: Anchor(*arrays[".".join(sort)].tolist()) for sort in SORTS},
        )
    except (KeyError, EOFError, BadZipFile) as error:
        raise ValueError(f"{file} holds no calibration") from error


def _by_language(arrays: Mapping[str, Vectors], name: str) -> Middles:
    return {language: arrays[f"{name}.{language}"] for language in LANGUAGES}


def write_calibration(calibration: Calibration, file: Path) -> None:
    """Keeps middles and anchors."""
    arrays = {"encoder": np.array(calibration.encoder)}
    for name in ("passages", "asked_tokens", "read_tokens"):
        for language, middle in getattr(calibration, name).items():
            arrays[f"{name}.{language}"] = middle
    for sort, anchor in calibration.anchors.items():
        arrays[".".join(sort)] = np.array(anchor)
    np.savez(file, allow_pickle=False, **arrays)
