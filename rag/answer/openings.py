"""What articles begin with: the answer where only a time is asked about."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.answer.passages import Place
from rag.corpus.sentences import split_sentences
from rag.types import Article, Hit, Language

MOST = 5  # articles


def openings(
    hits: Sequence[Hit], article: Callable[[str], Article], asked: Language
) -> list[Place]:
    """The first sentence of each of the hits' articles, in the language asked in where there is
    one: those on the first pages first.

    Args:
        article: gives an article by its id.
    """
    heads = {hit.passage.masthead.article_id: hit.passage.masthead for hit in hits}
    first = sorted(heads.values(), key=lambda head: (head.page is None, head.page or 0))
    places: list[Place] = []
    for head in first[:MOST]:
        found = article(head.article_id)
        text = found.text(asked) or found.original
        if sentences := split_sentences(text.body, text.language):
            places.append((head.article_id, text.language, sentences[0]))
    return places
