"""Turn ingested text into typed tables, or refuse it cell by cell.

Three passes, so that one run names every bad cell: read each cell by its
declaration, check types and values with pandera, then what rows must hold
together (cross_checks.py; for quotes, quotes.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import pandera.errors
import polars as pl

from traincost.cells import read_column
from traincost.columns import KINDS, Table
from traincost.cross_checks import bad_cell, cross_checks
from traincost.declarations import DATA_FILES, VALIDATED
from traincost.derive import derive
from traincost.errors import BadCell, BadCells, quoted
from traincost.field_checks import field_checks
from traincost.owner_checks import owner_checks
from traincost.purchase_checks import purchase_checks
from traincost.quotes import BookCheck
from traincost.schemas import schema_of

QUOTES = "quotes"


def validate_layer(
    raw: Mapping[str, pl.DataFrame], configured: Mapping[str, pl.DataFrame], as_of: date
) -> dict[str, pl.DataFrame]:
    """The validated layer: every table of `raw` typed and sorted by key, and `configured`.

    `raw`: ingested tables by name. `configured`: books and stand_ins. Raises
    UserError that lists every bad cell of every file. Quotes keep the order of
    their files.
    """
    bad = BadCells()
    tables = validate_tables(raw, configured, as_of, bad)
    counted = without_repeats(raw[QUOTES], raw["notes"]) if "notes" in raw else raw[QUOTES]
    quotes = pl.concat(validate_quotes([counted], tables, as_of, bad))
    return tables | {QUOTES: quotes.sort(VALIDATED[QUOTES].order)}


def validate_tables(
    raw: Mapping[str, pl.DataFrame],
    configured: Mapping[str, pl.DataFrame],
    as_of: date,
    bad: BadCells,
) -> dict[str, pl.DataFrame]:
    """All tables but the quotes; bad cells go into `bad`, for `validate_quotes` to raise."""
    tables, unfit = dict(configured), []
    for name, frame in raw.items():
        if name in DATA_FILES and name != QUOTES:
            typed, cells = validate_table(frame, DATA_FILES[name])
            tables[name] = typed.sort(DATA_FILES[name].key)
            unfit += cells
    unfit += _refused_rows(raw)
    # an unreadable cell is missing to the checks that follow: it is not refused twice
    checked = [
        *cross_checks(tables, as_of),
        *field_checks(tables),
        *owner_checks(tables),
        *purchase_checks(tables),
    ]
    bad.add({*unfit, *_elsewhere(checked, unfit)})
    return tables


def without_repeats(quotes: pl.DataFrame, notes: pl.DataFrame) -> pl.DataFrame:
    """Ingested quotes without those of lines that repeat another, as `notes` tell."""
    repeated = notes.filter(pl.col("repeats_line").is_not_null())
    return quotes.join(repeated, on=["book_id", "line"], how="anti", maintain_order="left")


def validate_quotes(
    batches: Iterable[pl.DataFrame],
    tables: Mapping[str, pl.DataFrame],
    as_of: date,
    bad: BadCells,
) -> Iterator[pl.DataFrame]:
    """Typed quotes, in the order of `batches`, which hold ingested ones.

    `tables`: the validated tables, books among them. After the last, raises
    UserError that lists all of `bad`, cells of other tables included: what was
    yielded before must then not be used.
    """
    books = tables["books"].sort("book_order")
    # a file of two books has its mistakes once
    reporting = set(books.unique("book_file", keep="first", maintain_order=True)["book_id"])
    rows = {row["book_id"]: row for row in books.iter_rows(named=True)}
    checks: dict[str, BookCheck] = {}
    for batch in batches:
        for raw in batch.partition_by("book_id", maintain_order=True):
            book_id = raw[0, "book_id"]
            read, unread = validate_table(raw, DATA_FILES[QUOTES])
            if book_id not in checks:
                checks[book_id] = BookCheck(rows[book_id], tables, as_of)
            quotes, unfit = checks[book_id].checked(raw, read)
            if book_id in reporting:
                bad.add({*unread, *_elsewhere(unfit, unread)})
            yield quotes
    for book_id in reporting & checks.keys():
        bad.add(checks[book_id].contradictions())
    bad.refuse()


def validate_table(raw: pl.DataFrame, table: Table) -> tuple[pl.DataFrame, list[BadCell]]:
    """The typed table of an ingested one, and its bad cells.

    Grain unchanged; one row per key. Columns as declared, preceded by whatever
    `file`, `line` and extra id columns the raw frame has. Rows with an
    unreadable cell hold null there.
    """
    bad: list[BadCell] = []
    kept = [name for name in raw.columns if name not in table.raw_header()]
    columns: list[pl.Series] = list(raw.select(kept))
    for column in table.read_columns():
        cells, reasons = read_column(raw, column)
        columns += cells
        bad += (cell for name, why in reasons.items() for cell in _unread(raw, name, why))
    typed = pl.DataFrame(columns)
    bad += _elsewhere(_pandera_cells(raw, typed, table), bad)
    bad += _duplicates(typed, table)
    return (_underived(typed, table) if bad else derive(typed, table)), bad


def _underived(typed: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The table with nothing in its derived columns: it is refused, but checked on."""
    derived = [column for column in table.columns if column.formula]
    return typed.with_columns(
        pl.lit(None, KINDS[column.kind][0]).alias(column.name) for column in derived
    )


