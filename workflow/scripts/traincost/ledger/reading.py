"""Cells of a ledger as whole numbers, or what is wrong with them.

Text and typed columns alike: seconds, micro-dollars and counts come out exactly,
or the cell is refused. Every function returns the numbers, 0 where refused, and
for each kind of mistake which rows it is in and what must hold.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from traincost.compiled import for_rows
from traincost.ledger import letters
from traincost.ledger.letters import EPOCH_S, FIRST_S, HIGHEST_USD, LAST_S, MICRO

Wrong = list[tuple[np.ndarray, str]]

NO_TIME = -(2**62)
PER_SECOND = {"ms": 10**3, "us": 10**6, "ns": 10**9}
MOST_GPUS = 10_000_000
# the code of the empty text; kept, or polars gives codes anew
EMPTY = pl.Series([""]).cast(pl.Categorical)

TIME = (
    "must be a whole second such as 2026-03-01T12:00:00, or a day, from 1990 to 2056;"
    " UTC where no zone is given"
)
PRICE = (
    "must be a plain number such as 3.42: digits, a point, at most six decimals,"
    f" at most {HIGHEST_USD:,}"
)
COUNT = f"must be a whole number of GPUs, from 1 to {MOST_GPUS:,}"
FILLED = "must not be empty"
ORDER = "must not be before start_time"


def seconds(column: pl.Series) -> tuple[np.ndarray, Wrong]:
    """Seconds from EPOCH_S on."""
    kind = column.dtype
    if kind == pl.Date:
        moments, unit = column.cast(pl.Datetime("ms")), "ms"
    elif isinstance(kind, pl.Datetime):
        moments, unit = column, kind.time_unit
    elif kind in (pl.String, pl.Categorical):
        return _some(letters.times(column.cast(pl.String)), TIME)
    else:
        return _none(column, TIME)
    per_second = PER_SECOND[unit]
    number = moments.to_physical()
    exact = number.fill_null(NO_TIME).to_numpy()
    whole, is_wrong = np.zeros(len(exact), np.int32), np.zeros(len(exact), bool)
    limits = (FIRST_S + EPOCH_S, LAST_S + EPOCH_S)
    if for_rows(_divide, len(exact))(exact, per_second, limits, whole, is_wrong):
        return whole, [(is_wrong, TIME)]
    return whole, []


def _divide(
    exact: np.ndarray,
    per_second: int,
    limits: tuple[int, int],
    whole: np.ndarray,
    is_wrong: np.ndarray,
) -> int:
    """Whole seconds from EPOCH_S on, and how many are none or outside the limits."""
    wrong = 0
    for row in range(len(exact)):
        second = exact[row] // per_second
        if second * per_second != exact[row] or second < limits[0] or second >= limits[1]:
            is_wrong[row] = True
            wrong += 1
        else:
            whole[row] = second - EPOCH_S
    return wrong


def times(text: pl.Series) -> pl.Series:
    """UTC without a zone, from texts none of which `seconds` refuses."""
    moments = (seconds(text)[0].astype(np.int64) + EPOCH_S) * PER_SECOND["us"]
    return pl.Series(moments).cast(pl.Datetime("us"))


def micro_usd(column: pl.Series) -> tuple[np.ndarray, Wrong]:
    """Micro-dollars, exactly: a price with more decimals is refused."""
    kind = column.dtype
    if kind in (pl.String, pl.Categorical) or kind.is_decimal():
        return _some(letters.prices(column.cast(pl.String)), PRICE)
    if not kind.is_numeric():
        return _none(column, PRICE)
    usd = column.cast(pl.Float64).fill_null(-1).to_numpy()
    micro, is_wrong = np.zeros(len(usd), np.int32), np.zeros(len(usd), bool)
    return micro, [(is_wrong, PRICE)] if for_rows(_micro, len(usd))(usd, micro, is_wrong) else []


def _micro(usd: np.ndarray, micro: np.ndarray, is_wrong: np.ndarray) -> int:
    """Micro-dollars of every price that is whole in them, and how many are not."""
    wrong = 0
    for row in range(len(usd)):
        if not 0 <= usd[row] <= HIGHEST_USD:  # nor is what is no number
            is_wrong[row] = True
            wrong += 1
            continue
        whole = int(usd[row] * MICRO + 0.5)
        if whole / MICRO == usd[row]:
            micro[row] = whole
        else:
            is_wrong[row] = True
            wrong += 1
    return wrong


def counts(column: pl.Series) -> tuple[np.ndarray, Wrong]:
    """Whole numbers of GPUs."""
    kind = column.dtype
    if not (kind.is_numeric() or kind in (pl.String, pl.Categorical)):
        return _none(column, COUNT)
    text = column.cast(pl.String) if kind == pl.Categorical else column
    number = text.cast(pl.Int64, strict=False)
    if text.dtype == pl.String and number.has_nulls():
        # a table that has empty cells writes its counts as 8.0
        whole = text.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)
        number = number.zip_with(number.is_not_null(), whole)
    if kind.is_float() or kind.is_decimal():
        number = number.set(number.cast(pl.Float64) != column.cast(pl.Float64), None)
    values = number.fill_null(0).to_numpy()
    return _kept(values, (values < 1) | (values > MOST_GPUS), COUNT)


def unfilled(column: pl.Series) -> Wrong:
    """Cells that must hold something and do not."""
    is_wrong = column.is_null()
    if column.dtype == pl.Categorical:
        is_wrong |= (column.to_physical() == EMPTY.to_physical()[0]).fill_null(False)
    elif column.dtype == pl.String:
        is_wrong |= (column == "").fill_null(False)
    return [(is_wrong.to_numpy(), FILLED)] if is_wrong.any() else []


def backwards(start_s: np.ndarray, end_s: np.ndarray, refused: Wrong) -> Wrong:
    """Jobs that end before they start, unless one of the two was refused."""
    is_wrong = end_s < start_s
    if not is_wrong.any():
        return []
    for mask, _ in refused:
        is_wrong &= ~mask
    return [(is_wrong, ORDER)] if is_wrong.any() else []


def _kept(values: np.ndarray, is_wrong: np.ndarray, must: str) -> tuple[np.ndarray, Wrong]:
    if not is_wrong.any():
        return values.astype(np.int32), []
    return np.where(is_wrong, 0, values).astype(np.int32), [(is_wrong, must)]


def _some(read: tuple[np.ndarray, np.ndarray], must: str) -> tuple[np.ndarray, Wrong]:
    values, is_wrong = read
    return values, [(is_wrong, must)] if is_wrong.any() else []


def _none(column: pl.Series, must: str) -> tuple[np.ndarray, Wrong]:
    return np.zeros(len(column), np.int32), [(np.ones(len(column), bool), must)]
