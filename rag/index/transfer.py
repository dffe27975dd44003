"""Articles out of the ledger, as lines of JSON that anything can read."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from rag.errors import JiubaoError
from rag.index.ledger import Ledger


def export_articles(ledger: Ledger, path: Path) -> int:
    """Writes every article as one line of JSON; how many.

    Raises:
        JiubaoError: the file cannot be written.
    """
    ids = ledger.article_ids()
    try:
        with path.open("w", encoding="utf-8") as file:
            for article_id in ids:
                # None only where it was removed since; what is left is still worth having.
                if article := ledger.article(article_id):
                    line = json.dumps(asdict(article), ensure_ascii=False, default=str)
                    file.write(line + "\n")
    except OSError as error:
        raise JiubaoError(f"{path} cannot be written: {error}", "choose another") from error
    return len(ids)
