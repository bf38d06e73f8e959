"""Turn ingested text into typed tables, or refuse it cell by cell.

Three passes, so that one run names every bad cell: read each cell by its
declaration, check types and values with pandera, then what rows must hold
together (cross_checks.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import pandera.errors
import polars as pl

from traincost import printed
from traincost.claimed import stated
from traincost.columns import Column, Table
from traincost.cross_checks import bad_cell, cross_checks
from traincost.declarations import DATA_FILES
from traincost.errors import BadCell, quoted, refuse
from traincost.exact import exact
from traincost.field_checks import field_checks
from traincost.owner_checks import owner_checks
from traincost.schemas import schema_of

Parsed = dict[str, object]

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DECIMAL = re.compile(r"[0-9]+(\.[0-9]{1,6})?")


def validate_layer(
    raw: Mapping[str, pl.DataFrame], configured: Mapping[str, pl.DataFrame], as_of: date
) -> dict[str, pl.DataFrame]:
    """The validated layer: every table of `raw` typed and sorted by key, and `configured`.

    `raw`: ingested tables by name. `configured`: books and stand_ins. Raises
    UserError that lists every bad cell of every file.
    """
    tables, bad = dict(configured), []
    for name, frame in raw.items():
        typed, cells = validate_table(frame, DATA_FILES[name])
        tables[name] = typed.sort(DATA_FILES[name].key)
        bad += cells
    # an unreadable cell is missing to the checks that follow: it is not refused twice
    refused = {_place(cell) for cell in bad}
    checked = [*cross_checks(tables, as_of), *field_checks(tables), *owner_checks(tables)]
    bad += [cell for cell in checked if _place(cell) not in refused]
    refuse(bad)
    return tables


def validate_table(raw: pl.DataFrame, table: Table) -> tuple[pl.DataFrame, list[BadCell]]:
    """The typed table of an ingested one, and its bad cells.

    Grain unchanged; one row per key. Columns as declared, preceded by whatever
    `file`, `line` and extra id columns the raw frame has. Rows with an
    unreadable cell hold null there.
    """
    bad: list[BadCell] = []
    rows = [_read_row(row, table, bad) for row in raw.iter_rows(named=True)]
    kept = {name: raw.schema[name] for name in raw.columns if name not in table.raw_header()}
    typed = pl.DataFrame(rows, schema=kept | table.schema(), orient="row")
    refused = {_place(cell) for cell in bad}
    bad += [cell for cell in _pandera_cells(raw, typed, table) if _place(cell) not in refused]
    bad += _duplicates(typed, table)
    return typed, bad


def _place(cell: BadCell) -> tuple[str, int, str]:
    return cell.file, cell.line, cell.column


def _read_row(row: Parsed, table: Table, bad: list[BadCell]) -> Parsed:
    typed = {name: row[name] for name in row if name not in table.raw_header()}
    for column in table.columns:
        text = str(row[column.raw_name])
        if column.reading == "assumed":
            typed |= _read_assumed(row, column, bad)
            continue
        try:
            step = _read_step(row, column, text)
        except ValueError as error:
            bad.append(
                bad_cell(row, column.raw_step, quoted(str(row[column.raw_step])), str(error))
            )
            step = ""
        try:
            typed |= _read_cell(column, text, step)
        except ValueError as error:
            bad.append(bad_cell(row, column.raw_name, quoted(text), str(error)))
            typed |= {part.name: None for part in column.expanded()}
    return typed


def _read_assumed(row: Parsed, column: Column, bad: list[BadCell]) -> Parsed:
    """An assumed number and its bounds, each from a column of its own."""
    cells = {
        column.name: column.raw_name,
        f"{column.name}_low": column.raw_low,
        f"{column.name}_high": column.raw_high,
    }
    typed: Parsed = {f"{column.name}_text": str(row[column.raw_name])}
    for name, raw in cells.items():
        text = str(row[raw])
        try:
            typed[name] = float(exact(text))
        except ValueError as error:
            must = str(error) if text else "must not be empty"
            bad.append(bad_cell(row, raw, quoted(text), must))
            typed[name] = None
    return typed


def _read_step(row: Parsed, column: Column, text: str) -> str:
    step = str(row[column.raw_step]) if column.raw_step else ""
    if step and not text:
        raise ValueError(f"must be empty where {column.raw_name} is")
    if step:
        printed.declared_step(step)
    return step


def _read_cell(column: Column, text: str, step: str) -> Parsed:
    if text == "":
        if not column.optional:
            raise ValueError("must not be empty")
        return {part.name: None for part in column.expanded()}
    _refuse_hidden_characters(text)
    name = column.name
    match column.reading or column.kind:
        case "text":
            return {name: text}
        case "date":
            return {name: _date(text)}
        case "decimal":
            return {name: float(_decimal(text))}
        case "count":
            return {name: float(printed.count(text).value), f"{name}_text": text}
        case "measured":
            figure = printed.measured(text, step)
        case "stated":
            figure = stated(text, step)
        case _:
            figure = printed.duration_hours(text, step)
    return {
        name: float(figure.value),
        f"{name}_low": float(figure.low),
        f"{name}_high": figure.high_number,
        f"{name}_step": None if figure.step is None else float(figure.step),
        f"{name}_text": text,
    }


def _date(text: str) -> date:
    try:
        if not _ISO_DATE.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a date of the calendar, written YYYY-MM-DD") from None


def _decimal(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise ValueError(
            "must be a plain number such as 3.42: digits, a point, at most six decimals"
        )
    return Decimal(text)


def _refuse_hidden_characters(text: str) -> None:
    if text != text.strip() or "\xa0" in text:
        raise ValueError("must not begin or end with a space or hold a no-break space")
    if not text.isprintable():
        raise ValueError("must not hold control or invisible characters")


def _pandera_cells(raw: pl.DataFrame, typed: pl.DataFrame, table: Table) -> Iterator[BadCell]:
    columns = [column.name for column in table.physical()]
    try:
        schema_of(table).validate(typed.select(columns), lazy=True)
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
