"""Texts -> batches of like length: padding is work for nothing."""

from __future__ import annotations

from collections.abc import Sequence

AROUND = 8  # tokens of the prompt and the markers of a text


def batches(lengths: Sequence[int], limit: int, longest: int, step: int = 1) -> list[list[int]]:
    """Indices of texts in batches of like length, longest first, padding counted.

    Args:
        lengths: tokens of each text.
        limit: tokens a batch may hold, each text padded to its longest; a batch holds at least
            one text.
        longest: tokens at which the model cuts a text.
        step: tokens that a batch's width is a multiple of.
    """
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    result: list[list[int]] = []
    width = 0
    for i in order:
        if result and width * (len(result[-1]) + 1) <= limit:
            result[-1].append(i)
        else:
            width = round_up(min(lengths[i], longest) + AROUND, step)
            result.append([i])
    return result


def round_up(number: int, step: int) -> int:
    """The next multiple of `step`, or the number itself if it is one."""
    return -(-number // step) * step


def shared_out(lengths: Sequence[int], workers: int, longest: int) -> list[list[int]]:
    """Indices of texts in at most as many batches as there are workers, the widest of them as
    narrow as can be; arguments as in `batches`."""
    low, high = 1, len(lengths) * (longest + AROUND) + 1
    while low < high:
        middle = (low + high) // 2
        if len(batches(lengths, middle, longest)) <= workers:
            high = middle
        else:
            low = middle + 1
    return batches(lengths, low, longest)


def packs(lengths: Sequence[int], workers: int, limit: int) -> list[list[int]]:
    """Indices of texts in rows of about as many tokens each, as many rows as workers or a multiple
    of it; fewer where there are fewer texts.

    Args:
        limit: tokens a row should hold at the most; one text may be longer.
    """
    rounds = -(-sum(lengths) // (limit * workers))
    rows: list[list[int]] = [[] for _ in range(min(len(lengths), max(1, rounds) * workers))]
    held = [0] * len(rows)
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        shortest = held.index(min(held))
        rows[shortest].append(i)
        held[shortest] += lengths[i]
    return rows
