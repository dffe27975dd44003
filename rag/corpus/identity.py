"""The name of an article, made of what it says and when: the same from every copy of it."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import date


def article_id(published: date, page: int | None, headline: str, body: str) -> str:
    """`<date>.p<page>.<10 hex>`, the hex from the SHA-256 of headline and body.

    Widths and white space do not count (NFKC, all white space removed), so an article keeps its
    name through re-encoding and re-indenting.

    Args:
        published: the day it was printed.
        page: its page, None where unknown (written 0).
        headline: the original's whole headline.
        body: the original's body.
    """
    said = "\n".join((_normalise(headline), _normalise(body)))
    digest = hashlib.sha256(said.encode("utf-8")).hexdigest()[:10]
    return f"{published.isoformat()}.p{page or 0}.{digest}"


def _normalise(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
