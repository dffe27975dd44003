"""One day's paper, and where an article went whose date or page was corrected."""

from __future__ import annotations

from datetime import date

from rag.index.ledger import Ledger
from rag.types import Masthead


def articles_of(ledger: Ledger, day: date) -> list[Masthead]:
    """The articles of one day's paper, in the order of its pages."""
    # An article's id begins with its day.
    prefix = day.isoformat()
    ids = [each for each in ledger.article_ids() if each.startswith(prefix)]
    heads = ledger.mastheads(ids)
    return [heads[each] for each in ids if each in heads]


def same_text(ledger: Ledger, article_id: str) -> str | None:
    """The id under which the original text of `article_id` stands now, None where nowhere.

    An id ends in the digest of the original title and text: the same article under another date
    or page has the same end. The first of reprints is meant.
    """
    digest = article_id.rpartition(".")[2]
    ids = ledger.article_ids()
    if article_id in ids:
        return article_id
    return next((each for each in ids if digest and each.rpartition(".")[2] == digest), None)
