"""Catalogues of SkyPilot (`vms.csv`): prices of machines, without dates.

A machine's price over its accelerators is one quote on demand, its spot price
another. What no run can use is skipped: machines without an accelerator,
accelerators this project does not know, accelerators without their machine.
"""

from __future__ import annotations

import polars as pl

from traincost.declarations.prices import SKYPILOT
from traincost.prices.catalogue import Catalogue, convert
from traincost.prices.format import Converted, Format
from traincost.prices.names import GpuNames

MACHINE, GPU, COUNT = "InstanceType", "AcceleratorName", "AcceleratorCount"
PRICES = {"on-demand": "Price", "spot": "SpotPrice"}
_NOT_IN_ALL = ("SpotPrice", "AvailabilityZone")
_ZERO = r"^0*(\.0*)?$"
# an accelerator without a count: not to be taken for one
_NO_COUNT = "(empty)"


def _convert(rows: pl.DataFrame, names: GpuNames, file: str) -> Converted:
    count = pl.col(COUNT).str.replace(r"\.0+$", "")
    count = pl.when(count == "").then(pl.lit(_NO_COUNT)).otherwise(count)
    # a catalogue that knows no spot price may write 0
    spot = pl.when(pl.col("SpotPrice").str.contains(_ZERO)).then(pl.lit(""))
    rows = rows.with_columns(
        pl.lit("").alias(name) for name in _NOT_IN_ALL if name not in rows.columns
    ).with_columns(count.alias(COUNT), spot.otherwise("SpotPrice").alias("SpotPrice"))
    catalogue = Catalogue(
        name=SKYPILOT,
        gpu=GPU,
        what=pl.concat_str(_filled(MACHINE, GPU), separator=": ", ignore_nulls=True),
        reason=_reason(),
        prices=PRICES,
        is_per_machine=True,
        vendor=pl.lit(file.rsplit("/", 1)[-1]),
        region=pl.col("Region"),
        date=pl.lit(""),
        count=pl.col(COUNT),
        source_id="skypilot-catalog",
        address=pl.lit(""),
        locator=pl.concat_str(
            _filled(MACHINE, "AvailabilityZone"), separator=", ", ignore_nulls=True
        ),
        note=pl.lit(""),
        remark="no vendor in the catalogue, so its file stands for it; no date, so a flat book",
    )
    return convert(rows, names, catalogue)


def _reason() -> pl.Expr:
    """Why a row is no quote whatever its accelerator; null where it may be one."""
    return (
        pl.when((pl.col(GPU) == "") | pl.col(COUNT).str.contains(_ZERO))
        .then(pl.lit("a machine without an accelerator"))
        .when(pl.col(MACHINE) == "")
        .then(pl.lit("the price of an accelerator without its machine"))
        .when(pl.col(COUNT).str.contains(r"^[0-9]*\.[0-9]+$"))
        .then(pl.lit("a part of an accelerator"))
    )


def _filled(*columns: str) -> list[pl.Expr]:
    return [pl.when(pl.col(name) != "").then(name) for name in columns]


FORMAT = Format(
    name=SKYPILOT,
    title="SkyPilot's columns",
    needed=(MACHINE, GPU, COUNT, "Price", "Region"),
    optional=("SpotPrice", "AvailabilityZone", "vCPUs", "MemoryGiB", "GpuInfo"),
    convert=_convert,
    names={"gpu": GPU, "region": "Region", "gpus_in_offer": COUNT},
    price_names=PRICES,
)
