"""What rows must hold together: references, dates, runs, rates of exchange."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from traincost.claim_checks import claim_checks
from traincost.columns import Table
from traincost.declarations import VALIDATED
from traincost.declarations.prices import USD
from traincost.errors import BadCell, UserError, nearest, quoted
from traincost.prices import FORMATS
from traincost.prices.names import look_alike

Tables = Mapping[str, pl.DataFrame]

# cells that hold several ids: table, column, and where the ids live
ID_LISTS = (
    ("printed_totals", "stage_ids", "stages", "stage_id"),
    ("scopes", "run_ids", "stages", "run_id"),
    ("printed_totals", "run_id", "stages", "run_id"),
    ("windows", "run_id", "stages", "run_id"),
    ("cost_estimates", "run_id", "stages", "run_id"),
    ("training_compute", "run_id", "stages", "run_id"),
    ("training_compute", "hours_stage_ids", "stages", "stage_id"),
    ("rl_runs", "stage_ids", "stages", "stage_id"),
)
EARLIEST = date(2000, 1, 1)
RANGE = ("usd_per_gpu_hour_from", "usd_per_gpu_hour_to", "range_reason")
SAME_IN_A_RUN = ("model", "developer", "release_date")


def cross_checks(tables: Tables, as_of: date) -> list[BadCell]:
    """Every cell that does not fit the others. Raises UserError for the configuration's own.

    Quotes are not among `tables`: they have checks of their own.
    """
    _check_stand_ins(tables)
    from_files = {name: frame for name, frame in tables.items() if "file" in frame.columns}
    return [
        *(
            c
            for name, frame in from_files.items()
            for c in references(frame, VALIDATED[name], tables)
        ),
        *(
            c
            for name, frame in from_files.items()
            for c in impossible_dates(frame, VALIDATED[name], as_of)
        ),
        *_id_lists(tables),
        *_scopes_of_runs(tables),
        *_stage_hours(tables["stages"]),
        *_runs(tables["stages"]),
        *_rates(tables["printed_totals"]),
        *_aliases(tables),
        *_ranges(tables["gpus"]),
        *_exchange_rates(tables["exchange_rates"]),
        *claim_checks(tables),
    ]


def bad_cell(row: Mapping[str, object], column: str, found: str, must: str) -> BadCell:
    """A BadCell at the file and line of a row, with the column as the row's file calls it."""
    price_format = FORMATS.get(str(row.get("format")))
    if price_format:
        column = price_format.column_in_file(column, str(row.get("commitment")))
    return BadCell(str(row["file"]), int(str(row["line"])), column, found, must)


def references(frame: pl.DataFrame, table: Table, tables: Tables) -> Iterator[BadCell]:
    """Cells that name no row of the table they refer to."""
    for column in table.columns:
        if column.references and column.name in frame.columns:
            target = VALIDATED[column.references].key[0]
            yield from _unknown(frame, column.name, tables[column.references], target, tables)


def impossible_dates(frame: pl.DataFrame, table: Table, as_of: date) -> Iterator[BadCell]:
    """Dates later than the configuration takes for possible, or before there were such things."""
    too_late = f"must not be later than as_of in the configuration ({as_of})"
    too_early = f"must not be earlier than {EARLIEST}"
    for name in (column.name for column in table.columns if column.kind == "date"):
        for row in frame.filter(pl.col(name) > as_of).iter_rows(named=True):
            yield bad_cell(row, name, f"'{row[name]}'", too_late)
        for row in frame.filter(pl.col(name) < EARLIEST).iter_rows(named=True):
            yield bad_cell(row, name, f"'{row[name]}'", too_early)


def _unknown(
    frame: pl.DataFrame, column: str, target: pl.DataFrame, key: str, tables: Tables
) -> Iterator[BadCell]:
    known = set(target[key].drop_nulls())
    where = target[0, "file"]
    wrong = frame.filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(list(known)))
    if column == "gpu" and "gpu_aliases" in tables:
        known |= set(tables["gpu_aliases"]["alias"].drop_nulls())
    hints: dict[str, str] = {}
    for row in wrong.iter_rows(named=True):
        found = row[column]
        if found not in hints:
            hints[found] = look_alike(found, sorted(known)) or nearest(found, known)
        yield bad_cell(row, column, quoted(found), f"must stand in {where}{hints[found]}")


def _id_lists(tables: Tables) -> Iterator[BadCell]:
    for name, column, target, key in ID_LISTS:
        listed = tables[name].with_columns(ids=pl.col(column).str.split(" "))
        split = listed.with_columns(pl.col("ids").alias(column)).explode(column)
        yield from _unknown(split, column, tables[target], key, tables)
        twice = listed.filter(pl.col("ids").list.n_unique() < pl.col("ids").list.len())
        for row in twice.iter_rows(named=True):
            yield bad_cell(row, column, quoted(row[column]), "must name each id once")


def _scopes_of_runs(tables: Tables) -> Iterator[BadCell]:
    """Every run is a scope by itself: a scope of its name must not be another bill."""
    runs = tables["stages"]["run_id"].drop_nulls().unique().to_list()
    named = tables["scopes"].filter(pl.col("scope_id").is_in(runs))
    for row in named.filter(pl.col("run_ids") != pl.col("scope_id")).iter_rows(named=True):
        must = f"must be '{row['scope_id']}', the run that the scope is named after"
        yield bad_cell(row, "run_ids", quoted(row["run_ids"]), must)


