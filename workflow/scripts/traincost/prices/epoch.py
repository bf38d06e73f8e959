"""Epoch AI's list of hardware prices: up to four prices a row.

Prices per chip-hour on demand, for one year and for three are a quote each. A
price at which hardware was sold is no rental: it is skipped, as are rows without
a date and accelerators this project does not know.
"""

from __future__ import annotations

import polars as pl

from traincost.csv_rows import LINE
from traincost.declarations.prices import EPOCH
from traincost.prices.catalogue import Catalogue, convert
from traincost.prices.format import Converted, Format
from traincost.prices.names import GpuNames

GPU, DATE, VENDOR, REGION = "Hardware model", "Price date", "Vendor", "Location"
COUNT, PURCHASE = "Number of GPUs", "Price (hardware purchase)"
PRICES = {
    "on-demand": "Price per chip-hour (on-demand)",
    "1-year": "Price per chip-hour (1-year CUD)",
    "3-year": "Price per chip-hour (3-year CUD)",
}
_NOT_A_RENTAL = "a purchase price, no rental"


def _convert(rows: pl.DataFrame, names: GpuNames, file: str) -> Converted:
    prose = [pl.when(pl.col(name) != "").then(name) for name in ("Cloud GPU description", "Notes")]
    catalogue = Catalogue(
        name=EPOCH,
        gpu=GPU,
        what=pl.when(pl.col(GPU) == "").then(pl.lit("a row without a model")).otherwise(GPU),
        reason=_reason(),
        prices=PRICES,
        is_per_machine=False,
        vendor=pl.col(VENDOR),
        region=pl.col(REGION),
        date=pl.col(DATE),
        count=pl.col(COUNT),
        source_id="epoch-hardware-prices",
        address=pl.col("Price source"),
        locator=pl.format("line {}", LINE),
        note=pl.concat_str(prose, separator="; ", ignore_nulls=True),
    )
    converted = convert(rows, names, catalogue)
    also_sold = rows.join(converted.quotes, on=LINE, how="semi").filter(pl.col(PURCHASE) != "")
    sold = also_sold.select(LINE, what=GPU, reason=pl.lit(_NOT_A_RENTAL))
    return Converted(converted.quotes, pl.concat([converted.skipped, sold]).sort(LINE))


def _reason() -> pl.Expr:
    """Why a row is no quote whatever its accelerator; null where it may be one."""
    is_rental = pl.any_horizontal(pl.col(price) != "" for price in PRICES.values())
    return (
        pl.when(~is_rental & (pl.col(PURCHASE) != ""))
        .then(pl.lit(_NOT_A_RENTAL))
        .when(~is_rental)
        .then(pl.lit("no price"))
        .when(pl.col(DATE) == "")
        .then(pl.lit("no date, so it cannot be told which runs it was in force for"))
    )


FORMAT = Format(
    name=EPOCH,
    title="Epoch AI's columns of hardware prices",
    needed=(
        "Price source",
        DATE,
        GPU,
        VENDOR,
        REGION,
        *PRICES.values(),
        PURCHASE,
        "Notes",
        "Cloud GPU description",
        COUNT,
    ),
    optional=("Manufacturer",),
    convert=_convert,
    names={
        "gpu": GPU,
        "vendor": VENDOR,
        "region": REGION,
        "quote_date": DATE,
        "gpus_in_offer": COUNT,
        "address": "Price source",
    },
    price_names=PRICES,
)
