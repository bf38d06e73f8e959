"""What long work tells while it goes on: what is done, how fast, how long it will take."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traincost.ledger.batches import Batch

FIRST_S, EVERY_S = 3.0, 10.0
# what a process had as standard error before its jobs' words went to a log
_terminal = 2


def keep_terminal() -> None:
    """Remember where the person is who waits."""
    global _terminal  # noqa: PLW0603
    _terminal = os.dup(2)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
    if _terminal != 2:
        os.write(_terminal, f"{text}\n".encode())


def told(
    parts: Iterable[tuple[int, Iterable[Batch]]], what: str, say: Callable[[str], None] = _say
) -> Iterator[Batch]:
    """The batches of every file, and every few seconds a line on them to log and terminal.

    `parts`: the size of each file and its batches. `what`: such as `price_ledger: jobs`.
    Quick work says nothing.
    """
    parts = [*parts]
    whole, before, rows = sum(size for size, _ in parts) or 1, 0, 0
    start = last = time.monotonic()
    for size, batches in parts:
        for batch in batches:
            yield batch
            rows += len(batch.frame)
            now = time.monotonic()
            if now - last >= (EVERY_S if last > start else FIRST_S):
                last = now
                say(line(what, rows, (before + size * batch.share) / whole, now - start))
        before += size
    if last > start:
        say(line(what, rows, 1.0, time.monotonic() - start))


def line(what: str, rows: int, share: float, seconds: float) -> str:
    """`price_ledger: 2,000,000 jobs, 25 % done, 500,000 a second, 12 s left`."""
    rule, _, kind = what.partition(": ")
    left = seconds / share - seconds if share else 0
    return (
        f"{rule}: {rows:,} {kind}, {share:.0%} done, {rows / max(seconds, 1e-9):,.0f} a second,"
        f" {_duration(left)} left"
    )


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
