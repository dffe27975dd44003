"""Encoder -> what its cosines mean, measured on texts of known answer.

`calibration.jsonl` holds forty-eight made-up items of news in both languages, each with a question
and the number of the sentence that answers it. They tell where the cosines of what belongs together
lie, and of what does not; the straight line through both brings them to those of the encoder that
all weights were fitted with. So another encoder, which may be far better, is neither refused every
answer nor believed in everything.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rag.config import cache_folder
from rag.index.encoder import Encoded, Encoder
from rag.index.remember import RememberingEncoder
from rag.language import by_languages, detect_language
from rag.retrieve.similarity import (
    Anchor,
    Calibration,
    Kind,
    Scale,
    Sort,
    Vectors,
    read_calibration,
    write_calibration,
)
from rag.retrieve.tables import kept
from rag.types import LANGUAGES, Language

log = logging.getLogger("jiubao")

FILE = Path(__file__).parent / "means.npz"
TEXTS = Path(__file__).parent / "calibration.jsonl"
# What belongs together lies at least so many standard deviations above what does not, or else the
# encoder tells nothing of such texts. With the bundled one it is 4 to 7.
TELLING = 2.0

Places = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

_known: dict[str, Calibration] = {}
_measuring = threading.Lock()


class Texts(NamedTuple):
    """Texts of one language, which its middles are taken of."""

    questions: Sequence[str]
    sentences: Sequence[str]
    passages: Sequence[str]


class Items(NamedTuple):
    """The items of news in one language: texts, of the sentences those of one item behind those of
    another, and of each item which of all sentences answers its question."""

    texts: Texts
    owners: Places
    answers: Places


def calibration(encoder: Encoder) -> Calibration:
    """What the cosines of an encoder mean: as fitted, or on the scale of the one that was fitted.

    One that was not is measured once, which takes as long as encoding some 30,000 tokens, and kept
    in the cache.
    """
    fitted = load_fitted()
    if encoder.name == fitted.encoder:
        return fitted
    with _measuring:
        if encoder.fingerprint not in _known:
            _known[encoder.fingerprint] = _on_scale(_kept(encoder), fitted)
    return _known[encoder.fingerprint]


@cache
def load_fitted() -> Calibration:
    """That of the encoder that weights were fitted with, by `make fit`."""
    return read_calibration(FILE)


@cache
def load_items(language: Language) -> Items:
    """The items of news, in the same order in both languages."""
    rows = [json.loads(line) for line in TEXTS.read_text("utf-8").splitlines()]
    questions, items = [row[language][0] for row in rows], [row[language][1:] for row in rows]
    lengths = [len(item) for item in items]
    gap = "" if language == "zh" else " "
    texts = Texts(questions, [*chain(*items)], [gap.join(item) for item in items])
    starts = np.cumsum([0, *lengths[:-1]])
    return Items(texts, np.repeat(range(len(rows)), lengths), starts + [r["answer"] for r in rows])


def measure(encoder: Encoder, texts: Mapping[Language, Texts]) -> Calibration:
    """The middles of some texts, and what is measured by them on the items of news."""
    passages: dict[Language, Vectors] = {}
    asked: dict[Language, Vectors] = {}
    read: dict[Language, Vectors] = {}
    for language, some in texts.items():
        passages[language] = encoder.encode_passages(some.passages).mean(axis=0)
        asked[language] = _middle([*map(encoder.encode_query_tokens, some.questions)])
        read[language] = _middle(encoder.encode_passage_tokens(some.sentences))
    middles = Calibration(encoder.name, passages, asked, read)
    return replace(middles, anchors=_anchors(middles, encoder))


def likenesses(encoder: Encoder, pairs: Sequence[tuple[str, str]]) -> list[float]:
    """Cosines of (statement, quote) pairs."""
    vectors = encoder.encode_passages([text for pair in pairs for text in pair])
    likeness = calibration(encoder).likeness
    return [
        likeness(said, held, detect_language(statement), detect_language(quote))
        for (statement, quote), said, held in zip(pairs, vectors[::2], vectors[1::2], strict=True)
    ]


def _kept(encoder: Encoder) -> Calibration:
    """Middles and anchors of an encoder, measured where they are not in the cache."""
    content = encoder.fingerprint.encode() + TEXTS.read_bytes()
    file = cache_folder() / f"encoder-{hashlib.sha256(content).hexdigest()[:16]}.npz"

    def make() -> Calibration:
        log.warning("measuring once what the similarities of %s mean", encoder.name)
        own = {language: load_items(language).texts for language in LANGUAGES}
        return measure(RememberingEncoder(encoder), own)

    return kept(file, make, read_calibration, write_calibration)


def _middle(texts: Sequence[Encoded]) -> Vectors:
    """The mean (dimension,) of the texts' tokens."""
    mean: Vectors = np.concatenate([text.tokens for text in texts]).mean(axis=0)
    return mean


