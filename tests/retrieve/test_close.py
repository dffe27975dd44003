"""Close calls: which sentences are read, and what reading them changes."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.archive import Archive
from rag.errors import LedgerError, ModelError
from rag.retrieve import fusion
from rag.retrieve.close import LEG, MOST, Reader, _met, affordable, in_doubt, worth
from rag.retrieve.similarity import FROM, TO, Calibration
from rag.types import Filter

QUESTION = "How many technical innovation suggestions were made in Hongqiao District, Tianjin?"


@given(
    st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1), st.integers(1, 60)), min_size=1),
    st.integers(0, 200),
)
def test_every_hit_has_a_sentence_read_and_the_rest_fits(rows, limit) -> None:
    owners, shares, lengths = zip(*sorted(rows, key=lambda row: row[0]), strict=True)
    kept = affordable(owners, shares, lengths, limit)
    assert {owners[i] for i in kept} == set(owners)
    assert kept == sorted(set(kept))
    # One sentence a hit is read whatever it costs: at most the longest of each.
    longest = sum(
        max(n for o, n in zip(owners, lengths, strict=True) if o == owner) for owner in set(owners)
    )
    assert sum(lengths[i] for i in kept) <= max(limit, longest)


@pytest.fixture
def everything_is_close(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights by which every hit is in doubt, and what is read alone decides."""
    weights = {
        pair: dataclasses.replace(fitted, close=1e9, most=MOST, sentence=0.5, tokens=0.5)
        for pair, fitted in fusion.load_weights().items()
    }
    monkeypatch.setattr("rag.retrieve.close.load_weights", lambda: weights)
    monkeypatch.setattr("rag.retrieve.close.DOUBT", 1e9)


def test_close_calls_are_read_and_the_rest_is_not(
    archive: Archive, everything_is_close: None
) -> None:
    hits = archive.search(QUESTION, k=10)
    assert [LEG in hit.via for hit in hits] == [True] * MOST + [False] * (10 - MOST)
    assert [hit.rank for hit in hits] == list(range(1, 11))
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert hits[0].passage.masthead.source.startswith("000")


