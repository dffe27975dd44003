"""Many readers at once: `make load` asks for five minutes and prints how long they waited.

Each reader is a browser's worth of HTTP: a cookie, a session, a question, its stream of updates,
and a look at the conversation kept. Each question holds a word of its reader's own, and the model
repeats the question: a word of another's in what a reader gets is a mix-up.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from rag.archive import Archive
from rag.config import Settings
from ui.serve import Serving, served

ROOT = Path(__file__).resolve().parents[2]
WORD = re.compile(r"reader[0-9]+x")


class Echo:
    """A language model that repeats the question's own word, then cites what it was shown."""

    name = "echo"

    def stream(self, messages):
        shown = "\n".join(message.text for message in messages)
        marks = re.findall(r"^\[\d+\]", shown, re.MULTILINE)[:1]
        said = f"{WORD.search(shown)[0]} Liao Shigang realized 60 technical innovations {marks}."
        for at in range(0, len(said), 12):
            time.sleep(0.01)
            yield said[at : at + 12]

    def health(self):
        return "ready"


@dataclass
class Tally:
    """What all readers met with: seconds to first evidence and text, faults in words."""

    evidence: list[float] = field(default_factory=list)
    text: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    asked: int = 0


def read_for(seconds: float, readers: int, address: str) -> Tally:
    """Lets `readers` ask at once for so long."""
    tally = Tally()
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_reader, args=(address, number, until, tally))
        for number in range(readers)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return tally


def _reader(address: str, number: int, until: float, tally: Tally) -> None:
    word = f"reader{number}x"
    with httpx.Client(base_url=address, trust_env=False, timeout=120) as browser:
        try:
            browser.get("").raise_for_status()
            steps = _steps(browser.get("config").json())
            turn = 0
            while time.monotonic() < until:
                _ask(browser, steps, f"{word}{turn}", word, tally)
                turn += 1
                time.sleep(1 + number % 4)  # a reader reads
        except Exception as error:
            tally.faults.append(f"{word}: {error!r}")


def _steps(config: dict) -> dict[str, int]:
    """The numbers of the page's own events, by the name of their function, the first of each."""
    return {
        re.sub(r"_[0-9]+$", "", each["api_name"]): each["id"]
        for each in reversed(config["dependencies"])
        if each["api_visibility"] == "private"
    }


def _ask(
    browser: httpx.Client, steps: dict[str, int], session: str, word: str, tally: Tally
) -> None:
    """Asks as the page does: the question is handed over, then its answer is followed."""
    question = f"Who is Liao Shigang? {word}"
    start = time.monotonic()
    for _ in _events(browser, session, steps["_begin"], [question, None]):
        pass
    found: dict[str, float] = {}
    seen = []
    for message in _events(
        browser, session, steps["ask"], [None, None, None, "quote", "", "", "", "", ""]
    ):
        body = json.dumps(message.get("output", {}), ensure_ascii=False)
        seen.append(body)
        for sign, what in (("jb-card", "evidence"), ("jb-answer", "text")):
            if sign in body:
                found.setdefault(what, time.monotonic() - start)
        if not message.get("success", True):
            tally.faults.append(f"{word}: {body[:200]}")
    words = set(WORD.findall("".join(seen)))
    if words != {word} or "text" not in found:
        tally.faults.append(f"{word}: saw {words or 'nothing'}, {''.join(seen)[-200:]}")
        return
    tally.asked += 1
    tally.text.append(found["text"])
    tally.evidence.append(found.get("evidence", found["text"]))


def _events(browser: httpx.Client, session: str, number: int, data: list) -> Iterator[dict]:
    """Sets off one of the page's events and gives what comes of it, to its end."""
    call = {"data": data, "fn_index": number, "session_hash": session}
    joined = browser.post("gradio_api/queue/join", json=call)
    joined.raise_for_status()
    event = joined.json()["event_id"]
    where = {"session_hash": session}
    with browser.stream("GET", "gradio_api/queue/data", params=where) as answer:
        for line in answer.iter_lines():
            message = json.loads(line[5:]) if line.startswith("data:") else {}
            if message.get("event_id") != event:
                continue
            if message["msg"] in ("process_generating", "process_completed"):
                yield message
            if message["msg"] == "process_completed":
                return


def p95(values: list[float]) -> float:
    """The 95th percentile, in the values' unit."""
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def main() -> int:
    """Serves the five sample articles to many readers and prints what they met with."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--readers", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=300)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, Archive(Settings(home=Path(home))) as archive:
        archive.ingest([ROOT / "seeds"])
        archive._models["quote"] = Echo()
        with served(archive, Serving()) as address:
            tally = read_for(given.seconds, given.readers, address)
    told = [
        f"{given.readers} readers, {given.seconds:.0f} s, {tally.asked} answers",
        f"faults: {len(tally.faults)}",
        *tally.faults[:5],
    ]
    if tally.asked:
        told.append(f"p95 to first evidence: {p95(tally.evidence):.2f} s")
        told.append(f"p95 to first text:     {p95(tally.text):.2f} s")
    sys.stdout.write("\n".join(told) + "\n")
    return bool(tally.faults) or not tally.asked


if __name__ == "__main__":
    sys.exit(main())
