"""Segments: merged by size, named in one step, checked when opened, and all searched as one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from fakes import Interruption, cut_short, delete, flip_bit

from rag.errors import IndexMismatch, LedgerError
from rag.index import index as opened
from rag.index import segments
from rag.index.index import Index
from rag.index.ledger import Ledger
from rag.index.segments import CATALOG, Catalog, publish, read_catalog
from rag.types import Article, Filter, Language, Period

FINGERPRINT = "model:16|chunks|cutter"

Fill = Callable[..., list[Article]]
Shown = tuple[int, float, float, tuple[str, ...]]
Ask = Callable[..., list[Shown]]


class Whole(NamedTuple):
    """An index, opened, and the ledger it was made from."""

    ledger: Ledger
    index: Index


QUERY = np.random.default_rng(3).normal(size=16).astype(np.float32)
QUERY /= np.linalg.norm(QUERY)
TERMS = {"zh": ["钢", "2", "1"], "en": ["factory", "2", "11"]}
GROUPS = {language: [{term: 1.0} for term in terms] for language, terms in TERMS.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "index"


def find(index: Index, language: Language = "zh", k: int = 5, **wanted: Any) -> list[Shown]:
    """What an index proposes, by key."""
    found = index.candidates(language, QUERY, GROUPS[language], k, Filter(**wanted))
    rows = zip(
        found.keys.tolist(),
        (found.vectors @ QUERY if len(found.keys) else np.empty(0)).round(3).tolist(),
        found.keyword.round(3).tolist(),
        found.proposed_by,
        strict=True,
    )
    return sorted(rows)


@pytest.fixture
def ask(ledger: Ledger, folder: Path) -> Ask:
    """Opens the index, asks it once, closes it."""

    def run(language: Language = "zh", k: int = 5) -> list[Shown]:
        index = Index(folder, ledger, FINGERPRINT)
        found = find(index, language, k)
        index.close()
        return found

    return run


def sizes(catalog: Catalog) -> list[int]:
    return [entry.passages for entry in catalog.segments]


def folders(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_dir()}


# -- publishing


def test_one_by_one_segments_merge_like_the_digits_of_a_binary_counter(
    ledger: Ledger, folder: Path, fill: Fill
) -> None:
    grown = []
    for number in range(8):
        fill(ledger, [number])
        grown.append(sizes(publish(ledger, folder, FINGERPRINT)))
    assert grown == [[1], [2], [2, 1], [4], [4, 1], [4, 2], [4, 2, 1], [8]]


def test_segments_cover_the_keys_without_gaps_and_old_folders_go(
    ledger: Ledger, folder: Path, fill: Fill
) -> None:
    for number in range(7):
        fill(ledger, [number])
        publish(ledger, folder, FINGERPRINT)
    catalog = publish(ledger, folder, FINGERPRINT)
    assert [(e.after, e.upto) for e in catalog.segments] == [(0, 4), (4, 6), (6, 7)]
    assert folders(folder) == {entry.name for entry in catalog.segments}
    assert read_catalog(folder) == catalog


def test_a_little_added_to_much_leaves_the_large_segment_alone(
    ledger: Ledger, folder: Path, fill: Fill
) -> None:
    fill(ledger, range(20))
    (large,) = publish(ledger, folder, FINGERPRINT).segments
    fill(ledger, [20, 21])
    catalog = publish(ledger, folder, FINGERPRINT)
    assert catalog.segments[0] == large
    assert sizes(catalog) == [20, 2]


def test_nothing_new_writes_nothing(ledger: Ledger, folder: Path, fill: Fill) -> None:
    fill(ledger, [1])
    before = publish(ledger, folder, FINGERPRINT)
    stamp = (folder / CATALOG).stat().st_mtime_ns
    assert publish(ledger, folder, FINGERPRINT) == before
    assert (folder / CATALOG).stat().st_mtime_ns == stamp


def test_an_empty_archive_has_an_empty_index(ledger: Ledger, folder: Path, ask: Ask) -> None:
    assert sizes(publish(ledger, folder, FINGERPRINT)) == []
    assert ask() == []


def test_many_removals_write_a_segment_anew(
    ledger: Ledger, folder: Path, fill: Fill, ask: Ask
) -> None:
    fill(ledger, range(10))
    publish(ledger, folder, FINGERPRINT)
    for number in range(3):
        ledger.remove_source("/in", f"{number}.txt")
    assert sizes(publish(ledger, folder, FINGERPRINT)) == [7]
    assert ledger.removed_keys().tolist() == []
    assert {key for key, *_ in ask(k=99)} == set(range(4, 11))


@pytest.mark.parametrize("stage", ["_seal", "_write_catalog"])
@pytest.mark.parametrize("fresh", [False, True])
def test_a_crash_while_publishing_leaves_the_previous_index(
    ledger: Ledger,
    folder: Path,
    fill: Fill,
    ask: Ask,
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
    fresh: bool,
) -> None:
    fill(ledger, range(3))
    publish(ledger, folder, FINGERPRINT)
    before = ask(k=99)
    fill(ledger, [3, 4])

    with monkeypatch.context() as patch:
        patch.setattr(segments, stage, Interruption(1))
        with pytest.raises(KeyboardInterrupt):
            publish(ledger, folder, FINGERPRINT, fresh)
    assert ask(k=99) == before
    catalog = publish(ledger, folder, FINGERPRINT)
    assert {key for key, *_ in ask(k=99)} == {1, 2, 3, 4, 5}
    publish(ledger, folder, FINGERPRINT)
    assert folders(folder) == {entry.name for entry in catalog.segments}


def test_a_crash_before_removals_are_forgotten_is_made_good(
    ledger: Ledger, folder: Path, fill: Fill, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(ledger, range(10))
    publish(ledger, folder, FINGERPRINT)
    for number in range(5):
        ledger.remove_source("/in", f"{number}.txt")
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "forget_removed", Interruption(1))
        with pytest.raises(KeyboardInterrupt):
            publish(ledger, folder, FINGERPRINT)
    expected = set(range(6, 11))
    assert {key for key, *_ in ask(k=99)} == expected
    publish(ledger, folder, FINGERPRINT)
    assert {key for key, *_ in ask(k=99)} == expected


def test_ticks_add_up_to_the_passages(ledger: Ledger, folder: Path, fill: Fill) -> None:
    fill(ledger, range(6), ("zh", "en"))
    ticks: list[int] = []
    publish(ledger, folder, FINGERPRINT, tick=ticks.append)
    assert sum(ticks) == 12


# -- fingerprints


def test_another_fingerprint_is_refused_with_what_mends_it(
    ledger: Ledger, folder: Path, fill: Fill
) -> None:
    fill(ledger, [1])
    publish(ledger, folder, FINGERPRINT)
    with pytest.raises(IndexMismatch, match="jiubao rebuild"):
        Index(folder, ledger, "another")
    with pytest.raises(IndexMismatch, match="jiubao rebuild"):
        publish(ledger, folder, "another")


def test_passages_made_otherwise_are_never_mixed_in(
    ledger: Ledger, folder: Path, fill: Fill
) -> None:
    """What an interrupted `rebuild` with another encoder leaves behind."""
    fill(ledger, [1])
    with pytest.raises(IndexMismatch, match="jiubao rebuild"):
        publish(ledger, folder, "another")
    with pytest.raises(IndexMismatch, match="jiubao rebuild"):
        publish(ledger, folder, "another", fresh=True)


# -- damage


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("harm", [cut_short, flip_bit, delete])
def test_no_damaged_file_is_opened(
    ledger: Ledger, folder: Path, fill: Fill, ask: Ask, harm: Callable[[Path], None]
) -> None:
    fill(ledger, range(3), ("zh", "en"))
    publish(ledger, folder, FINGERPRINT)
    # Chroma leaves link_lists.bin empty in a small graph: half of nothing is whole.
    names = [path for path in files_of(folder) if path.stat().st_size]
    assert {"chroma.sqlite3", "data_level0.bin", "keys.npy"} <= {path.name for path in names}
    for path in names:
        good = path.read_bytes()
        harm(path)
        if not (path.name == CATALOG and harm is not cut_short):
            with pytest.raises(LedgerError, match="jiubao rebuild"):
                Index(folder, ledger, FINGERPRINT)
        path.write_bytes(good)
    assert ask(k=99)


def test_a_catalog_that_is_not_one_says_what_to_run(ledger: Ledger, folder: Path) -> None:
    folder.mkdir(parents=True)
    for text in ("", "[]", '{"segments": 3}', "\0", '{"fingerprint": "a", "segments": [{}]}'):
        (folder / CATALOG).write_text(text)
        with pytest.raises(LedgerError, match="jiubao rebuild"):
            read_catalog(folder)


# -- removed passages


def test_removed_passages_never_come_back(
    ledger: Ledger, folder: Path, fill: Fill, ask: Ask
) -> None:
    fill(ledger, range(12))
    publish(ledger, folder, FINGERPRINT)
    index = Index(folder, ledger, FINGERPRINT)
    ledger.remove_source("/in", "11.txt")
    assert 12 not in index.passages(list(range(1, 13)))  # opened before
    index.close()
    assert 12 not in {key for key, *_ in ask(k=99)}
    publish(ledger, folder, FINGERPRINT)
    assert 12 not in {key for key, *_ in ask(k=99)}
    for numbers in ([12], [13, 14], range(15, 40)):
        fill(ledger, numbers)
        publish(ledger, folder, FINGERPRINT)
        assert 12 not in {key for key, *_ in ask(k=99)}


# -- searching


FILTERS: Sequence[dict[str, Any]] = (
    {},
    {"period": Period(date(1957, 1, 10), date(1957, 1, 20))},
    {"period": Period(None, date(1957, 1, 5))},
    {"period": Period(date(1957, 2, 1), None)},
    {"page": 2},
    {"author": "Liao Yongxiang"},
    {"period": Period(date(1957, 1, 5), date(1957, 2, 1)), "page": 1, "author": "廖永祥"},
)


def by_hand(ledger: Ledger, language: Language, wanted: dict[str, Any]) -> list[int]:
    """The nearest keys by a plain scan of the ledger."""
    period = wanted.get("period") or Period()
    rows = [
        row
        for row in ledger.rows(0, 9_999)
        if row.language == language
        and (period.start or date.min) <= row.published <= (period.end or date.max)
        and wanted.get("page") in (None, row.page)
        and ("author" not in wanted or (row.published - date(1957, 1, 1)).days % 5 == 0)
    ]
    rows.sort(key=lambda row: -float(row.vector @ QUERY))
    return [row.key for row in rows]


@pytest.fixture(scope="module")
def forty(tmp_path_factory: pytest.TempPathFactory, fill: Fill) -> Iterator[Whole]:
    """Forty articles in both languages, in three segments. Only to be read."""
    home = tmp_path_factory.mktemp("forty")
    ledger = Ledger(home)
    for numbers in (range(28), range(28, 38), range(38, 40)):
        fill(ledger, numbers, ("zh", "en"))
        catalog = publish(ledger, home / "index", FINGERPRINT)
    assert sizes(catalog) == [56, 20, 4]
    index = Index(home / "index", ledger, FINGERPRINT)
    yield Whole(ledger, index)
    index.close()
    ledger.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("wanted", FILTERS)
def test_a_filter_admits_what_satisfies_it_by_either_path(
    forty: Whole, monkeypatch: pytest.MonkeyPatch, language: Language, wanted: dict[str, Any]
) -> None:
    exact = find(forty.index, language, 5, **wanted)
    monkeypatch.setattr(opened, "EXACT", 0)
    assert find(forty.index, language, 5, **wanted) == exact
    dense = [key for key, _, _, legs in exact if "dense" in legs]
    everything = by_hand(forty.ledger, language, wanted)
    assert everything
    assert sorted(dense) == sorted(everything[:5])
    assert {key for key, *_ in exact} <= set(everything)


def test_filters_in_turn_do_not_mix(forty: Whole) -> None:
    alone = [find(forty.index, "zh", 5, **wanted) for wanted in FILTERS]
    for _ in range(2):
        assert [find(forty.index, "zh", 5, **wanted) for wanted in FILTERS] == alone
    found = [
        find(forty.index, "zh", 5, **wanted) for wanted in (FILTERS[0], FILTERS[0], FILTERS[1])
    ]
    assert found == [alone[0], alone[0], alone[1]]


def test_vectors_behind_a_filter_are_kept_for_the_next_question(
    forty: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = {"page": 1}, {"page": 2}
    read: list[int] = []
    vectors = forty.ledger.vectors
    monkeypatch.setattr(forty.ledger, "vectors", lambda keys: read.append(1) or vectors(keys))

    def times(*filters: dict[str, Any]) -> int:
        read.clear()
        for wanted in filters:
            find(forty.index, "zh", 5, **wanted)
        return len(read)

    times(first, second)
    assert times(first, second, first) == 3  # those of what was found are read
    monkeypatch.setattr(opened, "KEPT", 0)
    times(first, second)
    assert times(first, second, first) == 3 * (1 + 2)  # two segments hold such pages
    monkeypatch.setattr(opened, "KEPT", 2 * 500)
    assert times(first) == 3
    assert times(first) == 1
    assert times(second, first) == 6


@pytest.mark.parametrize("limit", [0, 2_000])
@pytest.mark.parametrize(
    "wanted",
    [
        {"period": Period(date(1949, 1, 1), date(1949, 12, 31))},
        {"period": Period(date(1957, 1, 20), date(1957, 1, 10))},
        {"page": 99},
        {"author": "nobody"},
        {"page": 1, "period": Period(date(1957, 1, 2), date(1957, 1, 2))},
    ],
)
def test_a_filter_that_nothing_satisfies_finds_nothing(
    forty: Whole, monkeypatch: pytest.MonkeyPatch, wanted: dict[str, Any], limit: int
) -> None:
    monkeypatch.setattr(opened, "EXACT", limit)
    assert find(forty.index, **wanted) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_several_segments_answer_as_one(forty: Whole, tmp_path: Path, language: Language) -> None:
    publish(forty.ledger, tmp_path, FINGERPRINT)
    whole = Index(tmp_path, forty.ledger, FINGERPRINT)
    assert len(whole.segments) == 1
    for k in (1, 5, 40):
        one, other = find(whole, language, k), find(forty.index, language, k)
        assert nearest(one) == nearest(other)
    # Each segment has its own average length of a passage, so the last digits differ.
    assert [key for key, *_ in one] == [key for key, *_ in other]
    assert [w for _, _, w, _ in one] == pytest.approx([w for _, _, w, _ in other], abs=0.02)
    whole.close()


def nearest(found: list[Shown]) -> list[tuple[int, float]]:
    return [(key, cosine) for key, cosine, _, legs in found if "dense" in legs]


def test_every_passage_proposed_has_both_scores(forty: Whole) -> None:
    found = find(forty.index, "en", 5)
    vectors = forty.ledger.vectors([key for key, *_ in found])
    for key, cosine, keyword, _ in found:
        assert cosine == pytest.approx(float(vectors[key] @ QUERY), abs=2e-3)
        assert 0 < keyword < 1  # every English text has "factory"
    assert {leg for *_, legs in found for leg in legs} == {"dense", "keyword"}


def test_a_keyword_score_is_a_share_of_the_best_there_could_be(forty: Whole) -> None:
    scores = {key: keyword for key, _, keyword, _ in find(forty.index, "en", 80)}
    texts = {key: passage.text for key, passage in forty.index.passages(list(scores)).items()}
    first, second = sorted(scores, key=lambda key: -scores[key])[:2]
    assert {texts[key].split()[1] for key in (first, second)} == {"2", "11"}


def test_the_languages_and_the_weights_of_words(forty: Whole) -> None:
    assert set(forty.index.languages) == {"zh", "en"}
    groups = [{term: 1.0} for term in ("factory", "11", "nowhere")]
    weighted = forty.index.weigh("en", [*groups, {"11": 1.0, "factory": 0.5}])
    assert [group for group, _ in weighted][:3] == groups
    factory, eleven, nowhere, both = (weight for _, weight in weighted)
    # The commoner of its terms, which is half of it, tells how much a group weighs.
    assert factory < both < eleven < nowhere
