"""method_bridge: purchase, ownership and rent of every run, and the steps from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from traincost import display
from traincost.columns import bounded
from traincost.tables.source_notes import row_by_row
from traincost.tables.spec import (
    MONEY,
    Cell,
    PublishedTable,
    Row,
    Shown,
    TableColumn,
    TableRow,
    day,
    marked,
    money,
    quantity,
    ratio,
    text,
    year,
)

NAME = "method_bridge"
FIRST = ("v3", "r1")
REFERENCE, OWNED = "DeepSeek", "With the inputs of others"
DISCLOSED, THIRD_PARTY = "Other runs, hours of their makers", "Hours estimated by others"
PRINTED = "Dollars as others print them"

HOURS = Shown("thousand GPU-h", decimals=1, per=1e3)
THOUSANDS = Shown("thousand USD", decimals=1, per=1e3)
PER_GPU = Shown("USD/GPU")
PRICE = Shown("USD/GPU-h", decimals=2)
DAYS = Shown("d")
SHARE = Shown("%", decimals=1, per=0.01)
TIMES = Shown("1", decimals=2)

QUOTE, STEPS, RENT = "Quote", "From the purchase to the run, thousand USD", "Rent"
COLUMNS = (
    TableColumn("gpu_hours", "GPU-hours, thousand"),
    TableColumn("quote_date", "day, also of the dollars", QUOTE),
    TableColumn("quote_distance_days", "days before the start", QUOTE),
    TableColumn("server_usd_per_gpu", "USD per GPU, with server", QUOTE),
    TableColumn("rule", "chosen as", QUOTE, is_text=True, width=0.16),
    TableColumn("cluster_usd", "cluster", STEPS),
    TableColumn("value_share", "× % of value left", STEPS),
    TableColumn("used_share", "× % used", STEPS),
    TableColumn("hardware_cost_usd", "= hardware", STEPS),
    TableColumn("energy_cost_usd", "+ energy", STEPS),
    TableColumn("owned_cost_usd", "= cost to an owner", STEPS),
    TableColumn("owned_usd_per_gpu_hour", "USD per GPU-hour", STEPS),
    TableColumn("rental_cost_usd", "own price, thousand USD", RENT),
    TableColumn("rental_to_owned", "× cost to an owner", RENT),
)
# what others print -> the column it stands in
METHODS = {
    "cloud rates": "rental_cost_usd",
    "amortised hardware and energy": "owned_cost_usd",
    "amortised hardware and energy, updated": "owned_cost_usd",
    "purchase of the cluster": "cluster_usd",
}


def method_bridge(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> PublishedTable:
    """One row per run that has a cost to an owner, under the chosen set of assumptions.

    `layers`: by `layer.name`; `files`: data file to hash.
    """
    every = joined(layers)
    rows = sorted((row for row in every if row["owned_cost_usd"] is not None), key=_place)
    printed = _printed(layers)
    title, said = _title(rows)
    notes = [_bridge_note(row) for row in rows if row["scope_id"] is None]
    return PublishedTable(
        name=NAME,
        is_long=True,
        stub_width=0.12,
        title=title,
        subtitle="What the cluster costs to buy, the part of its life that the run took, and what"
        " it costs to rent the same hours. Dollars of the day of the quote, or of the rent.",
        stub_label="Model",
        columns=COLUMNS,
        rows=(*(_row(row) for row in rows), *_printed_rows(printed)),
        notes=(
            *(note for note, _ in notes),
            *_notes(layers),
            *_left_out(every),
            *_sources(layers, files),
        ),
        said=(
            *said,
            *(cell for _, cells in notes for cell in cells),
            *(
                year(row, "dollar_year", row["estimate_id"])
                for row in _years(printed)
            ),
        ),
    )  # fmt: skip


def joined(layers: Mapping[str, pl.DataFrame]) -> list[Row]:
    """Purchases with their cost under the chosen set."""
    chosen = layers["validated.assumption_sets"].filter("is_chosen")["set_id"].item()
    costs = layers["estimates.ownership"].filter(pl.col("set_id") == chosen)
    work = layers["estimates.purchases"]
    own = layers["estimates.own_prices"].select("own_book_id", run_id="scope_id")
    estimated = {name: f"estimated_{name}" for name in bounded("gpu_hours")}
    costs = costs.rename(estimated)
    # what a set lacks is known there
    work = work.drop("missing", "run_id")
    more = [name for name in costs.columns if name not in work.columns]
    frame = work.join(costs.select("work_id", *more), on="work_id", validate="1:1")
    frame = frame.join(own, on="run_id", how="left", validate="m:1")
    return frame.sort("work_id").to_dicts()


def _place(row: Row) -> tuple[int, int, float, str]:
    work_id = row["work_id"]
    group = (REFERENCE, OWNED, DISCLOSED, THIRD_PARTY).index(_group(row))
    first = FIRST.index(work_id) if work_id in FIRST else 0
    return group, first, -(row["gpu_hours"] or row["estimated_gpu_hours"]), work_id


def _group(row: Row) -> str:
    if row["work_id"] in FIRST:
        return REFERENCE
    if row["scope_id"] is None:
        return OWNED
    return THIRD_PARTY if row["hours_basis"] == "third-party" else DISCLOSED


def _title(rows: list[Row]) -> tuple[str, list[Cell]]:
    """The title, and the cells of the numbers in it."""
    row = next((row for row in rows if row["work_id"] == FIRST[0]), None)
    if row is None or row["cluster_usd"] is None:
        return "What owning the hardware of V3 costs cannot be said", []
    owned, cluster = (money(row, name, _owner(row)) for name in ("owned_cost_usd", "cluster_usd"))
    title = f"V3 would have cost its owner {owned.display}, and its cluster {cluster.display}"
    if row["rental_cost_usd"] is None:
        return title, [owned, cluster]
    rent = _rent(row, MONEY)
    return f"{title}; renting the same hours {rent.display}", [owned, cluster, rent]


def _owner(row: Row) -> str:
    return f"{row['work_id']}.owned.{row['set_id']}"


def _rent(row: Row, shown: Shown = THOUSANDS) -> Cell:
    """The cell of the rent, which is the bill of the run under its own book."""
    if row["rental_cost_usd"] is None:
        return text(display.MISSING)
    ends = {f"cost_usd{part}": row[f"rental_cost_usd{part}"] for part in ("", "_low", "_high")}
    return quantity(ends, "cost_usd", f"{row['run_id']}.total", shown, row["own_book_id"])


def _row(row: Row) -> TableRow:
    owner, bought = _owner(row), f"{row['work_id']}.purchase"
    hours = f"{row['scope_id']}.total" if row["scope_id"] else row["work_id"]
    name = "gpu_hours" if row["scope_id"] else "owned_gpu_hours"
    is_estimated = row["gpu_hours"] is None
    which = "estimated_gpu_hours" if is_estimated else "gpu_hours"
    hours, name = (owner, "gpu_hours") if is_estimated else (hours, name)
    own = {f"{name}{part}": row[f"{which}{part}"] for part in ("", "_low", "_high")}
    label = marked(row["label"], row["gpu_hours"])
    cells = {
        "gpu_hours": quantity(own, name, hours, HOURS),
        "quote_date": day(row, "quote_date", bought),
        "quote_distance_days": quantity(row, "quote_distance_days", bought, DAYS),
        "server_usd_per_gpu": quantity(row, "server_usd_per_gpu", owner, PER_GPU),
        "rule": text(row["rule"]),
        **{
            name: quantity(row, name, owner, THOUSANDS)
            for name in ("cluster_usd", "hardware_cost_usd", "energy_cost_usd", "owned_cost_usd")
        },
        **{name: quantity(row, name, owner, SHARE) for name in ("value_share", "used_share")},
        "owned_usd_per_gpu_hour": quantity(row, "owned_usd_per_gpu_hour", owner, PRICE),
        "rental_cost_usd": _rent(row),
        "rental_to_owned": ratio(row, "rental_to_owned", owner, TIMES)
        if row["rental_cost_usd"] is not None
        else text(display.MISSING),
    }
    return TableRow(row["work_id"], label, cells, _group(row), row["work_id"] in FIRST)


def _printed(layers: Mapping[str, pl.DataFrame]) -> list[list[Row]]:
    """Dollar figures of one model and source together, where there are several methods."""
    publishers = layers["validated.sources"].select("source_id", "publisher")
    estimates = layers["validated.cost_estimates"].join(publishers, on="source_id", validate="m:1")
    listed = estimates.filter(pl.col("method").is_in(list(METHODS))).sort("model", "estimate_id")
    groups = listed.partition_by("model", "source_id", maintain_order=True)
    many = {row["model"] for row in listed.to_dicts() if row["method"].startswith("purchase")}
    return [group.to_dicts() for group in groups if group[0, "model"] in many]


def _printed_rows(groups: list[list[Row]]) -> Iterator[TableRow]:
    none = text(display.NOT_APPLICABLE)
    for group in groups:
        first = group[0]
        cells = dict.fromkeys((column.key for column in COLUMNS), none)
        for row in group:
            cells[METHODS[row["method"]]] = quantity(
                row, "estimated_cost_usd", row["estimate_id"], THOUSANDS
            )
        updated = any(row["method"].endswith("updated") for row in group)
        if first["dollar_year"] is not None:
            cells["rule"] = text(f"dollars of {first['dollar_year']:.0f}")
        label = f"{first['model']}, {first['publisher']}{', updated' if updated else ''}"
        yield TableRow(f"printed.{first['estimate_id']}", label, cells, PRINTED)


def _years(groups: list[list[Row]]) -> list[Row]:
    return [group[0] for group in groups if group[0]["dollar_year"] is not None]


def _bridge_note(row: Row) -> tuple[str, list[Cell]]:
    """The steps of a row in words, and the cells of the numbers in them."""
    owner = _owner(row)
    hardware, energy, owned = (
        money(row, name, owner)
        for name in ("hardware_cost_usd", "energy_cost_usd", "owned_cost_usd")
    )
    if row["cluster_usd"] is None:
        return f"{row['label']}: {owned.display}, {energy.display} of it energy.", [owned, energy]
    cluster = money(row, "cluster_usd", owner)
    left, used = (quantity(row, name, owner, SHARE) for name in ("value_share", "used_share"))
    note = (
        f"{row['label']}: a cluster of {cluster.display}, of whose price {left.display}% is left at"
        f" the start, of which the run uses {used.display}%: {hardware.display}. With"
        f" {energy.display} of energy that is {owned.display}."
    )
    return note, [cluster, left, used, hardware, energy, owned]


def _notes(layers: Mapping[str, pl.DataFrame]) -> tuple[str, ...]:
    chosen = layers["validated.assumption_sets"].filter("is_chosen")["set_id"].item()
    return (
        f"Assumptions: the set {chosen}. A quote from after the start has a negative distance. The"
        " rent is that of the first book that prices the run at its own time; it pays for more than"
        " hardware and energy: the provider's staff, buildings, idle time and profit. With"
        " the inputs of others it is that of the same hours in the run's own time.",
        "Purchase, cost to an owner and rent have different bases and are not added.",
        f"{display.ESTIMATED} hours follow from training compute, the peak of the accelerator and"
        " its utilisation, as printed or assumed. Where hours are known, such an estimate is often"
        " off by half.",
        f"{display.MISSING} {display.LEGEND[display.MISSING]};"
        f" {display.NOT_APPLICABLE} {display.LEGEND[display.NOT_APPLICABLE]}.",
    )


def _left_out(rows: list[Row]) -> Iterator[str]:
    """Runs without a cost to an owner, by what they lack."""
    lacking: dict[str, list[str]] = {}
    for row in rows:
        if row["owned_cost_usd"] is None:
            lacking.setdefault(row["missing"] or "a number", []).append(row["label"])
    if lacking:
        said = (f"{', '.join(sorted(labels))} ({what})" for what, labels in sorted(lacking.items()))
        yield f"Not in this table, for want of what stands in brackets: {'; '.join(said)}."


def _sources(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> tuple[str, ...]:
    used = ("assumptions", "purchase_quotes", "hardware", "owned_runs", "stages", "cost_estimates")
    rows = [layers[f"validated.{name}"] for name in used]
    return row_by_row(layers["validated.sources"], rows, files)
