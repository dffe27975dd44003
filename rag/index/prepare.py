"""Article -> prepared passages: cut, aligned, encoded. A batch of articles at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.corpus.aligner import align
from rag.corpus.chunker import chunk, context
from rag.corpus.sentences import split_sentences
from rag.index.encoder import Encoder
from rag.index.packing import Prepared
from rag.terms import TERMS, index_terms
from rag.types import Article, Passage, Text

# Changing what passages hold, or what the encoder sees of them, changes this name.
CHUNKING = "sentences-1"

_PROMPT_TOKENS = 8  # the prompt, the markers and the line feed
_FEWEST_TOKENS = 64  # of a passage under a headline that fills the encoder alone

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """An article with its pairs filled in, and its passages ready for the indexes."""

    article: Article
    passages: tuple[Prepared, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """An article cut into passages: each with what the encoder will see of it, and its terms."""

    article: Article
    passages: tuple[tuple[Passage, str, list[str]], ...]

    @classmethod
    def of(cls, article: Article, encoder: Encoder, passage_tokens: int) -> Cut:
        """Cuts every text of an article into passages of at most `passage_tokens`.

        A passage is shorter where its headline would push it over what the encoder can see.
        """
        passages: list[tuple[Passage, str, list[str]]] = []
        for text in article.texts:
            above = [f"{text.title} {heading.text}" for heading in text.headings] or [text.title]
            room = encoder.max_tokens - max(encoder.count_tokens(above)) - _PROMPT_TOKENS
            limit = max(min(passage_tokens, room), _FEWEST_TOKENS)
            for passage in chunk(article, text, encoder.count_tokens, limit):
                seen = context(passage, text)
                passages.append((passage, seen, index_terms(seen)))
        return cls(article, tuple(passages))


def fingerprint(encoder: Encoder, passage_tokens: int) -> str:
    """What vectors and terms depend on: two archives with the same one can be compared."""
    return f"{encoder.fingerprint}|{CHUNKING}:{passage_tokens}|{TERMS}"


def encoded_alike(one: str, other: str) -> bool:
    """Whether two fingerprints differ in nothing but the index terms."""
    return one.rpartition("|")[0] == other.rpartition("|")[0]


def prepare(cuts: Sequence[Cut], encoder: Encoder) -> list[PreparedArticle]:
    """Encodes the passages of several articles together, and aligns those in two languages."""
    texts = [seen for cut in cuts for _, seen, _ in cut.passages]
    vectors = iter(encoder.encode_passages(texts))
    aligned = iter(_align([cut.article for cut in cuts], encoder))
    return [
        PreparedArticle(
            next(aligned),
            tuple(Prepared(p, terms, next(vectors)) for p, _, terms in cut.passages),
        )
        for cut in cuts
    ]


def _align(articles: Sequence[Article], encoder: Encoder) -> list[Article]:
    """The articles with their pairs; one encoding of all sentences of all of them."""
    sides: list[tuple[Text, list[Any]]] = [
        (text, split_sentences(text.body, text.language))
        for article in articles
        if len(article.texts) == 2
        for text in sorted(article.texts, key=lambda text: text.language, reverse=True)
    ]
    sentences = [text.body[a:b] for text, spans in sides for a, b in spans]
    vectors = encoder.encode_passages(sentences)
    parts = iter(np.split(vectors, np.cumsum([len(spans) for _, spans in sides])[:-1]))
    remaining = iter(sides)
    result = []
    for article in articles:
        if len(article.texts) == 2:
            (zh, zh_spans), (en, en_spans) = next(remaining), next(remaining)
            pairs = align(zh.body, zh_spans, en.body, en_spans, next(parts), next(parts))
            article = replace(article, pairs=pairs)  # noqa: PLW2901
        result.append(article)
    return result
