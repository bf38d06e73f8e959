"""The rows of models that hold dollars printed by third parties, each by its own method."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from traincost import display
from traincost.tables.spec import Cell, Row, Shown, TableRow, bounds, day, quantity, text, year

DOLLARS = "Dollars printed by third parties: not at the one price, each by its own method"

# as in the other rows of the table
THOUSANDS = Shown("thousand USD", per=1e3)
TIMES = Shown("1", decimals=3)
MANY_TIMES = Shown("1", decimals=2)


def estimates_under(third_party: pl.DataFrame, book_id: str) -> list[Row]:
    """The estimates under a book, the largest first."""
    rows = third_party.filter(pl.col("book_id") == book_id)
    order = ["estimated_cost_usd", "estimate_id"]
    return rows.sort(order, descending=[True, False]).to_dicts()


def dollar_rows(rows: list[Row], book_id: str, columns: Iterable[str]) -> Iterator[TableRow]:
    """One row per estimate; of `columns`, those that do not apply say so."""
    none = text(display.NOT_APPLICABLE)
    for row in rows:
        owner = row["estimate_id"]
        cost = quantity(row, "estimated_cost_usd", owner, THOUSANDS)
        low, high = bounds(cost, THOUSANDS)
        cells = dict.fromkeys(columns, none) | {
            "release_date": day(row, "release_date", owner),
            "common_cost_usd": cost,
            "common_cost_usd_low": low,
            "common_cost_usd_high": high,
            "priced_by": text(_method(row)),
            **{
                f"ratio_to_{name}": quantity(row, f"cost_ratio_to_{name}", owner, shown, book_id)
                for name, shown in (("v3", TIMES), ("r1", MANY_TIMES), ("both", TIMES))
            },
        }
        yield TableRow(owner, f"{row['model']}, {row['method']}", cells, DOLLARS)


def _method(row: Row) -> str:
    dollars = f", dollars of {row['dollar_year']:.0f}" if row["dollar_year"] else ""
    return f"{row['publisher']}: {row['method']}{dollars}"


def dollar_years(rows: list[Row]) -> list[Cell]:
    """The years of the dollars."""
    return [year(row, "dollar_year", row["estimate_id"]) for row in rows if row["dollar_year"]]
