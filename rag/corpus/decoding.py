"""From the bytes of a file to its characters, or one clear reason why not.

Nothing is guessed: a decoding is accepted when it is strict and its result looks like a newspaper.
"""

from __future__ import annotations

import codecs
import re

from rag.errors import UnreadableFile

MAX_BYTES = 8 * 1024 * 1024
"""The largest article file that is read, in bytes."""
MOST_CHARACTERS = 500_000
"""The longest article that is read, in code points: a book, or fifty pages of a newspaper."""

_SAVE_AS_UTF8 = "save it again as UTF-8"
_GET_AGAIN = "fetch the file again"

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b\x7f-\x84\x86-\x9f]")
_HAN = re.compile(r"[\u3400-\u9fff]")
# What Chinese and English newsprint is made of; other scripts come up in quotations only.
_NEWSPRINT = re.compile(
    r"[\s -~\u00b7\u00d7\u2010-\u2027\u2030-\u203b\u2460-\u24ff"
    r"\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
)
_PRINTED_PAGE = re.compile(r"第\s*\d+\s*版|专栏|專欄")
_COMMON_SHARE = 0.7
_NEWSPRINT_SHARE = 0.95
_CONTROL_SHARE = 0.01


def decode(data: bytes) -> str:
    """The characters of a file: UTF-8, UTF-16 with a byte order mark, or GB18030.

    Line ends become line feeds; nothing else is changed.

    Args:
        data: the file, whole.

    Raises:
        UnreadableFile: too large, empty, binary, cut off, or in no encoding known here.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableFile(
            f"the file is larger than {MAX_BYTES // 1024**2} MiB",
            "split it into one file an article",
        )
    if not data.strip():
        raise UnreadableFile("the file is empty", _GET_AGAIN)
    text = _characters(data)
    if "\x00" in text or len(_CONTROL.findall(text)) > _CONTROL_SHARE * len(text):
        raise UnreadableFile("the file is binary, not text", "give the article as a text file")
    if not text.strip("\ufeff \t\r\n\u3000"):
        raise UnreadableFile("the file is empty", _GET_AGAIN)
    if len(text) > MOST_CHARACTERS:
        raise UnreadableFile(
            f"the file has more than {MOST_CHARACTERS:,} characters",
            "split it into one file an article",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _characters(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise _undecodable("UTF-16", error, len(data)) from error
    if b"\x00" in data:
        raise UnreadableFile("the file is binary, not text", "give the article as a text file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        marked = data.startswith(codecs.BOM_UTF8)
        if marked or (_at_end(error, len(data)) and not data[: error.start].isascii()):
            raise _undecodable("UTF-8", error, len(data)) from error
    return _gb18030(data)


def _gb18030(data: bytes) -> str:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        if _at_end(error, len(data)) and _looks_printed(data[: error.start].decode("gb18030")):
            raise _undecodable("GB18030", error, len(data)) from error
        raise UnreadableFile("the file is neither UTF-8 nor GB18030 text", _SAVE_AS_UTF8) from error
    if not _looks_printed(text):
        raise UnreadableFile("the file is neither UTF-8 nor GB18030 text", _SAVE_AS_UTF8)
    return text


def _looks_printed(text: str) -> bool:
    """Whether a GB18030 decoding is what someone wrote.

    Nearly any bytes decode as GB18030. Other encodings read that way give rare characters: of the
    hanzi of a newspaper over nine in ten are among GB 2312's 3,755 common ones (Traditional text
    is not, but has the page line in plain sight).
    """
    if len(_NEWSPRINT.findall(text)) < _NEWSPRINT_SHARE * len(text):
        return False
    if _PRINTED_PAGE.search(text):
        return True
    hanzi = _HAN.findall(text)
    return sum(map(_is_common, hanzi)) >= _COMMON_SHARE * len(hanzi)


def _is_common(character: str) -> bool:
    encoded = character.encode("gb2312", errors="ignore")
    return bool(encoded) and encoded[0] <= 0xD7


def _at_end(error: UnicodeDecodeError, size: int) -> bool:
    """Whether the bytes run out in the middle of the last character."""
    return error.end >= size and size - error.start < 4


def _undecodable(encoding: str, error: UnicodeDecodeError, size: int) -> UnreadableFile:
    if _at_end(error, size):
        return UnreadableFile(
            f"the file is cut off: its last character is incomplete ({encoding})", _GET_AGAIN
        )
    return UnreadableFile(f"byte {error.start:,} of the file is not {encoding}", _SAVE_AS_UTF8)
