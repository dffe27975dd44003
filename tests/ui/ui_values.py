"""Values to show: one article in both languages, as the types give it."""

from datetime import date

from rag.types import (
    Answer,
    Citation,
    Hit,
    Masthead,
    Passage,
    Period,
    Question,
    Quote,
    SearchResult,
    Verdict,
)

ATTACK = "<script>alert(1)</script>![x](http://evil.example/x.png)${alert(1)}{{value}}\x1b[2J\u202e"

MASTHEAD = Masthead(
    "1959-11-24.p2.0123456789",
    {"zh": "上下齐动手", "en": "Top and Bottom"},
    ("舒堤", "Shu Ti"),
    date(1959, 11, 24),
    2,
    "",
    "seeds/000.txt",
)
QUOTE = Quote("en", "translation", "More than 200,000 were made.", 10, 38)
COUNTERPART = Quote("zh", "original", "提出二十多万件。", 4, 12)
CITATION = Citation(1, MASTHEAD, QUOTE, COUNTERPART)
PASSAGE = Passage("p1", MASTHEAD, "en", 10, 38, QUOTE.text)
HIT = Hit(PASSAGE, 0.5, 1, ("dense", "keyword"))
PERIOD = Period(date(1961, 1, 1), date(1961, 12, 31))
QUESTION = Question("How many?", "en", Period(date(1959, 1, 1), None))
RESULT = SearchResult(QUESTION, (HIT,), {"search": 1.0})


def answer(**changes: object) -> Answer:
    """A complete answer, or one with some fields changed."""
    fields: dict = {
        "question": QUESTION,
        "language": "en",
        "state": "complete",
        "text": f"{QUOTE.text}[1]",
        "citations": (CITATION,),
        "verdicts": (Verdict(QUOTE.text, "supported", ""),),
        "hits": (HIT,),
        "model": "quote",
        "timings_ms": {"search": 1.0},
    }
    return Answer(**(fields | changes))
