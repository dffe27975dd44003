"""What the cosines of an encoder mean, when no weight was fitted with it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import WatchedEncoder
from hypothesis import given
from hypothesis import strategies as st

from rag.archive import Archive
from rag.index.encoder import Encoded
from rag.index.remember import RememberingEncoder
from rag.language import detect_language
from rag.retrieve import calibrate
from rag.retrieve.calibrate import calibration, likenesses, load_fitted, load_items
from rag.retrieve.similarity import SORTS, Anchor, Calibration, read_calibration

ASKED = ("Why were copper basins donated?", "天津红桥区四天里提出了多少件技术革新建议？")


class Centred(RememberingEncoder):
    """The real encoder, its vectors measured from a middle of their own: unlike texts have cosines
    about 0 instead of 0.8."""

    def __init__(self, encoder: WatchedEncoder) -> None:
        super().__init__(encoder)
        self.name, self.fingerprint = "centred", "centred:384:1"
        self.middle = 0.9 * encoder.encode_passages(_sentences()).mean(axis=0)

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        return self._moved(super().encode_queries(texts))

    def encode_passages(self, texts: Sequence[str], progress: object = None) -> np.ndarray:
        return self._moved(super().encode_passages(texts))

    def encode_query_tokens(self, text: str) -> Encoded:
        vector, tokens = super().encode_query_tokens(text)
        return Encoded(self._moved(vector[None])[0], tokens)

    def encode_passage_tokens(self, texts: Sequence[str]) -> list[Encoded]:
        read = super().encode_passage_tokens(texts)
        return [Encoded(self._moved(one.vector[None])[0], one.tokens) for one in read]

    def _moved(self, vectors: np.ndarray) -> np.ndarray:
        moved = vectors - self.middle
        return moved / np.linalg.norm(moved, axis=1, keepdims=True)


class Senseless(Centred):
    """Vectors that have nothing to do with their texts."""

    def __init__(self, encoder: WatchedEncoder) -> None:
        super().__init__(encoder)
        self.name, self.fingerprint = "senseless", "senseless:384:1"
        self.chance = np.random.default_rng(7)

    def _moved(self, vectors: np.ndarray) -> np.ndarray:
        drawn = self.chance.normal(size=vectors.shape).astype(np.float32)
        return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def _sentences() -> list[str]:
    return [*load_items("zh").texts.sentences, *load_items("en").texts.sentences]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache where nothing was measured, and a process that remembers nothing."""
    monkeypatch.setattr("rag.retrieve.calibrate.cache_folder", lambda: tmp_path / "cache")
    calibrate._known.clear()
    yield tmp_path / "cache"
    calibrate._known.clear()


@pytest.fixture
def other(make_archive: Callable[..., Archive], encoder: WatchedEncoder, seeds: Path) -> Archive:
    """The seeds, encoded by another encoder."""
    archive = make_archive()
    archive.encoder = Centred(encoder)
    archive.ingest([seeds])
    return archive


def test_the_items_are_the_same_in_both_languages() -> None:
    zh, en = load_items("zh"), load_items("en")
    assert len(zh.texts.questions) == len(en.texts.questions) == 48
    assert zh.answers.tolist() == en.answers.tolist()
    assert zh.owners.tolist() == en.owners.tolist()
    for language, items in (("zh", zh), ("en", en)):
        every = [*items.texts.questions, *items.texts.sentences]
        assert len(set(every)) == len(every)
        assert {detect_language(text) for text in every} == {language}
        assert items.owners[items.answers].tolist() == list(range(48))


def test_what_was_fitted_is_its_own_measure(encoder: WatchedEncoder, cache: Path) -> None:
    assert calibration(encoder) is load_fitted()
    assert load_fitted().scales == {}
    assert not cache.exists()


