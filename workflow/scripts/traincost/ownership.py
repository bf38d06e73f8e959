"""What the hardware of a run would have cost its owner, under every set of assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from traincost.columns import bounded
from traincost.declarations import ESTIMATES
from traincost.declarations.owner_files import ANY
from traincost.declarations.ownership import READ
from traincost.derive import derive, finish

Layers = Mapping[str, pl.DataFrame]

# what an assumption may apply to, the first that fits before the next
TAGS = ("developer", "family", "chip", "release_year")

SEPARATOR = "; "
_KNOWN = bounded("known_gpu_hours")


def ownership(layers: Layers) -> pl.DataFrame:
    """`ownership` as declared, sorted by key. `layers` holds `estimates.purchases` too."""
    table = ESTIMATES["ownership"]
    work = layers["estimates.purchases"]
    gpus = layers["validated.gpus"].select("gpu", "family", "chip")
    work = work.join(gpus, on="gpu", how="left", validate="m:1", maintain_order="left")
    frame = work.join(layers["validated.assumption_sets"].select("set_id"), how="cross")
    frame = with_assumptions(frame, layers["validated.assumptions"], READ, TAGS)
    frame = _with_flop(without_overhead(frame), layers)
    frame = _with_age(_with_rent(frame, layers["estimates.own_prices"]))
    frame = frame.with_columns(missing=_missing(pl.col("sold_as") == "card"))
    return finish(derive(frame, table), table)


def with_assumptions(
    frame: pl.DataFrame, assumptions: pl.DataFrame, parameters: Sequence[str], tags: Sequence[str]
) -> pl.DataFrame:
    """Adds `<parameter>` and `<parameter>_id` of the row's set. Grain unchanged.

    `tags`: columns that say what the row is; the assumption that applies to the first of them
    that any applies to is taken, else the one for all others.
    """
    known = assumptions.with_columns(tag=pl.col("applies_to").str.split(SEPARATOR)).explode("tag")
    for name in parameters:
        rows = known.filter(pl.col("parameter") == name)
        ids, values = [], []
        for tag in (*tags, ANY):
            ids.append(f"id:{tag}")
            values.append(f"value:{tag}")
            mine = pl.lit(ANY) if tag == ANY else pl.col(tag)
            theirs = rows.select(
                "set_id", "tag", assumption_id="assumption_id", value="central"
            ).rename({"assumption_id": ids[-1], "value": values[-1]})
            frame = (
                frame.with_columns(tag=mine)
                .join(
                    theirs, on=["set_id", "tag"], how="left", validate="m:1", maintain_order="left"
                )
                .drop("tag")
            )
        frame = frame.with_columns(
            pl.coalesce(ids).alias(f"{name}_id"), pl.coalesce(values).alias(name)
        ).drop(*ids, *values)
    return frame


def without_overhead(frame: pl.DataFrame) -> pl.DataFrame:
    """Only a bare card is bought with a share of a server. Grain unchanged."""
    is_bare = pl.col("sold_as") == "card"
    overhead = ("server_overhead", "server_overhead_id")
    return frame.with_columns(pl.when(is_bare).then(name).alias(name) for name in overhead)


def _with_flop(frame: pl.DataFrame, layers: Layers) -> pl.DataFrame:
    """Adds what hours follow from where none are known; elsewhere utilisation is not assumed.

    Grain unchanged.
    """
    known = {name: pl.col(each) for name, each in zip(_KNOWN, bounded("gpu_hours"), strict=True)}
    peaks = layers["validated.hardware"].select(peak_tflops_id="hardware_id", peak_tflops="value")
    flop = layers["validated.owned_runs"].select(
        "work_id", *bounded("flop_e24"), "reported_utilisation", peak_tflops_id="peak_id"
    )
    to_left = {"how": "left", "validate": "m:1", "maintain_order": "left"}
    frame = frame.with_columns(**known).drop(bounded("gpu_hours"))
    frame = frame.join(flop, on="work_id", **to_left).join(peaks, on="peak_tflops_id", **to_left)
    is_assumed = pl.col("flop_e24").is_not_null() & pl.col("reported_utilisation").is_null()
    assumed = ("utilisation", "utilisation_id")
    return frame.with_columns(pl.when(is_assumed).then(name).alias(name) for name in assumed)


def _with_rent(frame: pl.DataFrame, own_prices: pl.DataFrame) -> pl.DataFrame:
    """Adds what renting the run at its own price costs. Grain unchanged.

    Hours from FLOP are others than those that were rented.
    """
    is_same = pl.col("known_gpu_hours").is_not_null()
    frame = frame.with_columns(run_id=pl.when(is_same).then("run_id"))
    rent = own_prices.select(
        run_id="scope_id",
        **{name: f"own_{name.removeprefix('rental_')}" for name in bounded("rental_cost_usd")},
    )
    return frame.join(rent, on="run_id", how="left", validate="m:1", maintain_order="left")


def _with_age(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds the day from which the hardware was there, and its age at the start. Grain unchanged."""
    delivered = pl.col("gpu_release_date") + pl.duration(days=pl.col("availability_days"))
    available = pl.when(
        pl.all_horizontal(pl.col("quote_date", "gpu_release_date").is_not_null())
    ).then(pl.max_horizontal("quote_date", delivered))
    frame = frame.with_columns(available_date=available)
    days = (pl.col("start_date") - pl.col("available_date")).dt.total_days().cast(pl.Float64)
    return frame.with_columns(aged_days=pl.when(days < 0).then(0.0).otherwise(days))


def _missing(is_bare: pl.Expr) -> pl.Expr:
    """What the work lacks, and the assumptions that its set lacks, as words."""
    needed = dict.fromkeys(READ, pl.lit(True)) | {"server_overhead": is_bare}
    is_told = pl.col("known_gpu_hours").is_not_null() | pl.col("reported_utilisation").is_not_null()
    needed["utilisation"] = ~is_told
    words = [
        pl.when(pl.col(name).is_null() & need).then(pl.lit(f"an assumption on {name}"))
        for name, need in needed.items()
    ]
    said = pl.concat_str([pl.col("missing"), *words], separator=", ", ignore_nulls=True)
    return pl.when(said != "").then(said)
