"""The JSON documents of the command line: the types, written out. Pure, no rounding of facts."""

from __future__ import annotations

import json
from typing import Any

from rag.types import (
    Answer,
    Citation,
    Hit,
    IngestReport,
    Masthead,
    Period,
    Quote,
    SearchResult,
    Status,
)
from ui.safe import escape_json

Document = dict[str, Any]


def dumps(document: Document) -> str:
    """One JSON document as text: characters as they are, save those that act on a terminal."""
    return escape_json(json.dumps(document, ensure_ascii=False, indent=2))


def search_document(result: SearchResult) -> Document:
    """What `search --json` prints."""
    return {
        "question": result.question.text,
        "language": result.question.language,
        "period": _period(result.question.period),
        "hits": [_hit(hit) for hit in result.hits],
        "timings_ms": dict(result.timings_ms),
    }


def answer_document(answer: Answer) -> Document:
    """What `ask --json` prints."""
    return {
        "question": answer.question.text,
        "language": answer.language,
        "state": answer.state,
        "answer": answer.text,
        "citations": [_citation(citation) for citation in answer.citations],
        "verdicts": [
            {"sentence": verdict.sentence, "support": verdict.support, "reason": verdict.reason}
            for verdict in answer.verdicts
        ],
        "hits": [_hit(hit) for hit in answer.hits],
        "model": answer.model or None,
        "timings_ms": dict(answer.timings_ms),
    }


def ingest_document(report: IngestReport) -> Document:
    """What `ingest --json` prints."""
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "failed": [{"source": each.source, "error": each.error} for each in report.failed],
        "articles": report.articles,
        "passages": report.passages,
        "seconds": report.seconds,
    }


def status_document(status: Status) -> Document:
    """What `status --json` and `rebuild --json` print."""
    first_last = Period(*status.period) if status.period else None
    return {
        "home": status.home,
        "articles": status.articles,
        "passages": status.passages,
        "sources": status.sources,
        "failed": status.failed,
        "languages": dict(status.languages),
        "period": _period(first_last),
        "model": status.model,
        "index": status.index,
    }


def error_document(message: str, remedy: str) -> Document:
    """What any command prints with `--json` when it fails."""
    return {"error": message, "remedy": remedy}


def _period(period: Period | None) -> Document | None:
    if period is None:
        return None
    return {
        "from": period.start.isoformat() if period.start else None,
        "to": period.end.isoformat() if period.end else None,
    }


def _hit(hit: Hit) -> Document:
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": hit.score,
        "via": list(hit.via),
        "passage_id": passage.passage_id,
        **_masthead(passage.masthead),
        "language": passage.language,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
    }


def _citation(citation: Citation) -> Document:
    return {
        "mark": citation.mark,
        **_masthead(citation.masthead),
        "authors": list(citation.masthead.authors),
        "quote": _quote(citation.quote),
        "counterpart": _quote(citation.counterpart) if citation.counterpart else None,
    }


def _masthead(masthead: Masthead) -> Document:
    return {
        "article_id": masthead.article_id,
        "source": masthead.source,
        "title": {"zh": masthead.title.get("zh"), "en": masthead.title.get("en")},
        "date": masthead.published.isoformat(),
        "page": masthead.page,
    }


def _quote(quote: Quote) -> Document:
    return {
        "language": quote.language,
        "role": quote.role,
        "text": quote.text,
        "start": quote.start,
        "end": quote.end,
    }
