"""The quotes of a ledger as an index of prices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import polars as pl

from traincost.integral import Index, index_of, repeated
from traincost.ledger import reading
from traincost.ledger.batches import Batch
from traincost.ledger.inputs import KEY
from traincost.ledger.refusals import Refusals
from traincost.ledger.series import Series

Array = np.ndarray
Columns = tuple[Array, Array, Array]
SAME_MOMENT = "must be the only price of its GPU, region and commitment at that moment"


def quote_columns(batch: Batch, series: Series, refusals: Refusals) -> Columns:
    """Series, second and micro-dollars of every quote of a batch; mistakes go to `refusals`."""
    refusals.add_ragged(batch)
    for name in ("gpu", "commitment"):
        refusals.add(batch, name, reading.unfilled(batch.frame[name]))
    from_s, wrong = reading.seconds(batch.frame["quote_time"])
    refusals.add(batch, "quote_time", wrong)
    micro, wrong = reading.micro_usd(batch.frame["usd_per_gpu_hour"])
    refusals.add(batch, "usd_per_gpu_hour", wrong)
    numbers, _ = series.numbers(batch.frame)
    return numbers, from_s, micro


def price_index(
    batches: Callable[[], Iterable[Batch]], series: Series, refusals: Refusals, max_age_s: int
) -> Index:
    """The index of all quotes, of one series more than there are: the one without any.

    `batches` is called again only to find the lines of prices that contradict each
    other. Raises UserError that lists what is refused.
    """
    parts: list[list[Array]] = [[], [], []]
    for batch in batches():
        for part, column in zip(parts, quote_columns(batch, series, refusals), strict=True):
            part.append(column)
    refusals.refuse()
    index = index_of(*parts, max_age_s, len(series) + 1)
    del parts
    places = repeated(index)
    places = places[index.units[places] != index.units[places - 1]]
    if len(places):
        for batch in batches():
            _refuse_contradictions(batch, series, index, places, refusals)
        refusals.refuse()
    return index


def _refuse_contradictions(
    batch: Batch, series: Series, index: Index, places: Array, refusals: Refusals
) -> None:
    keys = np.searchsorted(index.first, places, side="right") - 1
    twice = _both(keys, index.from_s[places])
    numbers, _ = series.numbers(batch.frame)
    from_s, _ = reading.seconds(batch.frame["quote_time"])
    is_wrong = np.isin(_both(numbers, from_s), twice)
    if is_wrong.any():
        refusals.add(batch, "usd_per_gpu_hour", [(is_wrong, SAME_MOMENT)])


def _both(keys: Array, seconds: Array) -> Array:
    return (keys.astype(np.int64) << 32) + (seconds.astype(np.int64) - reading.FIRST_S)


def quotes_of_series(batches: Iterable[Batch], key: tuple[str, ...]) -> Iterator[pl.DataFrame]:
    """The quotes of one series as they stand, with file and line."""
    for batch in batches:
        is_own = pl.all_horizontal(
            pl.col(name).cast(pl.String).fill_null("") == text
            for name, text in zip(KEY, key, strict=True)
        )
        own = batch.frame.with_columns(file=pl.lit(batch.file), line=pl.Series(batch.lines))
        yield own.filter(is_own)
