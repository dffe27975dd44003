import json
from datetime import date

from ui_values import ATTACK, RESULT, answer

from rag.types import IngestReport, ReadFailure, Status
from ui import jsonout

HIT_KEYS = {
    "rank", "score", "via", "passage_id", "article_id", "source", "title", "date", "page",
    "language", "start", "end", "text",
}  # fmt: skip
QUOTE_KEYS = {"language", "role", "text", "start", "end"}


def test_search_has_the_keys_of_the_contract():
    document = jsonout.search_document(RESULT)
    assert set(document) == {"question", "language", "period", "hits", "timings_ms"}
    assert document["period"] == {"from": "1959-01-01", "to": None}
    (hit,) = document["hits"]
    assert set(hit) == HIT_KEYS
    assert hit["title"] == {"zh": "上下齐动手", "en": "Top and Bottom"}
    assert hit["date"] == "1959-11-24"


def test_ask_has_the_keys_of_the_contract():
    document = jsonout.answer_document(answer())
    assert set(document) == {
        "question", "language", "state", "answer", "citations", "verdicts", "hits", "model",
        "timings_ms",
    }  # fmt: skip
    (citation,) = document["citations"]
    assert set(citation) == {
        "mark", "article_id", "source", "title", "date", "page", "authors", "quote", "counterpart",
    }  # fmt: skip
    assert set(citation["quote"]) == set(citation["counterpart"]) == QUOTE_KEYS
    assert set(document["verdicts"][0]) == {"sentence", "support", "reason"}
    assert set(document["hits"][0]) == HIT_KEYS
    assert document["model"] == "quote"
    assert jsonout.answer_document(answer(model=""))["model"] is None


def test_ingest_has_the_keys_of_the_contract():
    report = IngestReport(1, 2, 3, 4, (ReadFailure("a.txt", "no date"),), 5, 6, 7.5)
    assert jsonout.ingest_document(report) == {
        "added": 1, "updated": 2, "unchanged": 3, "removed": 4,
        "failed": [{"source": "a.txt", "error": "no date"}],
        "articles": 5, "passages": 6, "seconds": 7.5,
    }  # fmt: skip


def test_status_has_the_keys_of_the_contract():
    period = (date(1953, 10, 31), date(1959, 11, 24))
    status = Status("/home", 5, 57, 5, 0, {"zh": 5, "en": 5}, period, {1959: 2}, "e5", "ready")
    document = jsonout.status_document(status)
    assert set(document) == {
        "home", "articles", "passages", "sources", "failed", "languages", "period", "model",
        "index",
    }  # fmt: skip
    assert document["period"] == {"from": "1953-10-31", "to": "1959-11-24"}


def test_a_document_says_exactly_what_it_was_given_and_drives_no_terminal():
    written = jsonout.dumps({"text": ATTACK})
    assert json.loads(written) == {"text": ATTACK}
    assert "\x1b" not in written
    assert "\u202e" not in written
