"""What rows of the files behind the tables on the whole field must hold together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from traincost.cross_checks import bad_cell
from traincost.errors import BadCell

Tables = Mapping[str, pl.DataFrame]

PEAK_UNIT = "TFLOPS"


def field_checks(tables: Tables) -> Iterator[BadCell]:
    """Every cell that does not fit the others."""
    yield from _hardware(tables["hardware"])
    yield from _windows(tables["windows"])
    yield from _compute(tables)
    yield from _serving(tables["serving_days"])


def _hardware(hardware: pl.DataFrame) -> Iterator[BadCell]:
    is_date = pl.col("unit") == "date"
    wrong = hardware.filter(
        pl.col("value_date").is_null() & is_date | pl.col("value_date").is_not_null() & ~is_date
    )
    for row in wrong.iter_rows(named=True):
        must = "must hold the day where the unit is `date`, and nothing elsewhere"
        yield bad_cell(row, "value_date", _found(row["value_date"]), must)
    for row in hardware.filter(pl.col("value").is_null() & ~is_date).iter_rows(named=True):
        yield bad_cell(row, "value", "", "must be there, unless the unit is `date`")


def _windows(windows: pl.DataFrame) -> Iterator[BadCell]:
    known = pl.col("window_gpu_count").is_not_null()
    for row in windows.filter(known == pl.col("assumed_days").is_not_null()).iter_rows(named=True):
        must = "must be there where gpu_count is empty, and only there"
        yield bad_cell(row, "assumed_days", _found(row["assumed_days"]), must)


def _compute(tables: Tables) -> Iterator[BadCell]:
    compute = tables["training_compute"]
    held = tables["stages"].filter(
        pl.col("tokens").is_not_null() & pl.col("active_params_b").is_not_null()
    )
    with_work = held["stage_id"].to_list()
    for row in compute.filter(~pl.col("tokens_stage_id").is_in(with_work)).iter_rows(named=True):
        must = "must be a stage with tokens and active_params_b"
        yield bad_cell(row, "tokens_stage_id", _found(row["tokens_stage_id"]), must)
    hardware = tables["hardware"].filter(pl.col("unit") == PEAK_UNIT)["hardware_id"].to_list()
    for name in ("peak_id", "utilisation_peak_id"):
        wrong = compute.filter(pl.col(name).is_not_null() & ~pl.col(name).is_in(hardware))
        for row in wrong.iter_rows(named=True):
            must = f"must be a row of data/hardware.csv with the unit {PEAK_UNIT}"
            yield bad_cell(row, name, _found(row[name]), must)
    printed = ("utilisation_from", "utilisation_to", "utilisation_peak_id")
    some = pl.any_horizontal(pl.col(name).is_not_null() for name in printed)
    for name in printed:
        for row in compute.filter(some & pl.col(name).is_null()).iter_rows(named=True):
            yield bad_cell(row, name, "", f"must be there, as one of {', '.join(printed)} is")
    wrong = compute.filter(pl.col("utilisation_from") > pl.col("utilisation_to"))
    for row in wrong.iter_rows(named=True):
        must = "must not be below utilisation_from"
        yield bad_cell(row, "utilisation_to", _found(row["utilisation_to"]), must)


def _serving(days: pl.DataFrame) -> Iterator[BadCell]:
    for row in days.filter(pl.col("cached_tokens") > pl.col("input_tokens")).iter_rows(named=True):
        must = "must not be more than input_tokens"
        yield bad_cell(row, "cached_tokens", _found(row["cached_tokens_text"]), must)


def _found(value: object) -> str:
    return "" if value is None else f"'{value}'"
