"""The purchase quote that would have bought the hardware of each run."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost.columns import bounded
from traincost.declarations import ESTIMATES
from traincost.derive import finish

Layers = Mapping[str, pl.DataFrame]

# what a quote for one of these buys includes no interconnect, and says what it includes
USABLE = ("server", "board", "card")
PAID = ("list", "contract")
# attribute of hardware.csv -> column
HARDWARE = {"release_date": "gpu_release_date", "tdp": "tdp_w"}
HOURS = bounded("gpu_hours")


def purchases(layers: Layers) -> pl.DataFrame:
    """`purchases` as declared, sorted by key. `layers` holds `estimates.scopes` too."""
    work = pl.concat([_runs(layers), _owned(layers["validated.owned_runs"])], how="diagonal")
    gpus = layers["validated.gpus"].select("gpu", bought_gpu=pl.coalesce("bought_as", "gpu"))
    work = work.join(gpus, on="gpu", how="left", validate="m:1", maintain_order="left")
    work = work.with_columns(release_year=pl.col("release_date").dt.year().cast(pl.String))
    work = _with_hardware(work, layers["validated.hardware"])
    work = _with_quotes(work, layers["validated.purchase_quotes"])
    return finish(work.with_columns(missing=_missing()), ESTIMATES["purchases"])


def _runs(layers: Layers) -> pl.DataFrame:
    """Runs on one accelerator. Grain: run."""
    baseline = layers["validated.books"].filter("is_baseline")["book_id"].item()
    stages = layers["priced.stages"].filter(pl.col("book_id") == baseline)
    described = layers["validated.stages"].select(
        "stage_id", "stage_order", "model", "developer", "hours_basis", "release_date"
    )
    runs = (
        stages.select("stage_id", "run_id", "gpu", "gpu_count", "window_start")
        .join(described, on="stage_id", validate="1:1", maintain_order="left")
        .sort("run_id", "stage_order")
        .group_by("run_id", maintain_order=True)
        .agg(
            pl.col("gpu", "developer", "hours_basis", "release_date").first(),
            pl.col("gpu_count").max(),
            label=pl.col("model").first(),
            stage_ids=pl.col("stage_id").sort(),
            start_date=pl.when(pl.col("window_start").is_not_null().all())
            .then(pl.col("window_start").min())
            .dt.date(),
            kinds=pl.col("gpu").n_unique(),
        )
        .filter(pl.col("kinds") == 1)
        .drop("kinds")
    )
    windows = layers["validated.windows"].select("run_id", "window_gpu_count")
    runs = runs.join(windows, on="run_id", how="left", validate="1:1", maintain_order="left")
    scopes = layers["estimates.scopes"].filter(pl.col("book_id") == baseline)
    hours = scopes.select("scope_id", *HOURS)
    runs = runs.with_columns(
        pl.coalesce("gpu_count", "window_gpu_count"), work_id="run_id", scope_id="run_id"
    )
    return runs.join(hours, on="scope_id", validate="1:1", maintain_order="left")


def _owned(owned: pl.DataFrame) -> pl.DataFrame:
    """Owned runs in the same columns. Grain unchanged."""
    return owned.select(
        "work_id",
        "label",
        "run_id",
        "developer",
        "hours_basis",
        "gpu",
        "gpu_count",
        "start_date",
        "release_date",
        pl.lit([], pl.List(pl.String)).alias("stage_ids"),
        *(pl.col(f"owned_{name}").alias(name) for name in HOURS),
    )


def _with_hardware(work: pl.DataFrame, hardware: pl.DataFrame) -> pl.DataFrame:
    """Adds release day and rated power with their rows; of several the smallest id. Same grain."""
    for attribute, column in HARDWARE.items():
        value = "value_date" if attribute == "release_date" else "value"
        rows = hardware.filter(pl.col("attribute") == attribute).sort("hardware_id")
        rows = rows.unique("gpu", keep="first", maintain_order=True).select(
            pl.col(value).alias(column),
            pl.col("hardware_id").alias(f"{column}_id"),
            bought_gpu="gpu",
        )
        work = work.join(rows, on="bought_gpu", how="left", validate="m:1", maintain_order="left")
    return work


def _with_quotes(work: pl.DataFrame, quotes: pl.DataFrame) -> pl.DataFrame:
    """Adds the first quote by the declared order, and all that could be. Grain unchanged."""
    usable = quotes.filter(
        pl.col("usd_per_gpu").is_not_null()
        & pl.col("quote_date").is_not_null()
        & pl.col("sold_as").is_in(USABLE)
        & (pl.col("is_doubtful") == "no")
    ).select(
        "quote_id", "vendor", "sold_as", "quote_date", "usd_per_gpu", quote_kind="kind",
        quote_gpu="gpu",
    )  # fmt: skip
    named = work.select("work_id", "start_date", gpu=pl.concat_list("gpu", "bought_gpu"))
    tried = (
        named.with_columns(pl.col("gpu").list.unique(maintain_order=True))
        .with_columns(place=pl.int_ranges(pl.col("gpu").list.len()))
        .explode("gpu", "place")
        .join(usable, left_on="gpu", right_on="quote_gpu", maintain_order="left_right")
        .with_columns(
            is_stand_in=pl.col("place") > 0,
            quote_distance_days=(pl.col("start_date") - pl.col("quote_date"))
            .dt.total_days()
            .cast(pl.Float64),
        )
        .sort("work_id", *_order(), "quote_id")
    )
    chosen = tried.group_by("work_id", maintain_order=True).agg(
        pl.all().exclude("work_id", "start_date", "gpu", "place").first(),
        considered_quote_ids=pl.col("quote_id").sort(),
    )
    return work.join(chosen, on="work_id", how="left", validate="1:1").with_columns(
        pl.col("is_stand_in").fill_null(False),
        pl.col("considered_quote_ids").fill_null([]),
        rule=_rule(),
    )


def _order() -> list[pl.Expr]:
    """The declared rule: what comes first is taken."""
    return [
        ~pl.col("quote_kind").is_in(PAID),
        pl.col("place"),
        (pl.col("quote_distance_days") < 0).fill_null(False),
        pl.col("sold_as").replace_strict({name: place for place, name in enumerate(USABLE)}),
        pl.col("quote_distance_days").abs().fill_null(0),
    ]


def _rule() -> pl.Expr:
    """What the chosen quote is, in the words of the rule."""
    said = pl.format(
        "{}, {}, {}, {}",
        pl.when(pl.col("quote_kind").is_in(PAID))
        .then(pl.lit("asked or paid"))
        .otherwise(pl.lit("estimated")),
        pl.when("is_stand_in").then(pl.lit("a stand-in's")).otherwise(pl.lit("its own")),
        pl.when(pl.col("quote_distance_days") < 0)
        .then(pl.lit("later than the start"))
        .otherwise(pl.lit("before the start")),
        pl.col("sold_as"),
    )
    return pl.when(pl.col("quote_id").is_not_null()).then(said)


def _missing() -> pl.Expr:
    """What is not known of the work, as words; null where all is there."""
    lacks = {
        "start_date": "a start",
        "usd_per_gpu": "a purchase quote",
        "gpu_release_date": "a release day of the accelerator",
        "tdp_w": "a rated power of the accelerator",
    }
    words = [pl.when(pl.col(name).is_null()).then(pl.lit(what)) for name, what in lacks.items()]
    said = pl.concat_str(words, separator=", ", ignore_nulls=True)
    return pl.when(said != "").then(said)
