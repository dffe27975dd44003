"""How this processor runs a model fastest: a race, run once."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rag.index.attention import BLOCKS

# Texts of some 240 tokens, which is what passages are like, and one that is padded to as many.
_TEXTS = ["天津市红桥区工业职工提出了二十多万件技术革新建议。" * n for n in (*[12] * 9, 2)]
# A way that takes so many times the first one's seconds for a single short text is not run on: a
# processor that only imitates bfloat16 would take a minute for its laps.
_HOPELESS = 2
# Another way of computing the same moves no vector further than this from what it was, by cosine.
_SAME = 0.98


class Way(NamedTuple):
    """How a model is run: the precision of its weights, and what computes its attention (None:
    what it was built for)."""

    precision: str
    attention: str | None


# The first is what every model can do.
WAYS = tuple(
    Way(precision, attention)
    for precision in ("float32", "bfloat16")
    for attention in (None, BLOCKS)
)


def fastest(load: Callable[[Way], Any], name: str, precision: str, cache: Path) -> Way:
    """The way a processor runs a model fastest, as measured once and written down.

    Args:
        load: gives the model, a SentenceTransformer, to be run in a way.
        name: of the model.
        precision: `float32`, `bfloat16`, or `auto`, which leaves it open.
        cache: folder for what was measured.
    """
    ways = [way for way in WAYS if precision in ("auto", way.precision)]
    note = cache / "fastest.json"
    key = f"{_processor()}|{name}|{precision}"
    try:
        known = json.loads(note.read_text("utf-8"))
    except (OSError, ValueError):
        known = {}
    known = known if isinstance(known, dict) else {}
    if known.get(key) not in [list(way) for way in ways]:
        known[key] = _race(load, ways)
        cache.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps(known, indent=1), "utf-8")
    return Way(*known[key])


def _race(load: Callable[[Way], Any], ways: Sequence[Way]) -> Way:
    """The fastest of the ways that give the first one's vectors."""
    best, model = ways[0], load(ways[0])
    glance, _ = _timed(model, _TEXTS[-1:])
    shortest, expected = _timed(model, _TEXTS)
    for way in ways[1:]:
        try:
            model = load(way)
            if _timed(model, _TEXTS[-1:])[0] > _HOPELESS * glance:
                continue
            seconds, vectors = _timed(model, _TEXTS)
        except Exception:  # noqa: S112  whatever a model makes of a way it was not built for
            continue
        if seconds < shortest and (vectors * expected).sum(axis=1).min() > _SAME:
            best, shortest = way, seconds
    return best


def _timed(model: Any, texts: Sequence[str]) -> tuple[float, npt.NDArray[np.float32]]:
    """Seconds that texts take, the shortest of three runs after one to warm up, and their
    vectors."""
    times = []
    for _ in range(4):
        start = time.perf_counter()
        vectors = model.encode(texts, batch_size=len(texts), show_progress_bar=False)
        times.append(time.perf_counter() - start)
    vectors = np.asarray(vectors, np.float32)
    return min(times[1:]), vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        import platform

        return platform.processor() or platform.machine()
    wanted = ("model name", "flags", "Features")
    facts = sorted({line for line in lines if line.startswith(wanted)})
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:12]
