"""One day's paper, and where an article went whose date or page was corrected."""

from __future__ import annotations

from datetime import date

from rag.index.ledger import Ledger
from rag.types import Masthead


def articles_of(ledger: Ledger, day: date) -> list[Masthead]:
    """The articles of one day's paper, in the order of its pages."""
    ids = ledger.article_ids(day)
    heads = ledger.mastheads(ids)
    return [heads[each] for each in ids if each in heads]


def same_text(ledger: Ledger, article_id: str) -> str | None:
    """The id under which the original text of `article_id` stands now, None where nowhere.

    An id ends in the digest of the original title and text: the same article under another date
    or page has the same end. The first of reprints is meant.
    """
    if not article_id.isascii():  # it comes from a link, and no id has such characters
        return None
    if ledger.mastheads([article_id]):
        return article_id
    digest = article_id.rpartition(".")[2]
    ids = ledger.article_ids()
    return next((each for each in ids if digest and each.rpartition(".")[2] == digest), None)
