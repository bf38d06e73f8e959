"""What the jobs of a batch cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from traincost.integral import Index, integrals
from traincost.ledger import reading
from traincost.ledger.batches import Batch
from traincost.ledger.refusals import Refusals
from traincost.ledger.series import Series

Array = np.ndarray
HOUR_S = 3_600
# a cost is in micro-dollars an hour times seconds until the last division
UNITS_PER_USD = reading.MICRO * HOUR_S
# whole numbers up to here are exact in 64 bits, however they were estimated
MOST = float(2**63 - 2**40)
TOO_DEAR = f"must cost at most {MOST / UNITS_PER_USD:,.0f} dollars, to be exact"

NO_SERIES = "no quote for this GPU, region and commitment"
TOO_EARLY = "starts before the first quote"
GAP = "a quote had lapsed"
REASONS = (None, NO_SERIES, TOO_EARLY, GAP)
REASON = pl.Enum([reason for reason in REASONS if reason])


@dataclass(frozen=True)
class Jobs:
    """Whole numbers of every job of a batch: its series and GPU, count, seconds."""

    series: Array
    gpu: Array
    gpu_count: Array
    start_s: Array
    end_s: Array

    def taken(self, rows: Array) -> Jobs:
        """These rows in this order."""
        columns = (self.series, self.gpu, self.gpu_count, self.start_s, self.end_s)
        return Jobs(*(column.take(rows) for column in columns))


@dataclass(frozen=True)
class Costs:
    """Of every job: its cost in units, seconds without a price, which of REASONS.

    `too_dear`: rows whose cost is too large to be exact; what they hold is no cost.
    """

    units: Array
    unpriced_s: Array
    reason: Array
    too_dear: Array


def job_columns(batch: Batch, series: Series, refusals: Refusals) -> Jobs:
    """The jobs of a batch in numbers; mistakes go to `refusals`."""
    refusals.add_ragged(batch)
    for name in ("job_id", "gpu", "commitment"):
        refusals.add(batch, name, reading.unfilled(batch.frame[name]))
    count, wrong = reading.counts(batch.frame["gpu_count"])
    refusals.add(batch, "gpu_count", wrong)
    start_s, early = reading.seconds(batch.frame["start_time"])
    refusals.add(batch, "start_time", early)
    end_s, late = reading.seconds(batch.frame["end_time"])
    refusals.add(batch, "end_time", [*late, *reading.backwards(start_s, end_s, early + late)])
    numbers, gpu = series.numbers(batch.frame)
    return Jobs(numbers, gpu, count, start_s, end_s)


def in_order(jobs: Jobs) -> Array:
    """The rows by GPU and start: look-ups run through the prices, and readers skip the rest."""
    rows = len(jobs.start_s)
    bits = max(rows - 1, 1).bit_length()
    gpus = int(jobs.gpu.max(initial=0)) + 1
    if bits + 32 + gpus.bit_length() > 63:
        return np.lexsort((jobs.start_s, jobs.gpu))
    # numbers of which the last bits are the row: sorting them needs no second array
    whole = (jobs.gpu.astype(np.int64) << 32) + (jobs.start_s.astype(np.int64) - reading.FIRST_S)
    whole = (whole << bits) + np.arange(rows)
    whole.sort()
    return whole & ((1 << bits) - 1)


def costs(jobs: Jobs, index: Index, cursor: Array) -> Costs:
    """The cost of every job, exactly. `index`: its last series is the one without any quote."""
    none = len(index.first) - 2
    keys = np.minimum(jobs.series, none)
    per_gpu, missed = integrals(index, keys, jobs.start_s, jobs.end_s, cursor)
    count = jobs.gpu_count.astype(np.int64)
    too_dear = np.flatnonzero(per_gpu.astype(np.float64) * count > MOST)
    units = per_gpu * count
    reason = np.zeros(len(keys), np.int8)
    is_unpriced = missed > 0
    if is_unpriced.any():
        first = index.first[keys]
        is_empty = first == index.first[keys + 1]
        begins = index.from_s[np.minimum(first, len(index.from_s) - 1)] if len(index.from_s) else 0
        kind = np.where(is_empty, 1, np.where(jobs.start_s < begins, 2, 3))
        reason[is_unpriced] = kind[is_unpriced]
        units[is_unpriced] = 0
    return Costs(units, missed, reason, too_dear)


def with_costs(frame: pl.DataFrame, found: Costs) -> pl.DataFrame:
    """Adds `cost_usd`, none where a second has no price, `unpriced_s` and why."""
    is_priced = pl.Series(found.reason == 0)
    usd = pl.Series("cost_usd", found.units / UNITS_PER_USD)
    because = pl.Series("unpriced_because", found.reason - 1, pl.Int8)
    return frame.with_columns(
        usd.set(~is_priced, None) if not is_priced.all() else usd,
        pl.Series("unpriced_s", found.unpriced_s, pl.Int64),
        because.set(is_priced, None).cast(pl.UInt8).cat.to(REASON),
    )
