"""A small page of one table, from numbers written by hand."""

from __future__ import annotations

from typing import Any

import polars as pl

from traincost.declarations import AUDIT
from traincost.page.build import audit_page
from traincost.page.sections import Drawn
from traincost.tables.spec import MONEY, Cell, PublishedTable, Shown, TableColumn, TableRow

HOURS = Shown("GPU-h")
USD = Shown("USD")


def number(number_id: str, value: float, **more: Any) -> dict[str, Any]:
    """A row of `numbers`, a leaf unless it says otherwise."""
    empty = dict.fromkeys(AUDIT["numbers"].schema())
    lists = {"input_names": [], "input_ids": [], "considered_ids": []}
    told = {"unit": "", "kind": "reported", "layer": "validated", "table": "stages", "column": ""}
    known = {"number_id": number_id, "base_id": number_id.split("@", maxsplit=1)[0], "value": value}
    return empty | lists | told | {"is_shown": False} | known | more


def leaf(number_id: str, value: float, unit: str, **more: Any) -> dict[str, Any]:
    place = {"file": "data/stages.csv", "line": 2, "source_id": "report", "status": "unverified"}
    return number(number_id, value, unit=unit, printed=str(value), **(place | more))


HOURS_USED = leaf("run.hours", 100.0, "GPU-h", low=90.0, high=110.0, locator="Table 1")
PRICE = leaf("quote.price@book", 2.0, "USD/GPU-h", kind="assumed", column="usd_per_gpu_hour")
COST = number(
    "run.cost@book",
    200.0,
    low=180.0,
    high=220.0,
    unit="USD",
    kind="derived",
    formula="hours * price",
    input_names=["hours", "price"],
    input_ids=["run.hours", "quote.price@book"],
)


def table(**more: Any) -> PublishedTable:
    """One row: hours, and their cost with its bounds; the title says the cost."""
    cost = Cell("200", "run.cost@book", 200.0, 180.0, 220.0, "USD", shown=USD)
    cells = {
        "hours": Cell("100", "run.hours", 100.0, unit="GPU-h", shown=HOURS),
        "cost": cost,
        "low": Cell("180", "run.cost@book:low", 180.0, unit="USD", shown=USD),
        "word": Cell("all of it"),
        "gap": Cell("[x]"),
    }
    columns = [TableColumn(key, key, is_text=key == "word") for key in cells]
    parts = {
        "name": "costs",
        "title": "The run cost $200",
        "subtitle": "At a price",
        "stub_label": "Run",
        "columns": tuple(columns),
        "rows": (TableRow("run", "The run", cells),),
        "said": (Cell("$200", "run.cost@book", 200.0, unit="USD", shown=MONEY),),
    }
    return PublishedTable(**(parts | more))


def page(
    *rows: dict[str, Any],
    tables: tuple[PublishedTable, ...] = (),
    label: str = "A book",
    pictures: tuple[Drawn, ...] = (),
) -> str:
    known = pl.DataFrame(
        rows or (HOURS_USED, PRICE, COST), schema=AUDIT["numbers"].schema(), orient="row"
    )
    books = pl.DataFrame({"book_id": ["book"], "label": [label]})
    return audit_page(tables or (table(),), known, books, {}, pictures)
