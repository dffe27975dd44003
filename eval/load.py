"""Where cases come from: a file, a set in another format, or the project's own."""

from __future__ import annotations

from pathlib import Path

from eval import xquad
from eval.cases import SEEDS, Case, load_cases
from eval.squad import read_squad
from rag.archive import Archive
from rag.types import LANGUAGES


def read_cases(path: Path | None, archive: Archive) -> list[Case]:
    """The cases of a file of ours (JSON Lines), a file in SQuAD's format (`.json`), or a folder
    with the XQuAD benchmark; those on the five sample articles where none is named.

    Raises:
        BadCases: the file cannot be used as it stands.
        NotFound: the folder holds no benchmark.
    """
    if path is None:
        return load_cases(SEEDS)
    if path.is_dir():
        held = [language for language in LANGUAGES if language in archive.status().languages]
        return xquad.cases(xquad.load_questions(path), texts=held)
    return read_squad(path) if path.suffix == ".json" else load_cases(path)
