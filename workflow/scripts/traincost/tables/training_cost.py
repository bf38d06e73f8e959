"""training_cost: R1 and V3 stage by stage, from the headline to the whole bill."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import polars as pl

from traincost import display
from traincost.tables.gaps import gap_cells
from traincost.tables.source_notes import source_notes
from traincost.tables.spec import (
    PERCENT,
    USD,
    Cell,
    PublishedTable,
    Row,
    Shown,
    TableColumn,
    TableRow,
    bounds,
    money,
    quantity,
    require_scopes,
    text,
)

NAME = "training_cost"
WHOLE = "v3-r1"
RUNS = ("r1", "v3")

GPUS = Shown("GPUs")
HOURS = Shown("h")
GPU_HOURS = Shown("GPU-h")
PRICE = Shown("USD/GPU-h", decimals=2)

COLUMNS = (
    TableColumn("gpu_count", "GPUs", "Work"),
    TableColumn("wall_hours", "Wall-clock hours", "Work"),
    TableColumn("gpu_hours", "GPU-hours", "Work"),
    TableColumn("usd_per_gpu_hour", "USD per GPU-hour"),
    TableColumn("cost_usd", "Estimate", "Cost, USD"),
    TableColumn("cost_usd_low", "from", "Cost, USD", is_bound=True),
    TableColumn("cost_usd_high", "to", "Cost, USD", is_bound=True),
    TableColumn("share", "Share of both, %"),
)


def training_cost(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> PublishedTable:
    """The table, under the baseline book. `layers`: by `layer.name`; `files`: data file to hash."""
    baseline = layers["validated.books"].filter("is_baseline").row(0, named=True)
    book_id = baseline["book_id"]
    scopes = _by(layers["estimates.scopes"], "scope_id", book_id)
    require_scopes(NAME, scopes, (*RUNS, WHOLE))
    whole = scopes[WHOLE]
    members = layers["priced.stages"].filter(
        pl.col("stage_id").is_in(whole["stage_ids"]), book_id=book_id
    )
    used = _used(layers, whole, book_id)
    title, in_title = _title(scopes, baseline)
    subtitle, in_subtitle = _subtitle(whole, baseline, used[1]["kind"].unique())
    return PublishedTable(
        name=NAME,
        title=title,
        subtitle=subtitle,
        stub_label="Stage",
        columns=COLUMNS,
        rows=_rows(layers, scopes, book_id),
        notes=(
            *_notes(whole, baseline, members.to_dicts()),
            *source_notes(layers["validated.sources"], used, files),
        ),
        said=(*in_title, *in_subtitle, *gap_cells(members)),
        holds=(title,),
    )


def _rows(
    layers: Mapping[str, pl.DataFrame], scopes: Mapping[str, Row], book_id: str
) -> tuple[TableRow, ...]:
    stages = _by(layers["priced.stages"], "stage_id", book_id)
    shares = _by(
        layers["estimates.shares"].filter(pl.col("scope_id") == WHOLE), "member_id", book_id
    )
    named = {row["stage_id"]: row for row in layers["validated.stages"].iter_rows(named=True)}
    rows: list[TableRow] = []
    for run_id in RUNS:
        order = sorted(
            scopes[run_id]["stage_ids"], key=lambda stage_id: named[stage_id]["stage_order"]
        )
        model = named[order[0]]["model"]
        rows += [
            _stage(stages[stage_id], named[stage_id], shares[stage_id], book_id, model)
            for stage_id in order
        ]
        is_printed = all(stages[stage_id]["gpu_hours_printed"] is not None for stage_id in order)
        label = "As printed, added up" if is_printed else "Added up"
        rows += _totals(scopes[run_id], shares[run_id], model, book_id, label)
    return (*rows, _whole(scopes[WHOLE], book_id))


def _title(scopes: Mapping[str, Row], baseline: Row) -> tuple[str, list[Cell]]:
    """The title, and the cells of the numbers in it."""
    if scopes[WHOLE]["cost_usd"] is None:
        lacking = " and ".join(run.upper() for run in RUNS if scopes[run]["cost_usd"] is None)
        title = f"No bill for DeepSeek-R1 with V3: {baseline['label']} does not price {lacking}"
        return title, []
    r1, whole = (
        money(scopes[scope_id], "cost_usd", f"{scope_id}.total", baseline["book_id"])
        for scope_id in ("r1", WHOLE)
    )
    title = (
        f"The {r1.display} of DeepSeek-R1 rests on a base model: with V3 the bill is"
        f" {whole.display}"
    )
    return title, [r1, whole]


def _subtitle(whole: Row, baseline: Row, kinds: Collection[str]) -> tuple[str, list[Cell]]:
    """The subtitle, and the cells of the numbers in it."""
    hours = "GPU-hours as the maker prints them"
    if whole["usd_per_gpu_hour"] is None:
        return f"{hours}. Final runs only.", []
    price = quantity(whole, "usd_per_gpu_hour", f"{WHOLE}.total", PRICE, baseline["book_id"])
    if not baseline["is_flat"]:
        basis = "mean over the assumed dates of the runs"
    else:
        basis = "assumed, undated" if set(kinds) == {"assumption"} else "undated"
    if whole["is_stand_in"]:
        basis += "; price of another GPU as a stand-in"
    subtitle = (
        f"{hours}, rented at {price.display} USD per GPU-hour ({baseline['label']}; {basis})."
        " Final runs only."
    )
    return subtitle, [price]


def _notes(whole: Row, baseline: Row, stages: Iterable[Row]) -> Iterable[str]:
    priced = [row for row in stages if row["usd_per_gpu_hour"] is not None]
    if whole["unpriced_because"]:
        yield f"No total under {baseline['label']}: {whole['unpriced_because']}."
    pairs = (f"{row['quote_gpu']} for {row['gpu']}" for row in priced if row["is_stand_in"])
    stand_ins = "; ".join(dict.fromkeys(pairs))
    if stand_ins:
        yield f"Stand-ins: prices of {stand_ins}."
    price = ""
    if any(row["usd_per_gpu_hour_low"] != row["usd_per_gpu_hour_high"] for row in priced):
        price = " They also span the lowest and the highest price in force."
    elif priced:
        price = " The price is taken as exact."
    yield (
        "Cost = GPU-hours × price. “from” and “to” carry the printed precision of the GPU-hours:"
        " half a unit of the last printed digit each way, a whole unit where the source says"
        f" “about”.{price}"
    )
    yield display.legend()


def _by(frame: pl.DataFrame, key: str, book_id: str) -> dict[str, Row]:
    rows = frame.filter(pl.col("book_id") == book_id).iter_rows(named=True)
    return {row[key]: row for row in rows}


def _cost_cells(row: Row, name: str, owner: str, book_id: str) -> dict[str, Cell]:
    cost = quantity(row, name, owner, USD, book_id)
    low, high = bounds(cost, USD)
    return {"cost_usd": cost, "cost_usd_low": low, "cost_usd_high": high}


def _percent(row: Row, owner: str, book_id: str) -> Cell:
    return quantity(row, "share", owner, PERCENT, book_id)


def _stage(stage: Row, named: Row, share: Row, book_id: str, model: str) -> TableRow:
    stage_id = stage["stage_id"]
    cells = {
        "gpu_count": quantity(stage, "gpu_count", stage_id, GPUS),
        "wall_hours": quantity(stage, "wall_hours", stage_id, HOURS),
        "gpu_hours": quantity(stage, "gpu_hours", stage_id, GPU_HOURS),
        "usd_per_gpu_hour": quantity(stage, "usd_per_gpu_hour", stage_id, PRICE, book_id),
        **_cost_cells(stage, "cost_usd", stage_id, book_id),
        "share": _percent(share, f"{WHOLE}.{stage_id}", book_id),
    }
    label = named["stage"][:1].upper() + named["stage"][1:]
    return TableRow(stage_id, label, cells, model)


def _totals(scope: Row, share: Row, model: str, book_id: str, label: str) -> list[TableRow]:
    owner = f"{scope['scope_id']}.total"
    none = text(display.NOT_APPLICABLE)
    blank = {"gpu_count": none, "wall_hours": none}
    total = blank | {
        "gpu_hours": quantity(scope, "gpu_hours", owner, GPU_HOURS),
        "usd_per_gpu_hour": quantity(scope, "usd_per_gpu_hour", owner, PRICE, book_id),
        **_cost_cells(scope, "cost_usd", owner, book_id),
        "share": _percent(share, f"{WHOLE}.{scope['scope_id']}", book_id),
    }
    rows = [TableRow(owner, label, total, model, is_total=True)]
    if scope["gpu_hours_unrounded"] != scope["gpu_hours"]:
        unrounded = blank | {
            "gpu_hours": quantity(scope, "gpu_hours_unrounded", owner, GPU_HOURS),
            "usd_per_gpu_hour": quantity(scope, "usd_per_gpu_hour", owner, PRICE, book_id),
            **_cost_cells(scope, "cost_unrounded_usd", owner, book_id),
            "share": none,
        }
        rows.append(
            TableRow(f"{owner}.unrounded", "From GPUs × hours, unrounded", unrounded, model)
        )
    return rows


def _whole(whole: Row, book_id: str) -> TableRow:
    owner = f"{WHOLE}.total"
    none = text(display.NOT_APPLICABLE)
    cells = {
        "gpu_count": none,
        "wall_hours": none,
        "gpu_hours": quantity(whole, "gpu_hours", owner, GPU_HOURS),
        "usd_per_gpu_hour": quantity(whole, "usd_per_gpu_hour", owner, PRICE, book_id),
        **_cost_cells(whole, "cost_usd", owner, book_id),
        "share": none,
    }
    return TableRow(owner, "Both runs, added up", cells, "V3 + R1", is_total=True)


def _used(
    layers: Mapping[str, pl.DataFrame], whole: Row, book_id: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The stages of the bill and the quotes that price them."""
    stages = layers["validated.stages"].filter(pl.col("stage_id").is_in(whole["stage_ids"]))
    quotes = layers["validated.quotes"].filter(
        (pl.col("book_id") == book_id) & pl.col("quote_id").is_in(whole["quote_ids"])
    )
    return stages, quotes