def _stage_hours(stages: pl.DataFrame) -> Iterator[BadCell]:
    has_product = pl.col("gpu_count").is_not_null() & pl.col("wall_hours").is_not_null()
    lacking = stages.filter(pl.col("gpu_hours_printed").is_null() & ~has_product)
    for row in lacking.iter_rows(named=True):
        must = "must be there, or gpu_count and wall_time both must"
        yield bad_cell(row, "gpu_hours_printed", "", must)


def _runs(stages: pl.DataFrame) -> Iterator[BadCell]:
    for (run_id,), rows in stages.sort("line").group_by("run_id", maintain_order=True):
        for column in SAME_IN_A_RUN:
            # the first that can be read: an unreadable cell blames no other
            first = next(iter(rows[column].drop_nulls()), None)
            for row in rows.filter(pl.col(column).ne_missing(first)).iter_rows(named=True):
                must = f"must be the same in every stage of run {run_id}"
                yield bad_cell(row, column, quoted(str(row[column] or "")), must)
        again = rows.filter(~pl.col("stage_order").is_first_distinct())
        for row in again.drop_nulls("stage_order").iter_rows(named=True):
            must = f"must differ from that of the other stages of run {run_id}"
            yield bad_cell(row, "stage_order", f"'{row['stage_order']:g}'", must)


def _rates(totals: pl.DataFrame) -> Iterator[BadCell]:
    rates = totals.filter(
        (pl.col("quantity") == "gpu_hours_per_trillion_tokens")
        & pl.col("stage_ids").is_not_null()
        & pl.col("tokens").is_null()
    )
    for row in rates.iter_rows(named=True):
        yield bad_cell(row, "tokens", "", "must be there: a rate is checked with its tokens")


def _aliases(tables: Tables) -> Iterator[BadCell]:
    canonical = {name.lower() for name in tables["gpus"]["gpu"].drop_nulls()}
    for row in tables["gpu_aliases"].iter_rows(named=True):
        if str(row["alias"]).lower() in canonical and row["alias"] != row["gpu"]:
            must = "must not be the canonical name of an accelerator"
            yield bad_cell(row, "alias", quoted(row["alias"]), must)


def _ranges(gpus: pl.DataFrame) -> Iterator[BadCell]:
    low, high = pl.col("usd_per_gpu_hour_from"), pl.col("usd_per_gpu_hour_to")
    whole = low.is_not_null() & high.is_not_null() & pl.col("range_reason").is_not_null()
    for row in gpus.filter((low.is_not_null() | high.is_not_null()) & ~whole).iter_rows(named=True):
        must = "must be there: a plausible range has both ends and a reason"
        missing = next(name for name in RANGE if row[name] is None)
        yield bad_cell(row, missing, "", must)
    for row in gpus.filter(low >= high).iter_rows(named=True):
        must = "must be above usd_per_gpu_hour_from"
        yield bad_cell(row, "usd_per_gpu_hour_to", f"'{row['usd_per_gpu_hour_to']:g}'", must)


def _exchange_rates(rates: pl.DataFrame) -> Iterator[BadCell]:
    one, other = "units_per_usd", "usd_per_unit_printed"
    for row in rates.filter(pl.col(one).is_null() == pl.col(other).is_null()).iter_rows(named=True):
        found = "" if row[one] is None else f"'{row[one]:g}'"
        yield bad_cell(row, one, found, f"either this or {other} must be filled, as printed")
    is_usd = pl.col("currency") == USD
    for row in rates.filter(pl.col("rate_date").is_null() != is_usd).iter_rows(named=True):
        found = "" if row["rate_date"] is None else f"'{row['rate_date']}'"
        must = f"must be there, except for {USD}, which is worth itself at all times"
        yield bad_cell(row, "rate_date", found, must)
    for row in rates.filter(is_usd & (pl.coalesce(one, other) != 1)).iter_rows(named=True):
        yield bad_cell(row, one, "", f"one {USD} must be 1 {USD}")
    day = ["currency", "rate_date"]
    for row in rates.filter(~pl.struct(day).is_first_distinct()).iter_rows(named=True):
        found = f"'{row['currency']}' on {row['rate_date']}"
        yield bad_cell(row, "rate_date", found, "a currency must have one rate a day")


def _check_stand_ins(tables: Tables) -> None:
    known = set(tables["gpus"]["gpu"].drop_nulls())
    users = set(tables["books"].filter("is_users")["book_id"])
    for row in tables["stand_ins"].iter_rows(named=True):
        for name in ({row["gpu"]} - {"*"}) | {row["quote_gpu"]}:
            if name not in known:
                place = f"price_books.{row['book_id']}.stand_ins"
                if row["book_id"] in users:
                    place = "prices_stand_ins"
                raise UserError(
                    f"configuration, {place}: {quoted(name)} is no accelerator of"
                    f" data/gpus.csv{nearest(name, known)}"
                )
