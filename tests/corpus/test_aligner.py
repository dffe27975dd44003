"""Alignment: beads with a known answer, properties, and the five seeds against a gold by hand."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.corpus.aligner import align
from rag.corpus.reader import read_article
from rag.corpus.sentences import split_sentences
from rag.index.encoder import Encoder
from rag.types import Pair, Span

SEEDS = Path(__file__).parents[2] / "seeds"
GOLD = Path(__file__).parents[1] / "gold" / "alignment.txt"

Bead = tuple[tuple[int, ...], tuple[int, ...]]


def beads(pairs: tuple[Pair, ...], zh: list[Span], en: list[Span]) -> list[Bead]:
    """Pairs as the numbers of the sentences on each side."""

    def numbers(side: Span | None, spans: list[Span]) -> tuple[int, ...]:
        if side is None:
            return ()
        inside = [i for i, s in enumerate(spans) if side.start <= s.start and s.end <= side.end]
        assert (spans[inside[0]].start, spans[inside[-1]].end) == tuple(side)
        return tuple(inside)

    return [(numbers(pair.zh, zh), numbers(pair.en, en)) for pair in pairs]


def body_of(lengths: list[int], gap: str) -> tuple[str, list[Span]]:
    """A body of sentences of these lengths, with one gap for all."""
    spans, at = [], 0
    for length in lengths:
        spans.append(Span(at, at + length))
        at += length + len(gap)
    return gap.join("x" * length for length in lengths), spans


def made(answer: list[Bead], zh_gap: str = " ", en_gap: str = " ") -> list[Bead]:
    """Align vectors made to have this answer: a meaning for each bead, its parts near it."""
    chance = np.random.default_rng(7)
    sides: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    lengths: tuple[list[int], list[int]] = ([], [])
    shared = chance.normal(size=384)
    for bead in answer:
        meaning = chance.normal(size=384)
        for rows, sizes, side, long in zip(sides, lengths, bead, (30, 90), strict=True):
            for _ in side:
                rows.append(3 * shared + meaning + 0.5 * chance.normal(size=384))
                sizes.append(long // len(side))
    vectors = [np.array([row / np.linalg.norm(row) for row in rows], "f4") for rows in sides]
    zh_body, zh = body_of(lengths[0], zh_gap)
    en_body, en = body_of(lengths[1], en_gap)
    return beads(align(zh_body, zh, en_body, en, vectors[0], vectors[1]), zh, en)


ONE_TO_ONE: list[Bead] = [((i,), (i,)) for i in range(6)]


@pytest.mark.parametrize(
    "answer",
    [
        ONE_TO_ONE,
        [((0,), (0,))],
        [((0,), (0, 1)), ((1,), (2,)), ((2,), (3,)), ((3,), (4,))],
        [((0,), (0,)), ((1, 2), (1,)), ((3,), (2,)), ((4,), (3, 4))],
        [((0,), (0,)), ((), (1,)), ((1,), (2,)), ((2,), (3,)), ((3,), (4,))],
        [((0,), ()), ((1,), ()), ((2,), (0,)), ((3,), (1,)), ((4,), (2,)), ((), (3,))],
    ],
)
def test_known_answers(answer: list[Bead]) -> None:
    assert made(answer) == answer


def test_sentences_merge_only_within_a_paragraph() -> None:
    answer: list[Bead] = [*ONE_TO_ONE, ((6,), (6, 7)), ((7,), (8,))]
    assert made(answer) == answer
    apart = made(answer, en_gap="\n")
    assert all(len(zh) <= 1 and len(en) <= 1 for zh, en in apart)
    assert apart != answer


def test_similarity_is_the_cosine_of_the_sides_as_encoded() -> None:
    zh, en = np.array([[1, 0], [0, 1]], "f4"), np.array([[0.8, 0.6], [0, 1]], "f4")
    spans = [Span(0, 5), Span(5, 10)]
    pairs = align("x" * 10, spans, "x" * 10, spans, zh, en)
    assert [pair.similarity for pair in pairs] == pytest.approx([0.8, 1.0])


def test_an_empty_side_leaves_the_other_alone() -> None:
    row, none = np.ones((1, 4), "f4") / 2, np.zeros((0, 4), "f4")
    span = Span(0, 3)
    assert align("abc", [span], "", [], row, none) == (Pair(span, None, 0.0),)
    assert align("", [], "abc", [span], none, row) == (Pair(None, span, 0.0),)
    assert align("", [], "", [], none, none) == ()


def test_vectors_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        align("abc", [Span(0, 3)], "", [], np.zeros((2, 4), "f4"), np.zeros((0, 4), "f4"))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(1, 60), max_size=12),
    st.lists(st.integers(1, 60), max_size=12),
    st.integers(0, 2**32 - 1),
    st.sampled_from(["", " ", "\n"]),
)
def test_every_sentence_is_in_one_pair_and_none_cross(
    zh_lengths: list[int], en_lengths: list[int], seed: int, gap: str
) -> None:
    chance = np.random.default_rng(seed)
    vectors = []
    for lengths in (zh_lengths, en_lengths):
        rows = chance.normal(size=(len(lengths), 8)).astype("f4")
        vectors.append(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))
    zh_body, zh = body_of(zh_lengths, gap)
    en_body, en = body_of(en_lengths, gap)
    pairs = align(zh_body, zh, en_body, en, vectors[0], vectors[1])
    found = beads(pairs, zh, en)
    assert [i for side, _ in found for i in side] == list(range(len(zh)))
    assert [j for _, side in found for j in side] == list(range(len(en)))
    for pair, (left, right) in zip(pairs, found, strict=True):
        assert (len(left), len(right)) in {(1, 1), (1, 2), (2, 1), (1, 0), (0, 1)}
        assert -1.001 < pair.similarity <= 1.0
        assert pair.similarity == 0.0 or (left and right)
        assert gap != "\n" or len(left) + len(right) <= 2


def read_gold() -> dict[str, list[dict[str, list[str]]]]:
    """For each seed its pairs, each the beginnings of its sentences by language."""
    gold: dict[str, list[dict[str, list[str]]]] = {}
    for block in GOLD.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines and lines[0].startswith("["):
            current = gold.setdefault(lines[0].strip("[]"), [])
        elif lines:
            pair: dict[str, list[str]] = {"zh": [], "en": []}
            for line in lines:
                pair[line[:2]].append(line[3:])
            current.append(pair)
    return gold


def sentence_numbers(body: str, spans: list[Span], beginnings: list[str]) -> tuple[int, ...]:
    """The sentences with these beginnings; a gold that fits the text no more is an error."""
    for beginning in beginnings:
        assert body.count(beginning) == 1, beginning
    places = [body.index(beginning) for beginning in beginnings]
    return tuple(next(i for i, s in enumerate(spans) if s.start <= at < s.end) for at in places)


class Seed:
    """A seed's sentences, their vectors and its gold."""

    def __init__(self, path: Path, pairs: list[dict[str, list[str]]], encoder: Encoder) -> None:
        article = read_article(path.read_bytes(), path.name)
        zh, en = article.text("zh"), article.text("en")
        assert zh
        assert en
        self.zh_body, self.en_body = zh.body, en.body
        self.zh, self.en = split_sentences(zh.body, "zh"), split_sentences(en.body, "en")
        self.zh_vectors = encoder.encode_passages([zh.body[s.start : s.end] for s in self.zh])
        self.en_vectors = encoder.encode_passages([en.body[s.start : s.end] for s in self.en])
        self.gold: list[Bead] = [
            (
                sentence_numbers(zh.body, self.zh, pair["zh"]),
                sentence_numbers(en.body, self.en, pair["en"]),
            )
            for pair in pairs
        ]

    def align(self, zh: list[int], en: list[int]) -> list[Bead]:
        """Align some of the sentences, numbered as in the whole."""
        zh_spans, en_spans = [self.zh[i] for i in zh], [self.en[j] for j in en]
        pairs = align(
            self.zh_body,
            zh_spans,
            self.en_body,
            en_spans,
            self.zh_vectors[zh],
            self.en_vectors[en],
        )
        found = beads(pairs, zh_spans, en_spans)
        return [(tuple(zh[i] for i in left), tuple(en[j] for j in right)) for left, right in found]

    def remaining(self, zh: list[int], en: list[int]) -> set[Bead]:
        """What the gold says of these sentences once the others are gone."""
        kept: set[Bead] = set()
        for left, right in self.gold:
            left_kept, right_kept = (
                tuple(i for i in left if i in zh),
                tuple(j for j in right if j in en),
            )
            if left_kept and right_kept:
                kept.add((left_kept, right_kept))
            else:
                kept |= {((i,), ()) for i in left_kept} | {((), (j,)) for j in right_kept}
        return kept