def test_in_the_fitted_encoder_what_belongs_together_is_told(encoder: WatchedEncoder) -> None:
    for low, high, spread in load_fitted().anchors.values():
        assert high - low > calibrate.TELLING * spread
    again = calibrate._anchors(load_fitted(), encoder)
    for sort, anchor in load_fitted().anchors.items():  # in another precision, perhaps
        assert again[sort] == pytest.approx(anchor, abs=0.01)


def test_another_encoder_answers_and_refuses_alike(
    other: Archive, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for question in ASKED:
        expected, found = archive.ask(question), other.ask(question)
        assert found.state == expected.state == "complete"
        assert found.citations[0].quote.text == expected.citations[0].quote.text
    assert other.ask("What did Mao say at Lushan in 1959?").state == "refused"
    # Without it, the same encoder is refused what it knows.
    raw = Calibration("centred", load_fitted().passages)
    for module in ("retrieve.search", "retrieve.close", "answer.evidence"):
        monkeypatch.setattr(f"rag.{module}.calibration", lambda _: raw)
    assert {other.ask(question).state for question in ASKED} == {"refused"}


def test_a_statement_is_as_near_to_its_quote_by_any_encoder(
    encoder: WatchedEncoder,
) -> None:
    zh, en = load_items("zh").texts, load_items("en").texts
    for said, held in ((zh, en), (en, zh)):
        pairs = list(zip(said.sentences, held.sentences, strict=True))
        ours, theirs = likenesses(encoder, pairs), likenesses(Centred(encoder), pairs)
        assert np.mean(theirs) == pytest.approx(np.mean(ours), abs=0.01)
        assert np.corrcoef(ours, theirs)[0, 1] > 0.9
    assert likenesses(encoder, []) == []


def test_it_is_measured_once(
    encoder: WatchedEncoder, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "jiubao"):
        first = calibration(Centred(encoder))
        assert calibration(Centred(encoder)) is first
        calibrate._known.clear()  # another process
        second = calibration(Centred(encoder))
    assert second.scales == first.scales
    assert [record.getMessage() for record in caplog.records] == [
        "measuring once what the similarities of centred mean"
    ]
    assert [file.suffix for file in cache.iterdir()] == [".npz"]


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 not a zip", b"\x00" * 64], ids=["empty", "cut", "zeros"]
)
def test_a_spoilt_cache_is_measured_anew(
    encoder: WatchedEncoder, cache: Path, content: bytes
) -> None:
    first = calibration(Centred(encoder))
    (file,) = cache.iterdir()
    file.write_bytes(content)
    calibrate._known.clear()
    assert calibration(Centred(encoder)).scales == first.scales
    assert read_calibration(file).encoder == "centred"


def test_an_encoder_that_tells_nothing_is_done_without(
    encoder: WatchedEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "jiubao"):
        found = calibration(Senseless(encoder))
    vectors = encoder.encode_passages(_sentences()[:5])
    for asked, language in (("zh", "zh"), ("en", "zh")):
        low = load_fitted().anchors["texts", asked, language].low
        given = found.similarity(vectors[0], vectors, asked, language)
        assert given.tolist() == pytest.approx([low] * 5)
    assert "senseless does not tell what belongs together (texts en-en, en-zh" in caplog.text
    assert "tokens" not in caplog.text  # those are the real encoder's


cosines = st.floats(-1, 1)


@given(cosines, st.floats(0.05, 1), st.floats(0.001, 0.02), cosines, st.floats(0.05, 1))
def test_anchors_are_brought_upon_those_of_the_fitted(low, more, spread, to, wider) -> None:
    anchor, aim = Anchor(low, low + more, spread), Anchor(to, to + wider, spread)
    measured = Calibration("x", anchors=dict.fromkeys(SORTS, anchor))
    fitted = Calibration("y", anchors=dict.fromkeys(SORTS, aim))
    slope, offset = calibrate._on_scale(measured, fitted).scales[SORTS[0]]
    assert [slope * c + offset for c in anchor[:2]] == pytest.approx(aim[:2], abs=1e-6)
