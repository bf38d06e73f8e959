"""What long work tells while it goes on: what is done, how fast, how long it will take."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator

from traincost.ledger.batches import Batch, File

FIRST_S, EVERY_S = 3.0, 10.0
# what a process had as standard error before its jobs' words went to a log
_terminal = 2


def keep_terminal() -> None:
    """Remember where the person is who waits."""
    global _terminal  # noqa: PLW0603
    _terminal = os.dup(2)


def told(
    batches: Iterable[Batch],
    files: list[File],
    what: str,
    say: Callable[[str], None] | None = None,
) -> Iterator[Batch]:
    """The batches of `files`, and every few seconds a line on them to log and terminal.

    `what`: such as `price_ledger: jobs`. Quick work says nothing.
    """
    say = say or _say
    sizes = {file.name: os.path.getsize(file.place) for file in files}
    whole, before, name, rows = sum(sizes.values()) or 1, 0, "", 0
    start = last = time.monotonic()
    for batch in batches:
        if batch.file != name:
            before, name = before + sizes.get(name, 0), batch.file
        yield batch
        rows += len(batch.frame)
        now = time.monotonic()
        if now - last >= (EVERY_S if last > start else FIRST_S):
            last = now
            share = (before + sizes.get(name, 0) * batch.share) / whole
            say(line(what, rows, share, now - start))
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


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
    if _terminal != 2:
        os.write(_terminal, f"{text}\n".encode())
