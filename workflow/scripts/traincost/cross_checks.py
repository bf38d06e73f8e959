"""What rows must hold together: references, dates, books, runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from traincost.claim_checks import claim_checks
from traincost.declarations import VALIDATED
from traincost.errors import BadCell, UserError, nearest, quoted

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
SAME_IN_A_RUN = ("model", "developer", "release_date")


def cross_checks(tables: Tables, as_of: date) -> list[BadCell]:
    """Every cell that does not fit the others. Raises UserError for the configuration's own."""
    _check_stand_ins(tables)
    return [
        *_references(tables),
        *_id_lists(tables),
        *_future_dates(tables, as_of),
        *_blank_dates(tables),
        *_same_day_quotes(tables["quotes"]),
        *_scopes_of_runs(tables),
        *_stage_hours(tables["stages"]),
        *_runs(tables["stages"]),
        *_rates(tables["printed_totals"]),
        *_aliases(tables),
        *claim_checks(tables),
    ]


def bad_cell(row: Mapping[str, object], column: str, found: str, must: str) -> BadCell:
    """A BadCell at the file and line of a row."""
    return BadCell(str(row["file"]), int(str(row["line"])), column, found, must)


def _references(tables: Tables) -> Iterator[BadCell]:
    for name, frame in tables.items():
        for column in VALIDATED[name].columns:
            if not column.references or "file" not in frame.columns:
                continue
            target = VALIDATED[column.references].key[0]
            yield from _unknown(frame, column.name, tables[column.references], target)


def _unknown(frame: pl.DataFrame, column: str, target: pl.DataFrame, key: str) -> Iterator[BadCell]:
    known = set(target[key].drop_nulls())
    where = target[0, "file"]
    wrong = frame.filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(list(known)))
    for row in wrong.iter_rows(named=True):
        found = row[column]
        yield bad_cell(row, column, quoted(found), f"must stand in {where}{nearest(found, known)}")


def _id_lists(tables: Tables) -> Iterator[BadCell]:
    for name, column, target, key in ID_LISTS:
        listed = tables[name].with_columns(ids=pl.col(column).str.split(" "))
        split = listed.with_columns(pl.col("ids").alias(column)).explode(column)
        yield from _unknown(split, column, tables[target], key)
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


def _future_dates(tables: Tables, as_of: date) -> Iterator[BadCell]:
    must = f"must not be later than as_of in the configuration ({as_of})"
    for name, frame in tables.items():
        for column in VALIDATED[name].columns:
            if column.kind == "date" and "file" in frame.columns:
                for row in frame.filter(pl.col(column.name) > as_of).iter_rows(named=True):
                    yield bad_cell(row, column.name, f"'{row[column.name]}'", must)


def _blank_dates(tables: Tables) -> Iterator[BadCell]:
    flat = tables["books"].select("book_id", "is_flat")
    blank = tables["quotes"].filter(pl.col("quote_date").is_null())
    for row in blank.join(flat, on="book_id").filter(~pl.col("is_flat")).iter_rows(named=True):
        must = "must not be empty: other quotes of this book are dated"
        yield bad_cell(row, "quote_date", "", must)


def _same_day_quotes(quotes: pl.DataFrame) -> Iterator[BadCell]:
    """One of two would price the day, and nothing says which. Undated quotes are all in force."""
    series = ["book_id", "gpu", "vendor", "region", "commitment", "quote_date"]
    dated = quotes.filter(pl.col("quote_date").is_not_null())
    same = dated.filter(pl.struct(series).is_duplicated()).sort("line")
    for _, rows in same.group_by(series, maintain_order=True):
        first = rows.row(0, named=True)
        must = (
            f"must differ from that of line {first['line']}, a quote of the same vendor for the"
            " same GPU, region and commitment"
        )
        for row in rows.slice(1).iter_rows(named=True):
            yield bad_cell(row, "quote_date", f"'{row['quote_date']}'", must)


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


def _check_stand_ins(tables: Tables) -> None:
    known = set(tables["gpus"]["gpu"].drop_nulls())
    for row in tables["stand_ins"].iter_rows(named=True):
        for name in ({row["gpu"]} - {"*"}) | {row["quote_gpu"]}:
            if name not in known:
                raise UserError(
                    f"configuration, price_books.{row['book_id']}.stand_ins: {quoted(name)} is no"
                    f" accelerator of data/gpus.csv{nearest(name, known)}"
                )
