"""Records made by hand, for tests that need no archive."""

from __future__ import annotations

from typing import Any

from eval.cases import Case, GoldQuote
from eval.records import Cited, Gold, Header, Place, Record, Reply, Run, Sentence, Shown
from rag.types import Language

HEADER = Header(
    "2026-11-21T00:00:00+00:00", "by hand", "0" * 64, "quote", {"encoder": "bundled"},
    {"encoder": "e", "index": "i"}, {"python": "3.11"},
    {"articles": "1", "passages": "2", "period": "1959"},
)  # fmt: skip


def place(start: int, end: int, article: str = "a", language: Language = "zh") -> Place:
    return Place(article, language, start, end)


def cited(mark: int, where: Place, text: str = "q", across: Place | None = None) -> Cited:
    return Cited(
        mark,
        "headline",
        Shown(where, "original", text),
        Shown(across, "translation", "t") if across else None,
    )


def record(
    name: str = "one",
    language: Language = "zh",
    answerable: bool = True,
    cites: tuple[Cited, ...] = (),
    state: str | None = None,
    text: str | None = None,
    needed: tuple[tuple[Place, ...], ...] | None = None,
    acceptable: tuple[Place, ...] = (),
    case: dict[str, Any] | None = None,
    **fields: Any,
) -> Record:
    """A record; answerable ones have their gold at 0-10 of the Chinese text of article `a`."""
    needed = (((place(0, 10)),),) if needed is None and answerable else needed or ()
    gold = tuple(GoldQuote("a", g[0].language if g else "zh", f"gold {i}")
                 for i, g in enumerate(needed))  # fmt: skip
    more: dict[str, Any] = {"question": "问？"} | (
        {"articles": ("a",), "gold": gold, "answers": ("二十",), "kind": "how_many"}
        if answerable
        else {"why_not": "absent"}
    )
    state = state or ("complete" if cites else "refused")
    shown = "".join(f"“{c.quote.text}”[{c.mark}]" for c in cites) if text is None else text
    values: dict[str, Any] = {
        "family": "a",
        "gold": Gold(needed, acceptable, {"zh": ("p1",)} if answerable else {}),
        "rankings": {"zh/fused": ("p1", "p2"), "zh/dense": ("p2", "p1")} if answerable else {},
        "evidence": (Sentence(place(0, 10), "gold", 1.0),),
        "margin": 1.0 if cites else -1.0,
        "unsupported": (),
        "faults": (),
        "timings_ms": {"evidence": 1.0, "first_text": 2.0, "done": 3.0},
        "tokens": 5,
    }
    return Record(
        Case(name, language=language, answerable=answerable, **(more | (case or {}))),
        reply=Reply(state, shown, "quote", "", cites, (), ("p1", "p2")),  # type: ignore[arg-type]
        **(values | fields),
    )


def run(*records: Record) -> Run:
    return Run(HEADER, tuple(records))
