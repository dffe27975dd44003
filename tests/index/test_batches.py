"""Texts in batches of like length."""

from hypothesis import given
from hypothesis import strategies as st

from rag.index.batches import AROUND, batches, packs, round_up, shared_out

LENGTHS = st.lists(st.integers(0, 700), max_size=60)


def widest(lengths: list[int], made: list[list[int]]) -> int:
    return max((len(b) * (min(max(lengths[i] for i in b), 512) + AROUND) for b in made), default=0)


@given(LENGTHS, st.integers(1, 3000))
def test_batches_hold_every_text_once_within_the_bound(lengths: list[int], limit: int) -> None:
    made = batches(lengths, limit, longest=512)
    assert sorted(i for batch in made for i in batch) == list(range(len(lengths)))
    for batch in made:
        assert len(batch) == 1 or widest(lengths, [batch]) <= limit
    order = [lengths[i] for batch in made for i in batch]
    assert order == sorted(order, reverse=True)


def test_batches_by_hand() -> None:
    # 92 + 8 = 100 wide: two fit in 200; then 42 + 8 = 50 wide: four would.
    assert batches([42, 92, 42, 92, 42], 200, 512) == [[1, 3], [0, 2, 4]]
    assert batches([], 200, 512) == []
    # 104 wide, being a multiple of eight: two are 208, and 56 wide, of which three would fit.
    assert batches([42, 92, 42, 92, 42], 200, 512, 8) == [[1], [3], [0, 2, 4]]
    assert [round_up(number, 16) for number in (0, 16, 17)] == [0, 16, 32]


@given(LENGTHS, st.integers(600, 3000), st.sampled_from([8, 16, 32]))
def test_full_batches_of_a_width_have_one_shape(lengths: list[int], limit: int, step: int) -> None:
    """So that what was worked out for a shape serves again."""
    made = batches(lengths, limit, 512, step)
    widths = [round_up(min(lengths[batch[0]], 512) + AROUND, step) for batch in made]
    assert all(width * len(batch) <= limit for width, batch in zip(widths, made, strict=True))
    whole = zip(widths[:-1], made[:-1], strict=True)
    assert all(len(batch) == limit // width for width, batch in whole)


@given(LENGTHS, st.integers(1, 4))
def test_workers_share_out_every_text_once(lengths: list[int], workers: int) -> None:
    made = shared_out(lengths, workers, longest=512)
    assert sorted(i for batch in made for i in batch) == list(range(len(lengths)))
    assert len(made) <= workers
    assert widest(lengths, made) <= widest(lengths, [list(range(len(lengths)))] if lengths else [])


def test_shared_out_by_hand() -> None:
    # One batch would be 5 x 100 wide; the long texts apart are 2 x 100, the short ones 3 x 50.
    assert shared_out([42, 92, 42, 92, 42], 2, 512) == [[1, 3], [0, 2, 4]]
    assert shared_out([42, 92, 42, 92, 42], 1, 512) == [[1, 3, 0, 2, 4]]
    assert shared_out([], 2, 512) == []


@given(LENGTHS, st.integers(1, 4), st.integers(1, 900))
def test_packs_hold_every_text_once(lengths: list[int], workers: int, limit: int) -> None:
    made = packs(lengths, workers, limit)
    assert sorted(i for row in made for i in row) == list(range(len(lengths)))
    held = [sum(lengths[i] for i in row) for row in made]
    # The greedy rule: no row is ahead of another by more than its last text.
    assert max(held, default=0) - min(held, default=0) <= max(lengths, default=0)
    assert len(made) == len(lengths) or len(made) % workers == 0
    assert all(held) or len(made) == len(lengths) or not all(lengths)


def test_packs_by_hand() -> None:
    assert packs([42, 92, 42, 92, 42], 2, 320) == [[1, 0, 4], [3, 2]]
    assert packs([300, 200, 200, 300], 1, 320) == [[0], [3], [1], [2]]
    assert packs([7], 2, 320) == [[0]]
    assert packs([], 2, 320) == []
