"""scope_ladder: from the headline of R1 to the company, and what each rung includes."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost import display
from traincost.declarations.owner_files import LAYERS
from traincost.tables.dollars import dollars_of_purchases
from traincost.tables.source_notes import source_notes
from traincost.tables.spec import (
    Cell,
    PublishedTable,
    Row,
    Shown,
    TableColumn,
    TableRow,
    bounds,
    money,
    quantity,
    ratio,
    text,
)

NAME = "scope_ladder"

MILLIONS = Shown("million USD", decimals=3, per=1e6)
TIMES = Shown("1", decimals=1)
DRAWS = Shown("million USD", decimals=1, per=1e6)

MATRIX = "What it includes"
DRAWN = "Draws of assumptions"
CALLED = {
    "r1": "R1",
    "v3": "V3",
    "interconnect": "network",
    "power": "power",
    "unused_life": "rest of the life",
    "research": "research",
    "staff": "staff",
    "serving": "serving",
    "data": "data",
}
COLUMNS = (
    TableColumn("basis", "Basis", is_text=True, width=0.065),
    TableColumn("value_usd", "Million USD"),
    TableColumn("value_usd_low", "from", is_bound=True),
    TableColumn("value_usd_high", "to", is_bound=True),
    TableColumn("p05", "one in twenty below", DRAWN),
    TableColumn("p95", "one in twenty above", DRAWN),
    TableColumn("multiple", "× headline"),
    TableColumn("evidence", "Evidence", is_text=True, width=0.085),
    *(TableColumn(f"has_{name}", CALLED[name], MATRIX, is_text=True) for name, _ in LAYERS),
)


def scope_ladder(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> PublishedTable:
    """One row per rung, in the order of the ladder. `layers`: by `layer.name`; `files`: hashes."""
    order = pl.col("place").cast(pl.Float64)
    rows = layers["estimates.scope_ladder"].sort(order, "rung_id").to_dicts()
    drawn = {row["estimate_id"]: row for row in layers["estimates.uncertainty"].to_dicts()}
    title, said = _title(rows)
    dollars, days = dollars_of_purchases(layers)
    return PublishedTable(
        name=NAME,
        is_long=True,
        stub_width=0.12,
        title=title,
        subtitle="From the headline to the company: what each rung includes and leaves out. From"
        " and to are what printed digits leave open. Draws are those of the assumptions that a"
        " rung reads.",
        stub_label="Rung",
        columns=COLUMNS,
        rows=tuple(_row(row, drawn.get(f"{_owner(row)}.value_usd")) for row in rows),
        notes=(*_notes(layers), *dollars, *_sources(layers, files)),
        said=(*said, *days),
    )


def _title(rows: list[Row]) -> tuple[str, list[Cell]]:
    """The title, and the cells of the numbers in it."""
    known = [row for row in rows if row["value_usd"] is not None]
    if not known:
        return "What R1 cost cannot be said on any rung", []
    ends = [min(known, key=_value), max(known, key=_value)]
    cells = [money(row, "value_usd", _owner(row)) for row in ends]
    title = (
        f"What is called the cost of DeepSeek-R1 runs from {cells[0].display} to"
        f" {cells[1].display}, by what it includes"
    )
    return title, cells


def _value(row: Row) -> tuple[float, str]:
    return row["value_usd"], row["rung_id"]


def _owner(row: Row) -> str:
    return f"ladder.{row['rung_id']}"


def _row(row: Row, drawn: Row | None) -> TableRow:
    """A rung with the quantiles of its value, where it reads uncertain assumptions."""
    value = quantity(row, "value_usd", _owner(row), MILLIONS)
    low, high = bounds(value, MILLIONS)
    is_headline = row["headline_id"] is None
    is_unknown = row["multiple"] is None and not is_headline
    cells = {
        "basis": text(display.NOT_APPLICABLE if row["basis"] == "none" else row["basis"]),
        "value_usd": value,
        "value_usd_low": low,
        "value_usd_high": high,
        **{level: _quantile(drawn, level) for level in ("p05", "p95")},
        "multiple": text(display.MISSING)
        if is_unknown
        else ratio(row, "multiple", _owner(row), TIMES),
        "evidence": text(row["evidence"]),
        **{f"has_{name}": text(row[f"has_{name}"]) for name, _ in LAYERS},
    }
    return TableRow(row["rung_id"], row["label"], cells, is_total=is_headline)


def _quantile(drawn: Row | None, level: str) -> Cell:
    if drawn is None:
        return text(display.NOT_APPLICABLE)
    return quantity(drawn, level, f"spread.{drawn['estimate_id']}", DRAWS)


def _notes(layers: Mapping[str, pl.DataFrame]) -> tuple[str, ...]:
    base = layers["validated.books"].filter("is_baseline")["label"].item()
    chosen = layers["validated.assumption_sets"].filter("is_chosen")["set_id"].item()
    return (
        f"Price book: {base}, but for the rung of quoted rents. Assumptions: the set {chosen}."
        " Rungs of unlike bases are never added. Rent includes power and network; a purchase pays"
        " for all that is done with the hardware.",
        "Ratios of other companies say what R&D may cost, not what it cost here. What DeepSeek owns"
        " is disputed: no figure is its own.",
        f"{display.MISSING} {display.LEGEND[display.MISSING]};"
        f" {display.NOT_APPLICABLE} {display.LEGEND[display.NOT_APPLICABLE]}.",
    )


def _sources(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> tuple[str, ...]:
    rungs = layers["validated.rungs"]
    return source_notes(layers["validated.sources"], [rungs], files)
