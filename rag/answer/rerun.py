"""Two records of one question: what they were made with, and how their answers differ. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.replay import Given, Record

_SHOWN = 60  # characters of a text that differs


def other_setting(was: Record, now: Record) -> list[str]:
    """What an answer was made with then and not now, a line each: index, model, settings."""
    found = []
    if was.index != now.index:
        found.append(f"the index is another: it was {was.index}, it is {now.index}")
    if (was.articles, was.passages) != (now.articles, now.passages):
        found.append(
            f"the archive held {was.articles} articles in {was.passages} passages, "
            f"it holds {now.articles} in {now.passages}"
        )
    if was.model != now.model:
        found.append(f"the model is another: it was {was.model}, it is {now.model}")
    for name in sorted({*was.settings, *now.settings}):
        then, here = was.settings.get(name), now.settings.get(name)
        if then != here:
            found.append(f"the setting {name} was {then}, it is {here}")
    return found


def differences(was: Record, now: Record) -> list[str]:
    """How two answers to the same question differ, a line each; empty where they do not."""
    found = []
    before, after = was.answer, now.answer
    if before.state != after.state:
        found.append(f"state: it was {before.state}, it is {after.state}")
    if before.text != after.text:
        at = _first_difference(before.text, after.text)
        then, here = (_shown(text[at:]) for text in (before.text, after.text))
        found.append(f"text: from character {at}, it was “{then}”, it is “{here}”")
    if before.citations != after.citations:
        found.append(_counted("citations", before.citations, after.citations))
    if [_place(hit) for hit in was.given] != [_place(hit) for hit in now.given]:
        found.append(_counted("hits", was.given, now.given))
    return found


def _counted(what: str, before: Sequence[object], after: Sequence[object]) -> str:
    gone = sum(each not in after for each in before)
    new = sum(each not in before for each in after)
    if not gone and not new:
        return f"{what}: the same {len(after)} in another order"
    return f"{what}: there were {len(before)}, there are {len(after)}; {gone} gone, {new} new"


def _place(hit: Given) -> tuple[str, str, int, int]:
    return hit.article_id, hit.language, hit.start, hit.end


def _first_difference(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next(
        (at for at, (a, b) in enumerate(pairs) if a != b),
        min(len(one), len(other)),
    )


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[:_SHOWN] + "…"