def _elsewhere(cells: Iterable[BadCell], refused: Iterable[BadCell]) -> list[BadCell]:
    """Those of `cells` that stand where none of `refused` does."""
    places = {(cell.file, cell.line, cell.column) for cell in refused}
    return [cell for cell in cells if (cell.file, cell.line, cell.column) not in places]


def _refused_rows(raw: Mapping[str, pl.DataFrame]) -> Iterator[BadCell]:
    """Rows of price files that could not be read at all."""
    if "skipped" in raw:
        refused = raw["skipped"].filter("is_refused").unique(["file", "line"], maintain_order=True)
        for row in refused.iter_rows(named=True):
            yield bad_cell(row, "", row["what"], row["reason"])


def _unread(raw: pl.DataFrame, column: str, why: pl.Series) -> Iterator[BadCell]:
    wrong = raw.with_columns(_why=why).filter(pl.col("_why").is_not_null())
    for row in wrong.iter_rows(named=True):
        yield bad_cell(row, column, quoted(row[column]), row["_why"])


def _pandera_cells(raw: pl.DataFrame, typed: pl.DataFrame, table: Table) -> Iterator[BadCell]:
    columns = [column.name for column in table.physical() if column.name in typed.columns]
    try:
        schema_of(table, columns).validate(typed.select(columns), lazy=True)
    except pandera.errors.SchemaErrors as errors:
        for case in errors.failure_cases.iter_rows(named=True):
            if case["index"] is None:
                raise AssertionError(f"{table.name}: {case['check']} on {case['column']}") from None
            row = raw.row(case["index"], named=True)
            raw_name = table[case["column"]].raw_name
            if case["check"] != "not_nullable":  # emptiness was said when the cell was read
                yield bad_cell(row, raw_name, quoted(row[raw_name]), str(case["check"]))


def _duplicates(typed: pl.DataFrame, table: Table) -> Iterator[BadCell]:
    key = [name for name in table.key if name in typed.columns]
    present = typed.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in key))
    for _, rows in present.filter(pl.struct(key).is_duplicated()).group_by(
        key, maintain_order=True
    ):
        first = rows.row(0, named=True)
        for row in rows.slice(1).iter_rows(named=True):
            found = " and ".join(quoted(str(row[name])) for name in key)
            must = f"must be unique, but also stands in {first['file']}, line {first['line']}"
            yield bad_cell(row, key[-1], found, must)
