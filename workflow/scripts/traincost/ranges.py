"""What may be put in the place of a price: what the pipeline would not refuse."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost.columns import Column
from traincost.declarations import VALIDATED
from traincost.numbers import with_own_ids

GIVEN = "usd_per_gpu_hour_given"

Ranges = Mapping[str, tuple[float, float]]
# above, at least, at most
Limits = tuple[float | None, float | None, float | None]


def price_ranges(layers: Mapping[str, pl.DataFrame]) -> dict[str, tuple[float, float]]:
    """Id of a quote's price in USD per GPU-hour to the plausible range of its accelerator.

    `layers`: the validated quotes and gpus, by `layer.name`.
    """
    quotes = with_own_ids(layers["validated.quotes"], VALIDATED["quotes"])
    ends = ("usd_per_gpu_hour_from", "usd_per_gpu_hour_to")
    ranged = quotes.filter(pl.col(GIVEN).is_not_null()).join(
        layers["validated.gpus"].select("gpu", *ends), on="gpu", validate="m:1"
    )
    rows = ranged.select(f"id:{GIVEN}", *ends).iter_rows()
    return {number_id: (low, high) for number_id, low, high in rows}


def limits(number_id: str, column: Column | None, ranges: Ranges) -> Limits:
    """What a number of a column may be. `ranges`: as `price_ranges` has them."""
    if number_id in ranges:
        return None, *ranges[number_id]
    return (column.above, None, column.at_most) if column else (None, None, None)
