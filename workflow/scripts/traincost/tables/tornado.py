"""tornado: which assumption moves an estimate most."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost.columns import bounded
from traincost.declarations.owner_files import PARAMETERS
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
    text,
)
from traincost.tables.uncertainty import OWNED, SHOWN, central

NAME = "tornado"
CALLED = {name: meaning for name, _, meaning in PARAMETERS}
MONTH = "A month of V3's cluster"
ASSUMED = Shown("see unit", decimals=3)
SHARE = Shown("%", decimals=1, per=0.01)

RANGE, ESTIMATE = "Assumption", "Estimate with it at the"
COLUMNS = (
    TableColumn("assumed_unit", "unit", RANGE, is_text=True, width=0.1),
    TableColumn("assumed_low", "low", RANGE),
    TableColumn("assumed", "central", RANGE),
    TableColumn("assumed_high", "high", RANGE),
    TableColumn("unit", "Unit", is_text=True, width=0.1),
    TableColumn("central_value", "All central"),
    TableColumn("at_low", "low end", ESTIMATE),
    TableColumn("at_high", "high end", ESTIMATE),
    TableColumn("swing", "Apart"),
    TableColumn("swing_share", "Apart, % of central"),
)


def tornado(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> PublishedTable:
    """One row per estimate and assumption, the one that moves it most first.

    `layers`: by `layer.name`; `files`: hashes.
    """
    bars = bars_of(layers)
    title, said = finding(bars)
    chosen = layers["validated.assumption_sets"].filter("is_chosen")["set_id"].item()
    mine = layers["validated.assumptions"].filter(set_id=chosen)
    dollars, days = dollars_of_purchases(layers)
    return PublishedTable(
        name=NAME,
        is_long=True,
        stub_width=0.2,
        title=title,
        subtitle="Each assumption alone at its low and its high end, all others at their central"
        " value: how far the estimate moves.",
        stub_label="Assumption",
        columns=COLUMNS,
        rows=tuple(_row(bar) for bar in bars),
        notes=(
            f"Assumptions: the set {chosen}. At the ends of a uniform assumption lie all its draws,"
            " at those of others nine of ten.",
            *dollars,
            *source_notes(layers["validated.sources"], [mine], files),
        ),
        said=(*said, *days),
    )


def bars_of(layers: Mapping[str, pl.DataFrame]) -> list[Row]:
    """Rows of `tornado` with the assumption and what the estimate is called, in their order."""
    assumptions = layers["validated.assumptions"].select(
        "set_id",
        "assumption_id",
        "central",
        *bounded("range"),
        assumed_unit="unit",
    )
    rungs = layers["estimates.scope_ladder"].select(
        "label",
        estimate_id=pl.format("ladder.{}.value_usd", "rung_id"),
        rung=pl.col("place").cast(pl.Float64),
    )
    frame = layers["estimates.tornado"]
    frame = frame.join(
        assumptions, on=["set_id", "assumption_id"], validate="m:1", maintain_order="left"
    )
    frame = frame.join(rungs, on="estimate_id", how="left", validate="m:1", maintain_order="left")
    frame = frame.with_columns(pl.col("label").fill_null(MONTH), pl.col("rung").fill_null(1e9))
    return frame.sort("rung", pl.col("place").cast(pl.Int64)).to_dicts()


def finding(bars: list[Row]) -> tuple[str, list[Cell]]:
    """What the table says, and the cells of the numbers in it."""
    first = next((bar for bar in bars if bar["estimate_id"] == OWNED), None)
    if first is None:
        return "No assumption moves what V3 and R1 cost as the owner of the hardware", []
    ends = [money(first, name, owner_of(first)) for name in ("at_low", "at_high")]
    title = (
        f"What V3 and R1 cost an owner depends most on the {CALLED[first['parameter']]}:"
        f" {ends[0].display} at its low end, {ends[1].display} at its high end"
    )
    return title, ends


def owner_of(bar: Row) -> str:
    """How the ids of a bar's numbers begin."""
    return f"tornado.{bar['estimate_id']}.{bar['assumption_id']}"


def _row(bar: Row) -> TableRow:
    shown, owner = SHOWN[bar["unit"]], owner_of(bar)
    assumed = f"{bar['set_id']}.{bar['assumption_id']}"
    low, high = bounds(quantity(bar, "range", assumed, ASSUMED), ASSUMED)
    cells = {
        "assumed_unit": text("ratio" if bar["assumed_unit"] == "1" else bar["assumed_unit"]),
        "assumed": quantity(bar, "central", assumed, ASSUMED),
        "assumed_low": low,
        "assumed_high": high,
        "unit": text(shown.unit),
        "central_value": central(bar, shown),
        **{name: quantity(bar, name, owner, shown) for name in ("at_low", "at_high", "swing")},
        "swing_share": quantity(bar, "swing_share", owner, SHARE),
    }
    row_id = f"{bar['estimate_id']}.{bar['assumption_id']}"
    return TableRow(row_id, CALLED[bar["parameter"]], cells, bar["label"])
