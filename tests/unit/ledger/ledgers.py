"""Small ledgers for tests, and what they cost in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import polars as pl

from traincost.ledger.batches import File, batches
from traincost.ledger.inputs import QUOTES, USAGE
from traincost.ledger.price import priced
from traincost.ledger.quotes import price_index
from traincost.ledger.refusals import Refusals
from traincost.ledger.series import Series
from traincost.ledger.totals import Sums

DAY_S = 86_400
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
JOB = {
    "job_id": "j1",
    "gpu": "H100",
    "gpu_count": "2",
    "region": "eu",
    "commitment": "spot",
    "start_time": "2024-01-01T00:00:00",
    "end_time": "2024-01-01T01:00:00",
}
QUOTE = {
    "gpu": "H100",
    "region": "eu",
    "commitment": "spot",
    "quote_time": "2024-01-01",
    "usd_per_gpu_hour": "2.5",
}


def at(second: int) -> str:
    """A time so many seconds after the beginning, as text."""
    return (BEGIN + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%S")


def csv_of(rows: Iterable[Mapping[str, str]]) -> str:
    """Rows of the same columns as CSV."""
    rows = list(rows)
    lines = (",".join(row[name] for name in rows[0]) for row in rows)
    return "\n".join([",".join(rows[0]), *lines, ""])


class Ledger:
    """A ledger in files of a folder, priced."""

    def __init__(
        self,
        folder: Path,
        jobs: str | pl.DataFrame,
        quotes: str | pl.DataFrame,
        *,
        max_age_days: int = 180,
        names: Iterable[str] = (),
        unpriced: str = "flag",
    ) -> None:
        usage, prices = _file(folder, "jobs", jobs), _file(folder, "quotes", quotes)
        self.rejects: list[pl.DataFrame] = []
        refusals = Refusals(self.rejects.append, "rejects.parquet")
        series, self.sums = Series(), Sums(names)
        read: Callable = lambda: batches([prices], QUOTES, False)  # noqa: E731
        index = price_index(read, series, refusals, max_age_days * DAY_S)
        rows = batches([usage], USAGE, True)
        refuse = unpriced == "refuse"
        self.costs = pl.concat(priced(rows, index, series, self.sums, refusals, refuse))

    def by_job(self) -> dict[str, tuple[float | None, int, str | None]]:
        """Cost, seconds without a price and why, of each job."""
        shown = self.costs.select(
            pl.col("job_id").cast(pl.String), "cost_usd", "unpriced_s", "unpriced_because"
        )
        return {row[0]: row[1:] for row in shown.iter_rows()}


def _file(folder: Path, name: str, held: str | pl.DataFrame) -> File:
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(held, str):
        (folder / f"{name}.csv").write_text(held, encoding="utf-8", newline="")
        return File(f"{name}.csv", str(folder / f"{name}.csv"))
    held.write_parquet(folder / f"{name}.parquet")
    return File(f"{name}.parquet", str(folder / f"{name}.parquet"))


def naive(
    job: Mapping[str, str], quotes: Iterable[Mapping[str, str]], max_age_days: int
) -> tuple[Fraction, int]:
    """Dollars and seconds without a price, second by second as spans between all changes."""
    key = ("gpu", "region", "commitment")
    own = sorted(
        (_second(quote["quote_time"]), Fraction(quote["usd_per_gpu_hour"]))
        for quote in quotes
        if all(quote[name] == job[name] for name in key)
    )
    start, end = _second(job["start_time"]), _second(job["end_time"])
    lapses = [moment + max_age_days * DAY_S for moment, _ in own]
    edges = sorted({start, end, *(moment for moment, _ in own), *lapses})
    edges = [edge for edge in edges if start <= edge <= end]
    cost, missed = Fraction(0), 0
    for begin, until in pairwise(edges):
        before = [(moment, usd) for moment, usd in own if moment <= begin]
        if before and begin < before[-1][0] + max_age_days * DAY_S:
            cost += before[-1][1] * (until - begin) / 3600 * int(job["gpu_count"])
        else:
            missed += until - begin
    return cost, missed


def _second(text: str) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return int((moment - BEGIN).total_seconds())
