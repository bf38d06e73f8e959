"""Totals of a ledger by any columns, exactly, in any order of its parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np
import polars as pl

from traincost.compiled import for_rows
from traincost.errors import UserError, nearest
from traincost.ledger.jobs import HOUR_S, MOST, REASONS, UNITS_PER_USD, Costs, Jobs
from traincost.ledger.reading import EPOCH_S, FIRST_S, MICRO
from traincost.ledger.series import Names, Pairs

Array = np.ndarray
DAY_S = np.uint32(86_400)
MONTH, BECAUSE = "month", "reason"
# whole micro-dollars and what is left, so that no sum leaves 64 bits
SUMS = ("jobs", "gpu_seconds", "micro_usd", "rest")


class Sums:
    """Sums of jobs by every combination of some columns and of why there is no price."""

    def __init__(self, names: Iterable[str]) -> None:
        """`names`: columns of the ledger; `month` is that of the start, unless it is a column."""
        self.names = [*dict.fromkeys(names)]
        self._texts = [Names() for _ in self.names]
        self._pairs = [Pairs() for _ in self.names]
        self._sums = np.zeros((0, len(SUMS)), np.int64)
        self._whole = np.zeros(2)

    def add(self, frame: pl.DataFrame, jobs: Jobs, found: Costs) -> None:
        """Take up a batch: its rows, in numbers and with their costs.

        Raises UserError for a column that the ledger has not.
        """
        lengths = jobs.end_s.astype(np.float64) - jobs.start_s
        self._whole += (jobs.gpu_count * lengths).sum(), found.units.sum(dtype=np.float64) / HOUR_S
        _refuse_too_much(*self._whole)
        groups = found.reason.astype(np.int32)
        for name, texts, pairs in self._columns():
            groups = pairs.numbers(groups, self._numbers(frame, name, texts, jobs))
        size = int(groups.max(initial=-1)) + 1
        if size > len(self._sums):
            grown = np.zeros((size, len(SUMS)), np.int64)
            grown[: len(self._sums)] = self._sums
            self._sums = grown
        for_rows(_add, len(groups))(
            groups, jobs.gpu_count, (jobs.start_s, jobs.end_s), found.units, self._sums
        )

    def table(self) -> pl.DataFrame:
        """One row per combination, sorted: the columns as text, REASONS' number, SUMS."""
        rows = np.flatnonzero(self._sums[:, 0]) if len(self._sums) else np.zeros(0, np.int64)
        numbers, columns = rows.tolist(), {}
        for name, texts, pairs in reversed(self._columns()):
            both = [pairs.all[number] for number in numbers]
            numbers = [before for before, _ in both]
            columns[name] = pl.Series([texts.all[own] for _, own in both], dtype=pl.String)
        sums = {name: self._sums[rows, place] for place, name in enumerate(SUMS)}
        named = {_group(place): columns[name] for place, name in enumerate(self.names)}
        reason = pl.Series(numbers, dtype=pl.Int64)
        return pl.DataFrame({**named, BECAUSE: reason, **sums}).sort(*named, BECAUSE)

    def _columns(self) -> list[tuple[str, Names, Pairs]]:
        return [*zip(self.names, self._texts, self._pairs, strict=True)]

    def _numbers(self, frame: pl.DataFrame, name: str, texts: Names, jobs: Jobs) -> Array:
        if name in frame.columns:
            return texts.numbers(frame[name])
        if name == MONTH:
            return _months(jobs.start_s, texts)
        known = [*frame.columns, MONTH]
        raise UserError(f"ledger_totals: the ledger has no column {name}{nearest(name, known)}")


def _refuse_too_much(gpu_seconds: float, micro_usd: float) -> None:
    """Raises UserError where sums of whole numbers would leave 64 bits."""
    if max(gpu_seconds, micro_usd) > MOST:
        most = f"{MOST / MICRO:,.0f} dollars or {MOST / HOUR_S:,.0f} GPU-hours"
        raise UserError(f"the jobs together come to more than {most}, too much to be exact")


def _group(place: int) -> str:
    """Columns of sums go by their place: a ledger may call one as we call a sum."""
    return f"_{place}"


def total(
    parts: Iterable[pl.DataFrame], all_names: Sequence[str], names: Sequence[str]
) -> pl.DataFrame:
    """Jobs, GPU-hours and cost by the columns `names`, from sums by `all_names`.

    Grain: one row per group. There is no `cost_usd` where a job has no price.
    """
    columns = [_group(all_names.index(name)) for name in names]
    is_priced = pl.col(BECAUSE) == 0
    every = pl.concat(parts)
    whole = every.select(pl.col("gpu_seconds", "micro_usd").cast(pl.Float64).sum())
    _refuse_too_much(*whole.row(0))
    sums = every.group_by(columns or pl.lit(0).alias("_all")).agg(
        *(pl.col(name).sum() for name in SUMS),
        priced_jobs=pl.col("jobs").filter(is_priced).sum(),
        priced_seconds=pl.col("gpu_seconds").filter(is_priced).sum(),
    )
    # exact until the one division
    whole = zip(sums["micro_usd"].to_list(), sums["rest"].to_list(), strict=True)
    usd = [float(Fraction(micro * HOUR_S + rest, UNITS_PER_USD)) for micro, rest in whole]
    priced = sums.with_columns(priced_cost_usd=pl.Series(usd, dtype=pl.Float64))
    return priced.sort(columns).select(
        *(pl.col(column).alias(name) for column, name in zip(columns, names, strict=True)),
        "jobs",
        "priced_jobs",
        gpu_hours=pl.col("gpu_seconds") / HOUR_S,
        priced_gpu_hours=pl.col("priced_seconds") / HOUR_S,
        priced_cost_usd="priced_cost_usd",
        cost_usd=pl.when(pl.col("jobs") == pl.col("priced_jobs")).then("priced_cost_usd"),
    )


def coverage(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """One row per reason, the priced jobs first: jobs and GPU-hours."""
    return (
        pl.concat(part.select(BECAUSE, *SUMS) for part in parts)
        .group_by(BECAUSE)
        .agg(pl.col(SUMS).sum())
        .sort(BECAUSE)
        .select(
            is_priced=pl.col(BECAUSE) == 0,
            unpriced_because=pl.col(BECAUSE).replace_strict(
                dict(enumerate(REASONS)), return_dtype=pl.String
            ),
            jobs="jobs",
            gpu_hours=pl.col("gpu_seconds") / HOUR_S,
        )
    )


def _months(start_s: Array, texts: Names) -> Array:
    """The month of each start as the number of its text, through a table of days."""
    if not len(start_s):
        return np.zeros(0, np.int32)
    days = (start_s - np.int32(FIRST_S)).view(np.uint32) // DAY_S
    first = int(days.min())
    begin = np.datetime64((EPOCH_S + FIRST_S) // int(DAY_S) + first, "D")
    calendar = (begin + np.arange(int(days.max()) - first + 1)).astype("datetime64[M]")
    names = pl.Series(np.datetime_as_string(calendar).tolist(), dtype=pl.String)
    return texts.numbers(names)[days - first]


def _add(
    groups: Array, gpu_count: Array, moments: tuple[Array, Array], units: Array, sums: Array
) -> None:
    for row in range(len(groups)):
        group = groups[row]
        micro = units[row] // 3_600
        sums[group, 0] += 1
        length = int(moments[1][row]) - int(moments[0][row])
        sums[group, 1] += int(gpu_count[row]) * length
        sums[group, 2] += micro
        sums[group, 3] += units[row] - micro * 3_600
