"""Ledger -> ledger: what was prepared with other settings is prepared anew, from its texts."""

from __future__ import annotations

import time
from collections.abc import Callable

from rag.index.encoder import Encoder
from rag.index.ingest import BATCH
from rag.index.ledger import Ledger
from rag.index.packing import Prepared
from rag.index.prepare import Cut, PreparedArticle, encoded_alike, fingerprint, prepare
from rag.types import Progress


def rebuild_passages(
    ledger: Ledger,
    encoder: Encoder,
    passage_tokens: int,
    progress: Callable[[Progress], None] | None = None,
) -> int:
    """Prepares anew every article made with other settings.

    Where only the index terms are others, the vectors stay: nothing is encoded again. Stopped
    half-way, it goes on where it was. Returns the number of articles prepared.
    """
    wanted = fingerprint(encoder, passage_tokens)
    stale = ledger.stale_articles(wanted)
    start, passages, waiting = time.monotonic(), 0, 0
    cuts, ready = list[Cut](), list[PreparedArticle]()
    for number, (article_id, before) in enumerate(stale.items(), 1):
        if article := ledger.article(article_id):
            cut = Cut.of(article, encoder, passage_tokens)
            waiting += len(cut.passages)
            kept = _encoded_before(ledger, cut) if encoded_alike(before, wanted) else None
            if kept:
                ready.append(kept)
            else:
                cuts.append(cut)
        if waiting < BATCH and number < len(stale):
            continue
        ready += prepare(cuts, encoder)
        with ledger.transaction():
            for item in ready:
                ledger.put_article(item.article, item.passages, wanted)
        passages += waiting
        waiting, cuts, ready = 0, [], []
        if progress:
            elapsed = time.monotonic() - start
            progress(Progress("reading", number, len(stale), passages, elapsed))
    return len(stale)


def _encoded_before(ledger: Ledger, cut: Cut) -> PreparedArticle | None:
    """An article with its new terms and the vectors it has; None where one is missing."""
    keys = ledger.keys_of([cut.article.masthead.article_id])
    vectors, passages = ledger.vectors(keys), ledger.passages(keys)
    known = {passage.passage_id: vectors[key] for key, passage in passages.items()}
    if any(passage.passage_id not in known for passage, _, _ in cut.passages):
        return None
    items = (Prepared(each, terms, known[each.passage_id]) for each, _, terms in cut.passages)
    return PreparedArticle(cut.article, tuple(items))