def test_reading_changes_the_order_but_not_the_hits(
    archive: Archive, everything_is_close: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = {hit.passage.passage_id for hit in archive.search(QUESTION, k=10)}
    monkeypatch.undo()
    assert read == {hit.passage.passage_id for hit in archive.search(QUESTION, k=10)}


def test_how_well_tokens_are_met_is_the_root_of_the_mean_square_of_the_best() -> None:
    # Two tokens: one met best by .8, the other by nothing better than -.1, which counts as 0.
    matches = np.array([[0.6, 0.8], [-0.3, -0.1]], np.float32)
    assert _met(matches) == pytest.approx((0.8**2 / 2) ** 0.5)
    assert _met(np.zeros((0, 3), np.float32)) == 0.0


def test_the_headline_is_read_too(archive: Archive) -> None:
    searcher = archive.searcher()
    result = searcher.search("Jiaxing Municipal Party Committee Industry Department", k=10)
    text = result.question.text
    asked = {text: searcher.encoder.encode_query_tokens(text)}
    reader = Reader(result.question, asked, searcher.index, searcher.encoder)
    hit = next(hit for hit in result.hits if "Jiaxing" in hit.passage.headline)
    bare = dataclasses.replace(hit.passage.masthead, title={})
    without = dataclasses.replace(hit, passage=dataclasses.replace(hit.passage, masthead=bare))
    (read,), (lacking,) = reader.read([hit], 1024), reader.read([without], 1024)
    assert read.tokens > lacking.tokens
    assert read.sentence == pytest.approx(lacking.sentence, abs=1e-3)


def test_a_hit_that_stands_alone_is_not_read(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = {
        pair: dataclasses.replace(fitted, close=0.0)
        for pair, fitted in fusion.load_weights().items()
    }
    monkeypatch.setattr("rag.retrieve.close.load_weights", lambda: weights)
    assert not any(LEG in hit.via for hit in archive.search(QUESTION))


def test_hits_that_are_all_too_far_off_are_not_read(
    archive: Archive, everything_is_close: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    best = archive.search(QUESTION)[0].score
    monkeypatch.setattr("rag.retrieve.close.WORTH", best)
    assert any(LEG in hit.via for hit in archive.search(QUESTION))
    monkeypatch.setattr("rag.retrieve.close.WORTH", best + 0.01)
    assert not any(LEG in hit.via for hit in archive.search(QUESTION))


def test_the_more_passages_the_more_the_best_must_have() -> None:
    assert worth(57) == worth(200) == pytest.approx(0.35)
    assert worth(2000) == pytest.approx(0.41)
    assert worth(200_000) == pytest.approx(0.53)


def test_nothing_is_read_where_the_second_is_far_behind_the_first() -> None:
    weights = dataclasses.replace(fusion.load_weights()["en", "zh"], close=0.3, most=4)
    assert in_doubt([0.9, 0.75, 0.65, 0.5], weights) == 3  # those within .3 of the first
    assert in_doubt([0.9, 0.69, 0.65, 0.5], weights) == 0
    assert in_doubt([0.9, 0.85, 0.8, 0.8, 0.8], weights) == 4
    assert in_doubt([0.9, 0.85], weights, 0.91) == 0
    assert in_doubt([0.9], weights) == in_doubt([], weights) == 0


def test_a_question_is_moved_to_the_language_of_the_texts() -> None:
    measured = Calibration("x", {"zh": np.array([0.6, 0]), "en": np.array([0, 0.6])})
    question, texts = np.array([1.0, 0]), np.array([[1.0, 0], [0, 1.0]])
    assert measured.moved(question, "zh", "zh").tolist() == [1, 0]
    assert measured.similarity(question, texts, "zh", "zh").tolist() == [1, 0]
    moved = np.array([1 - 0.6 * FROM, 0.6 * TO["en"]])
    expected = moved / np.hypot(*moved)
    assert measured.moved(question, "zh", "en") == pytest.approx(expected, abs=1e-6)
    assert measured.similarity(question, texts, "zh", "en") == pytest.approx(expected, abs=1e-6)
    assert Calibration("x").moved(question, "zh", "en").tolist() == [1, 0]


def test_each_token_of_a_question_is_met_by_the_nearest_of_a_text() -> None:
    question = np.array([[2.0, 0], [0, 3.0]])
    texts = [np.array([[1.0, 0], [3, 4]]), np.empty((0, 2)), np.array([[0, -1.0]])]
    matches = Calibration("x").token_matches(question, texts, "en", "zh")
    assert matches.tolist() == pytest.approx(np.array([[1, 0, 0], [0.8, 0, -1]]), abs=1e-6)


def test_tokens_are_measured_from_the_middle_of_their_language() -> None:
    measured = Calibration("x", {}, {"en": np.array([1.0, 0])}, {"zh": np.array([0, 1.0])})
    matches = measured.token_matches(np.array([[1.0, 1]]), [np.array([[1.0, 1]])], "en", "zh")
    assert matches.tolist() == [[0]]  # (0, 1) and (1, 0)


def test_the_keyword_leg_works_alone(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ModelError("vectors that are not numbers")

    monkeypatch.setattr(archive.encoder, "encode_query_tokens", fail)
    result = archive.find(QUESTION)
    assert result.down == ("dense",)
    assert result.hits[0].passage.masthead.source.startswith("000")
    assert all(hit.via == ("keyword",) for hit in result.hits)


@pytest.mark.parametrize(
    ("broken", "down"),
    [
        ("rag.index.vectors.VectorStore.query", "dense"),
        ("rag.index.lexicon.Lexicon.scores", "keyword"),
    ],
)
def test_either_leg_works_alone_when_the_other_store_fails(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, broken: str, down: str
) -> None:
    def fail(*_: object) -> None:
        raise LedgerError("gone")

    monkeypatch.setattr(broken, fail)
    result = archive.find(QUESTION, filter=Filter())
    assert result.down == (down,)
    assert result.hits[0].passage.masthead.source.startswith("000")
    assert all(down not in hit.via for hit in result.hits)
