"""Runs what a model sends in one background event loop, so that waiting for it can be stopped.

A blocked read cannot be interrupted in a thread; a task in an event loop can be cancelled, which
closes its connection at once. One loop serves the whole process: the connection pools of the
providers' clients belong to the loop they were first used in.
"""

from __future__ import annotations

import asyncio
import atexit
import queue
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import cache

Emit = Callable[[str], None]

GRACE = 2.0  # seconds past the deadline after which a loop is taken to be stuck


def pieces(produce: Callable[[Emit], Awaitable[None]], seconds: float) -> Iterator[str]:
    """What `produce` emits, as it does; closing the iterator cancels it.

    Args:
        produce: called in the background with the function to hand pieces to. It keeps its own
            deadlines.
        seconds: its last deadline. Where a library blocks the loop itself, and no deadline
            inside it can fire, the wait ends a little later all the same.

    Raises:
        TimeoutError: the loop is stuck.
        Exception: whatever `produce` raises.
    """
    arrived: queue.SimpleQueue[str | BaseException | None] = queue.SimpleQueue()

    async def run() -> None:
        try:
            await produce(arrived.put)
        except Exception as error:
            arrived.put(error)
        else:
            arrived.put(None)

    deadline = time.monotonic() + seconds + GRACE
    task = asyncio.run_coroutine_threadsafe(run(), _loop())
    try:
        while True:
            try:
                item = arrived.get(timeout=max(deadline - time.monotonic(), 0.01))
            except queue.Empty:
                raise TimeoutError from None
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        task.cancel()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="jiubao-models", daemon=True).start()
    atexit.register(_cancel_all, loop)
    return loop


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    """Hangs up on every provider, so that none goes on for a process that has ended."""

    async def cancel() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=GRACE / 2)

    with suppress(TimeoutError):
        asyncio.run_coroutine_threadsafe(cancel(), loop).result(GRACE)