def _anchors(middles: Calibration, encoder: Encoder) -> dict[Sort, Anchor]:
    """What cosines are like of a question and the sentence, or the item, that answers it, of their
    tokens, and of a sentence and the item that it is of; beside those of other items."""
    items = {each: load_items(each) for each in LANGUAGES}
    questions = {
        each: [*map(encoder.encode_query_tokens, known.texts.questions)]
        for each, known in items.items()
    }
    sentences = {
        each: encoder.encode_passage_tokens(known.texts.sentences) for each, known in items.items()
    }
    found: dict[Sort, Anchor] = {}
    for language, (texts, owners, answers) in items.items():
        whole = encoder.encode_passages(texts.passages)
        tokens = [sentence.tokens for sentence in sentences[language]]
        both = np.concatenate([_vectors(sentences[language]), whole])
        same = np.eye(len(whole), dtype=bool)
        own = owners == np.arange(len(whole))[:, None]
        right = np.arange(len(owners)) == answers[:, None]
        for asked in LANGUAGES:
            pair = asked, language
            alike = [middles.similarity(q.vector, both, *pair) for q in questions[asked]]
            found["texts", *pair] = _between(alike, np.c_[right, same], np.c_[own, same])
            met = [middles.token_matches(q.tokens, tokens, *pair) for q in questions[asked]]
            found["tokens", *pair] = _between([m.mean(axis=0) for m in met], right, own)
            said = _vectors(sentences[asked]) @ whole.T
            found["statements", *pair] = _between(said, own.T, own.T)
    return found


def _vectors(texts: Sequence[Encoded]) -> Vectors:
    """Those (n, dimension) of whole texts."""
    return np.array([text.vector for text in texts])


def _between(cosines: Sequence[Vectors] | Vectors, right: Truths, own: Truths) -> Anchor:
    """The anchor of cosines (n, m).

    Args:
        right: which of them are of what belongs together.
        own: which of them are of the same item: those of the others have nothing to do with it.
    """
    rows = np.asarray(cosines)
    return Anchor(float(rows[~own].mean()), float(rows[right].mean()), float(rows[~own].std()))


def _on_scale(measured: Calibration, fitted: Calibration) -> Calibration:
    """A calibration with the lines that lead from its anchors to those of the fitted one."""
    scales: dict[Sort, Scale] = {}
    mute: dict[Kind, list[str]] = {}
    for sort, (low, high, spread) in measured.anchors.items():
        to, (kind, asked, found) = fitted.anchors[sort], sort
        if high - low < TELLING * spread:
            mute.setdefault(kind, []).append(by_languages(asked, found))
            scales[sort] = Scale(0.0, to.low)
            continue
        slope = (to.high - to.low) / (high - low)
        scales[sort] = Scale(slope, to.low - slope * low)
    if mute:
        where = "; ".join(f"{kind} {', '.join(sorted(pairs))}" for kind, pairs in mute.items())
        log.warning(
            "the encoder %s does not tell what belongs together (%s): its similarities do not "
            "count there; see docs/models.md",
            *(measured.encoder, where),
        )
    return replace(measured, scales=scales)
