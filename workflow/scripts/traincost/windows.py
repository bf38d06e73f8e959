"""When a stage ran, as assumed: the makers print no dates.

A run's window ends on an assumed day, its release where nothing else is said.
Its stages follow in their order without a pause, each as long as its GPU-hours
over its GPUs; where nobody prints a count, the run lasts an assumed time, divided
among its stages by their GPU-hours.
"""

from __future__ import annotations

import polars as pl

from traincost.pricing import DAY_S

NO_COUNT = "no window: a stage of the run prints no GPU count"
NO_END = "no window: the run has no release date"


def stage_windows(stages: pl.DataFrame, windows: pl.DataFrame) -> pl.DataFrame:
    """Adds `start_s`, `end_s` (seconds since 1970) or `no_window_because` to every stage.

    `stages`: one row per stage with run_id, stage_order, gpu_hours, gpu_count,
    release_date. `windows`: one row per run with an assumed window. Sorted by
    run and order.
    """
    joined = (
        stages.sort("run_id", "stage_order")
        .join(
            windows.select("run_id", "window_end", "window_gpu_count", "assumed_days"),
            on="run_id",
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .with_columns(
            ends=pl.coalesce("window_end", "release_date"),
            gpus=pl.coalesce("gpu_count", "window_gpu_count"),
        )
    )
    all_counted = pl.col("gpus").is_not_null().all().over("run_id")
    # a second at least, so that no window is empty
    of_run = pl.col("gpu_hours") / pl.col("gpu_hours").sum().over("run_id")
    seconds = (
        pl.when(all_counted)
        .then(pl.col("gpu_hours") / pl.col("gpus") * 3600)
        .otherwise(of_run * pl.col("assumed_days") * DAY_S)
        .round()
        .cast(pl.Int64)
        .clip(1)
    )
    after = (pl.col("seconds").sum() - pl.col("seconds").cum_sum()).over("run_id")
    day_s = pl.col("ends").cast(pl.Datetime("us")).dt.epoch("s")
    reason = (
        pl.when(~all_counted & pl.col("assumed_days").is_null())
        .then(pl.lit(NO_COUNT))
        .when(pl.col("ends").is_null())
        .then(pl.lit(NO_END))
    )
    return (
        joined.with_columns(seconds=seconds, no_window_because=reason)
        .with_columns(end_s=day_s - after)
        .with_columns(start_s=pl.col("end_s") - pl.col("seconds"))
        .with_columns(
            pl.when(pl.col("no_window_because").is_null()).then(pl.col(edge)).alias(edge)
            for edge in ("start_s", "end_s")
        )
        .drop("ends", "gpus", "seconds", "window_end", "window_gpu_count", "assumed_days")
    )


def service_windows(days: pl.DataFrame) -> pl.DataFrame:
    """Adds `start_s`, `end_s` and an empty `no_window_because` to every serving day."""
    hour_s = 3600
    day_s = pl.col("window_end").cast(pl.Datetime("us")).dt.epoch("s")
    end_s = day_s + (pl.col("window_end_hour_utc") * hour_s).cast(pl.Int64)
    return days.with_columns(
        start_s=end_s - (pl.col("window_hours") * hour_s).cast(pl.Int64),
        end_s=end_s,
        no_window_because=pl.lit(None, pl.String),
    ).drop("window_end")


def as_time(column: str) -> pl.Expr:
    """Seconds since 1970 as a UTC time."""
    return pl.from_epoch(column, time_unit="s").cast(pl.Datetime("us"))
