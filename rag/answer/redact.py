"""Keeps keys out of what is shown."""

from __future__ import annotations

import os
import re

HIDDEN = "[hidden]"
LONGEST = 200  # characters of a provider's message

_NAMED = re.compile(r"KEY|TOKEN|SECRET|PASSWORD", re.IGNORECASE)
_SHAPES = (
    re.compile(r"(?<=://)[^/\s@]+(?=@)"),  # user:password@ in an address
    re.compile(r"(?i)(?<=\bbearer\s)\S+|(?<=\bbasic\s)\S{8,}"),
    re.compile(
        r"(?i)(?P<name>(?<![\w-])[\w-]*"
        r"(?:(?:api|access|private)[-_ ]?key|token|secret|passw(?:or)?d|\bauthorization|\bkey)"
        r"[\"']?\s*[:=]\s*[\"']?)[^\s\"',;&)}]+"
    ),
    re.compile(r"(?a:\b(?:(?:sk|pk|rk|gsk|xai|hf|ghp)[-_*]|AIza|AKIA)[-_*\w]{5,})"),
)
# Long runs that mix letters and digits: no word of a provider's message looks like that, but names
# of files do. Hanzi end one.
_GUESS = re.compile(r"(?a:(?<![\w/.-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{28,})")


def redact(text: str) -> str:
    """`text` on one line of at most `LONGEST` characters, without what looks like a key.

    For what others say, providers above all: hides what `hide` does and whatever else may be a
    key.
    """
    text = hide(text, guess=True)
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def hide(text: str, *, guess: bool = False) -> str:
    """`text` as it is, without what says itself to be a key.

    Hidden are the values of environment variables named like keys, Authorization headers,
    passwords in addresses, what is named a key, and the beginnings that providers give their keys.

    Args:
        guess: also long runs of letters and digits, which may be a key or the name of a file.
    """
    for value in own_secrets():
        text = text.replace(value, HIDDEN)
    for shape in _SHAPES:
        text = shape.sub(_hide, text)
    return _GUESS.sub(HIDDEN, text) if guess else text


def _hide(match: re.Match[str]) -> str:
    return (match.groupdict().get("name") or "") + HIDDEN


def own_secrets() -> list[str]:
    """Values of the environment's keys, longest first: one may be part of another."""
    found = {value for name, value in os.environ.items() if _NAMED.search(name) and len(value) >= 8}
    return sorted(found, key=len, reverse=True)
