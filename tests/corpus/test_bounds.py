"""What is bounded whatever a file holds: members counted, characters read, sentences weighed."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

import numpy as np
import pytest

from rag.corpus import aligner
from rag.corpus.aligner import align
from rag.corpus.decoding import MOST_CHARACTERS, decode
from rag.corpus.members import ArchiveError
from rag.corpus.zipdirectory import check_directory
from rag.errors import UnreadableFile
from rag.types import Span


def packed(members: int, comment: bytes = b"") -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(members):
            archive.writestr(f"1959年/{number}.txt", "文")
        archive.comment = comment
    return file


@pytest.mark.parametrize("members", [1, 300, 70_000])  # from 65,536 on a zip is a zip64
@pytest.mark.parametrize("comment", [b"", b"PK and more" * 30])
def test_members_of_a_zip_are_counted_before_it_is_opened(members: int, comment: bytes) -> None:
    file = packed(members, comment)
    check_directory(file, members)
    with pytest.raises(ArchiveError, match=f"more than {members - 1:,} members"):
        check_directory(file, members - 1)


def test_what_a_directory_says_of_itself_is_not_believed() -> None:
    data = bytearray(packed(50).getvalue())
    at = data.rfind(b"PK\x05\x06")
    struct.pack_into("<HH", data, at + 8, 1, 1)  # "one member"
    with pytest.raises(ArchiveError, match="more than 49"):
        check_directory(io.BytesIO(bytes(data)), 49)


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06", b"PK\x05\x06" + bytes(18), b"x" * 99])
def test_a_directory_that_is_none_is_left_to_the_decoder(data: bytes) -> None:
    check_directory(io.BytesIO(data), 1)


def test_a_text_of_more_characters_than_any_article_is_refused() -> None:
    assert len(decode("字".encode() * MOST_CHARACTERS)) == MOST_CHARACTERS
    with pytest.raises(UnreadableFile, match="split it"):
        decode("字".encode() * (MOST_CHARACTERS + 1))


@pytest.mark.parametrize(("zh", "en"), [(40, 40), (40, 23), (1, 200), (200, 2)])
def test_long_texts_are_aligned_in_parts(monkeypatch: pytest.MonkeyPatch, zh: int, en: int) -> None:
    """Every sentence is in exactly one pair, in order; no matrix is larger than allowed."""
    monkeypatch.setattr(aligner, "MOST_CELLS", 100)
    sides = [[Span(i * 3, i * 3 + 2) for i in range(count)] for count in (zh, en)]
    vectors = [np.eye(200, dtype=np.float32)[:count] for count in (zh, en)]
    seen: list[int] = []
    bead = aligner._bead

    def watched(one: Any, other: Any, ratio: float) -> Any:
        seen.append(len(one.lengths) * len(other.lengths))
        return bead(one, other, ratio)

    monkeypatch.setattr(aligner, "_bead", watched)
    pairs = align("一。 " * zh, sides[0], "A. " * en, sides[1], *vectors)
    for side, spans in zip(("zh", "en"), sides, strict=True):
        covered = [getattr(pair, side) for pair in pairs if getattr(pair, side)]
        assert covered == sorted(covered)
        assert {span.start for span in spans} >= {span.start for span in covered}
        assert sum((span.end - span.start + 1) // 3 for span in covered) == len(spans)
    assert max(seen) <= 100 or min(zh, en) == 1
    if zh == en:
        assert all(pair.zh == pair.en for pair in pairs)
