"""uncertainty: what the assumptions leave open of every estimate that reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from traincost import display
from traincost.tables.dollars import dollars_of_purchases
from traincost.tables.source_notes import source_notes
from traincost.tables.spec import (
    Cell,
    PublishedTable,
    Row,
    Shown,
    TableColumn,
    TableRow,
    listed,
    marked,
    money,
    quantity,
    text,
)

NAME = "uncertainty"
OWNED = "ladder.v3-r1-owned.value_usd"

RUNGS, CLUSTER = "From the headline to the company", "The cluster of V3, by quote"
RUNS = "Runs, as the owner of the hardware"
SHOWN = {
    "USD": Shown("thousand USD", decimals=1, per=1e3),
    "USD/month": Shown("thousand USD/month", decimals=1, per=1e3),
    "months": Shown("months", decimals=1),
}
LEVELS = ("p05", "p50", "p95")
COLUMNS = (
    TableColumn("unit", "Unit", is_text=True, width=0.12),
    TableColumn("central_value", "All at their central value"),
    TableColumn("p05", "one in twenty below", "Draws"),
    TableColumn("p50", "half below", "Draws"),
    TableColumn("p95", "one in twenty above", "Draws"),
)


def uncertainty(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> PublishedTable:
    """One row per estimate under the chosen set. `layers`: by `layer.name`; `files`: hashes."""
    rows = list(_rows(layers))
    by_id = {row["estimate_id"]: row for row in layers["estimates.uncertainty"].to_dicts()}
    title, said = _title(by_id.get(OWNED))
    chosen = layers["validated.assumption_sets"].filter("is_chosen")["set_id"].item()
    dollars, days = dollars_of_purchases(layers)
    return PublishedTable(
        name=NAME,
        is_long=True,
        stub_width=0.3,
        title=title,
        subtitle="Every assumption drawn from its distribution, one draw of each for all estimates."
        " What printed digits, dates and quotes leave open is not in these values.",
        stub_label="Estimate",
        columns=COLUMNS,
        rows=tuple(rows),
        notes=(*_notes(layers, chosen), *dollars, *_sources(layers, files, chosen)),
        said=(*said, *days),
    )


def _title(row: Row | None) -> tuple[str, list[Cell]]:
    if row is None:
        return "No assumption of the chosen set is uncertain where V3 and R1 are owned", []
    low, high = (money(row, level, _owner(row)) for level in ("p05", "p95"))
    title = (
        f"As the owner of the hardware, V3 and R1 cost {low.display} to {high.display} in nine of"
        " ten draws of the assumptions"
    )
    return title, [low, high]


def _owner(row: Row) -> str:
    return f"spread.{row['estimate_id']}"


def _rows(layers: Mapping[str, pl.DataFrame]) -> Iterator[TableRow]:
    """Rungs, then V3's cluster under the baseline, then runs, the dearest first."""
    chosen = layers["validated.assumption_sets"].filter("is_chosen")["set_id"].item()
    baseline = layers["validated.books"].filter("is_baseline")["book_id"].item()
    found = {
        row["estimate_id"]: row
        for row in layers["estimates.uncertainty"].filter(set_id=chosen).to_dicts()
        if row["book_id"] in (None, baseline)
    }
    for row in layers["estimates.scope_ladder"].sort(pl.col("place").cast(pl.Float64)).to_dicts():
        if estimate := found.get(f"ladder.{row['rung_id']}.value_usd"):
            yield _row(estimate, row["label"], RUNGS)
    quotes = layers["estimates.rent_or_buy"].filter(book_id=baseline)
    for row in quotes.sort("server_usd_per_gpu", "quote_id").to_dicts():
        for column, what in (
            ("owned_usd_per_month", "a month of full use"),
            ("break_even_months", "full use after which buying is cheaper"),
        ):
            if estimate := found.get(f"buy.{row['quote_id']}.{column}"):
                yield _row(estimate, f"{row['gpu']}, {row['vendor']}: {what}", CLUSTER)
    runs = layers["estimates.purchases"].select("work_id", "label", "gpu_hours").to_dicts()
    known = [
        (estimate, marked(row["label"], row["gpu_hours"]))
        for row in runs
        if (estimate := found.get(f"{row['work_id']}.owned.{chosen}.owned_cost_usd"))
    ]
    for estimate, label in sorted(known, key=lambda each: (-each[0]["central_value"], each[1])):
        yield _row(estimate, label, RUNS)


def _row(row: Row, label: str, group: str) -> TableRow:
    shown = SHOWN[row["unit"]]
    cells = {
        "unit": text(shown.unit),
        "central_value": central(row, shown),
        **{
            level: quantity(row, level, _owner(row), shown, row["book_id"] or "")
            for level in LEVELS
        },
    }
    return TableRow(row["estimate_id"], label, cells, group)


def central(row: Row, shown: Shown) -> Cell:
    """The cell of the central value, which is the estimate's own number."""
    return replace(quantity(row, "central_value", "", shown), number_id=row["number_id"])


def _notes(layers: Mapping[str, pl.DataFrame], chosen: str) -> tuple[str, ...]:
    mine = layers["validated.assumptions"].filter(set_id=chosen)
    kinds = mine["distribution"].unique().sort().to_list()
    return (
        f"Assumptions: the set {chosen}, by the column distribution {listed(kinds)}. Of a uniform"
        " one low and high are the ends; of the others one draw in twenty lies below low and one"
        " above high, and half below the central value.",
        "Quasi-random points of a fixed seed, doubled until three digits stand. Half of the draws"
        " need not lie below the central value, since ranges are not alike on both sides. Months at"
        " the baseline.",
        f"{display.ESTIMATED} GPU-hours from training compute.",
    )


def _sources(
    layers: Mapping[str, pl.DataFrame], files: Mapping[str, str], chosen: str
) -> tuple[str, ...]:
    mine = layers["validated.assumptions"].filter(set_id=chosen)
    return source_notes(layers["validated.sources"], [mine], files)
