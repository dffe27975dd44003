"""Characters of an article that would act on a screen instead of standing on it.

An archive is other people's text: an escape sequence in it must not drive a terminal, and a
direction override must not turn a sentence around. Each such character is shown as one visible
character, so that what is printed keeps its length; the stored text is never touched.
"""

from __future__ import annotations

import re

# Direction marks, embeddings, overrides and isolates, line and paragraph separators, tags.
_ACTING = "\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\U000e0000-\U000e007f"
_HARMFUL = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_ACTING}\ud800-\udfff]")
_PICTURES = 0x2400  # the block whose n-th character is the picture of control character n
_DELETE, _DELETE_PICTURE = 0x7F, 0x2421


def harmless(text: str) -> str:
    """`text` with every control and direction character made visible.

    Line feeds and tabs stay. Control characters become their pictures (ESC is ␛), the rest �.
    """
    return _HARMFUL.sub(_picture, text)


def one_line(text: str) -> str:
    """`text`, harmless and with all white space folded, for messages."""
    return harmless(" ".join(text.split()))


def escape_json(document: str) -> str:
    r"""A JSON document with the same characters written as `\uXXXX`: equal when read, harmless
    when shown."""
    return _HARMFUL.sub(_unicode_escape, document)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(_PICTURES + code)
    return chr(_DELETE_PICTURE) if code == _DELETE else "\ufffd"


def _unicode_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
