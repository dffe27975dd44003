"""Hits -> the articles that speak of a question's subject, by year. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rag.retrieve.question import asked_for_all
from rag.types import Hit, Masthead
from ui.exchange import Timeline

READ = 100  # passages looked at
# A passage that shares one common word with the question scores far below the best one.
_NEAR = 0.4  # of the best score


def subject_of(question: str) -> str:
    """What articles would speak of: of a question that asks for all on a name that name, and
    nothing of one that asks for whatever was printed."""
    topic = asked_for_all(question)
    return question if topic is None else topic


def timeline(hits: Sequence[Hit]) -> Timeline:
    """The articles of the hits that share words with the question, each counted once.

    What is only near in meaning is left out: of any question, something is nearest.
    """
    speaking = [hit for hit in hits if "keyword" in hit.via]
    best = max((hit.score for hit in speaking), default=0.0)
    near = {
        hit.passage.masthead.article_id: hit.passage.masthead
        for hit in speaking
        if hit.score >= _NEAR * best
    }
    years: dict[int, list[Masthead]] = {}
    for head in sorted(near.values(), key=_order):
        years.setdefault(head.published.year, []).append(head)
    return Timeline({year: tuple(heads) for year, heads in years.items()})


def _order(head: Masthead) -> tuple[object, ...]:
    return head.published, head.page or 0, head.article_id
