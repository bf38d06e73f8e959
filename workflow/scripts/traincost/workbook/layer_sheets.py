"""Tables of the layers as sheets: stages, quotes, checks and sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from xlsxwriter.worksheet import Worksheet

from traincost.columns import NUMBER_KINDS, Column, Table
from traincost.declarations import ESTIMATES, PRICED, VALIDATED
from traincost.workbook.digits import Digits, format_of_column
from traincost.workbook.looks import Looks
from traincost.workbook.names import PARTS
from traincost.workbook.writer import Writer, height_of

TITLE, SUBTITLE, STATUS, HEAD, UNITS = range(5)
Frames = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class LayerSheet:
    """A sheet made from a table of a layer.

    `columns` of it, in order; bounds follow by themselves. `joined`: columns that
    another table adds, by a key that both have. `is_baseline_only`: rows of the
    baseline book alone.
    """

    name: str
    title: str
    table: Table
    columns: tuple[str, ...]
    joined: tuple[Table, str, tuple[str, ...]] | None = None
    is_baseline_only: bool = False

    def declared(self) -> list[Column]:
        """The declarations of all columns, the joined ones first."""
        table, _, names = self.joined or (self.table, "", ())
        return [table[name] for name in names] + [self.table[name] for name in self.columns]


_READ = ("source_id", "locator", "status")
_LINE = ("file", "line")
_STAGE_WORDS = ("model", "developer", "stage", "hours_basis", *_READ, *_LINE)
_STAGE_HOURS = ("gpu_count", "wall_hours", "gpu_hours_printed", "gpu_hours")
_STAGE_COST = ("quote_gpu", "usd_per_gpu_hour", "cost_usd", "unpriced_because")
_OFFER = ("gpu", "vendor", "region", "quote_date")
_RENTAL = ("commitment", "usd_per_gpu_hour", "price_printed", "kind")
_PURCHASE = ("usd_per_gpu", "price_printed", "currency", "unit_sold", "kind")
_CHECKED = ("check_id", "quantity", "printed", "computed", "outcome", "gpu_hours", "tokens")
_CHECKED_PRICES = ("stated_usd_per_gpu_hour", "implied_usd_per_gpu_hour")
_DOCUMENT = ("source_id", "title", "publisher", "published", "address")
_RIGHTS = ("licence", "attribution", "primary_read", "note")

LAYER_SHEETS = (
    LayerSheet(
        "Stages",
        "Stages of training work, with hours, price and cost under the baseline",
        PRICED["stages"],
        ("gpu", *_STAGE_HOURS, *_STAGE_COST),
        (VALIDATED["stages"], "stage_id", _STAGE_WORDS),
        is_baseline_only=True,
    ),
    LayerSheet(
        "Quotes",
        "Rental quotes of every price book",
        VALIDATED["quotes"],
        ("book_id", *_OFFER, *_RENTAL, *_READ, "address", *_LINE),
    ),
    LayerSheet(
        "Purchase quotes",
        "Prices at which accelerators and servers were offered",
        VALIDATED["purchase_quotes"],
        (*_OFFER, *_PURCHASE, *_READ, "address", *_LINE),
    ),
    LayerSheet(
        "Checks",
        "Printed totals, rates and costs beside what the stages add up to",
        ESTIMATES["checks"],
        (*_CHECKED, *_CHECKED_PRICES),
    ),
    LayerSheet(
        "Sources",
        "Documents that figures were read from",
        VALIDATED["sources"],
        (*_DOCUMENT, *_RIGHTS, *_LINE),
    ),
)


def rows_of(spec: LayerSheet, identified: Frames) -> pl.DataFrame:
    """The rows of a sheet, with the id of every number in `id:<column>`."""
    frame = identified[spec.table.address]
    if spec.is_baseline_only:
        books = identified["validated.books"]
        frame = frame.filter(pl.col("book_id") == books.filter("is_baseline")["book_id"].item())
    if spec.joined:
        table, key, names = spec.joined
        other = identified[table.address].select(key, *names)
        frame = frame.join(other, on=key, how="left", validate="m:1", maintain_order="left")
    return frame


def numbers_of(spec: LayerSheet, identified: Frames) -> set[str]:
    """Ids of the numbers on a sheet."""
    frame = rows_of(spec, identified)
    ids = [f"id:{name}" for name in spec.columns if f"id:{name}" in frame.columns]
    return {found for name in ids for found in frame[name].drop_nulls()}


def layer_sheet(writer: Writer, spec: LayerSheet, identified: Frames) -> None:
    """Add a sheet."""
    frame = rows_of(spec, identified)
    columns = [part for column in spec.declared() for part in _with_bounds(column, frame)]
    sheet = writer.sheet(spec.name, [_width(column, frame) for column in columns])
    last = min(len(columns) - 1, 7)
    writer.spread(sheet, (TITLE, 0), last, spec.title, writer.looks("title"))
    which = ", rows of the baseline" if spec.is_baseline_only else ""
    subtitle = f"{spec.table.layer}/{spec.table.name}.parquet{which}"
    writer.spread(sheet, (SUBTITLE, 0), last, subtitle, writer.looks("muted"))
    writer.status(sheet, (STATUS, 0), last)
    sheet.set_row(TITLE, 22)
    for place, column in enumerate(columns):
        side = _side(column) if place else {}
        heading = column.name.replace("_", " ")
        writer.text(sheet, (HEAD, place), heading, writer.looks("head", bottom=0, **side))
        writer.text(sheet, (UNITS, place), column.unit, writer.looks("unit", **side))
        _column(writer, sheet, place, column, frame)
    _row_heights(sheet, columns, frame)
    sheet.freeze_panes(UNITS + 1, 1)
    sheet.repeat_rows(HEAD, UNITS)
    sheet.autofilter(UNITS, 0, UNITS + max(1, len(frame)), len(columns) - 1)


def _side(column: Column) -> dict[str, Any]:
    """Words stand off from the numbers before them."""
    return {"align": "right"} if column.kind in NUMBER_KINDS else {"align": "left", "indent": 1}


def _with_bounds(column: Column, frame: pl.DataFrame) -> Iterator[Column]:
    """A column and those of its bounds; not that of its printed text."""
    for part in column.expanded():
        is_bound = part.name in (f"{column.name}_low", f"{column.name}_high")
        if (part.name == column.name or is_bound) and part.name in frame.columns:
            yield part


def _width(column: Column, frame: pl.DataFrame) -> float:
    if column.kind in NUMBER_KINDS:
        return 13
    longest = frame[column.name].cast(pl.String).str.len_chars().max() or 0
    return float(min(max(longest + 2, 10), 36))


def _row_heights(sheet: Worksheet, columns: Sequence[Column], frame: pl.DataFrame) -> None:
    texts = [column for column in columns if column.kind not in NUMBER_KINDS]
    widths = [_width(column, frame) for column in texts]
    rows = zip(*(map(_words, frame[column.name]) for column in texts), strict=True)
    for row, words in enumerate(rows, start=UNITS + 1):
        sheet.set_row(row, height_of(*zip(words, widths, strict=True)))


def _column(
    writer: Writer, sheet: Worksheet, place: int, column: Column, frame: pl.DataFrame
) -> None:
    values = frame[column.name].to_list()
    number, _, bound = column.name.rpartition("_")
    part = bound if bound in PARTS[1:] and f"id:{number}" in frame.columns else PARTS[0]
    owner = f"id:{column.name if part == PARTS[0] else number}"
    ids = frame[owner].to_list() if owner in frame.columns else [None] * len(values)
    look, number_format = _look(writer.looks, column, values)
    look = look if place else writer.looks("wrapped")
    for row, (value, number_id) in enumerate(zip(values, ids, strict=True), start=UNITS + 1):
        at = (row, place)
        if value is None:
            continue
        if column.kind == "date":
            sheet.write_datetime(*at, value, look)
        elif number_id in writer.ledger and column.kind in NUMBER_KINDS:
            writer.shown(sheet, at, (number_id, part), Digits(1, number_format), look)
        elif column.kind in NUMBER_KINDS:
            writer.number(sheet, at, value, look)
        else:
            writer.text(sheet, at, _words(value), look)


def _look(looks: Looks, column: Column, values: Sequence[Any]) -> tuple[Any, str]:
    if column.kind == "date":
        return looks("date"), ""
    if column.kind not in NUMBER_KINDS:
        return looks("wrapped", **_side(column)), ""
    if column.kind == "integer":
        return looks("number"), ""
    there = [value for value in values if value is not None]
    number_format = format_of_column(there, column.unit)
    return looks("number", num_format=number_format), number_format


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, str) else ", ".join(value)