@pytest.fixture(scope="module")
def seeds() -> list[Seed]:
    encoder, gold = Encoder.load("bundled"), read_gold()
    paths = sorted(SEEDS.glob("*.txt"))
    assert [path.name[:3] for path in paths] == sorted(gold)
    return [Seed(path, gold[path.name[:3]], encoder) for path in paths]


def test_the_gold_names_every_sentence_once(seeds: list[Seed]) -> None:
    for seed in seeds:
        assert [i for left, _ in seed.gold for i in left] == list(range(len(seed.zh)))
        assert [j for _, right in seed.gold for j in right] == list(range(len(seed.en)))


def test_seeds_against_the_gold(seeds: list[Seed], capsys: pytest.CaptureFixture[str]) -> None:
    right = found = 0
    for seed in seeds:
        pairs = seed.align(list(range(len(seed.zh))), list(range(len(seed.en))))
        right += len(set(pairs) & set(seed.gold))
        found += len(pairs)
    with capsys.disabled():
        print(f"\nalignment of the seeds: {right} of {found} right ({right / found:.1%})")  # noqa: T201
    assert right / found >= 0.95


def test_seeds_with_sentences_missing(
    seeds: list[Seed], capsys: pytest.CaptureFixture[str]
) -> None:
    """The seeds leave nothing out, so one sentence in twelve is struck from each side."""
    chance = random.Random(12)
    right = found = expected = alone = alone_right = 0
    for _ in range(8):
        for seed in seeds:
            zh = [i for i in range(len(seed.zh)) if chance.random() > 1 / 12]
            en = [j for j in range(len(seed.en)) if chance.random() > 1 / 12]
            gold, pairs = seed.remaining(zh, en), set(seed.align(zh, en))
            right += len(pairs & gold)
            found += len(pairs)
            expected += len(gold)
            lonely = {bead for bead in gold if not all(bead)}
            alone += len(lonely)
            alone_right += len(lonely & pairs)
    with capsys.disabled():
        shares = f"{right / found:.1%} of the pairs right, {right / expected:.1%} of the gold found"
        print(f"with sentences missing: {shares}, {alone_right / alone:.1%} of the lone ones")  # noqa: T201
    assert right / found >= 0.95
    assert right / expected >= 0.95
