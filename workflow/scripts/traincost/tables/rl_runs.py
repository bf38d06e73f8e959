"""rl_runs: R1 beside other reinforcement learning and data creation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from traincost import display
from traincost.tables.source_notes import source_notes
from traincost.tables.spec import (
    Cell,
    PublishedTable,
    Row,
    Shown,
    TableColumn,
    TableRow,
    bounds,
    count,
    quantity,
    ratio,
    text,
)

NAME = "rl_runs"
R1 = "r1"
R1_PARTS = ("r1-zero", "r1-data", "r1-training")
GROUP_OF_R1 = "DeepSeek-R1"

HOURS = Shown("thousand GPU-h", decimals=1, per=1e3)
THOUSANDS = Shown("thousand USD", decimals=1, per=1e3)
PRICE = Shown("USD/GPU-h", decimals=2)
TIMES = Shown("1", decimals=2)
SPEED = Shown("TFLOP/s")

GPU_HOURS, ONE = "GPU-hours, thousand", "At one price, thousand USD"
PRINTED = "As printed"
COLUMNS = (
    TableColumn("gpu", "GPU", is_text=True, holds=True, width=0.08),
    TableColumn("gpu_hours", "Estimate", GPU_HOURS),
    TableColumn("gpu_hours_low", "from", GPU_HOURS, is_bound=True),
    TableColumn("gpu_hours_high", "to", GPU_HOURS, is_bound=True),
    TableColumn("ratio", "× R1"),
    TableColumn("common_cost_usd", "Cost", ONE),
    TableColumn("printed_cost_usd", "Cost, thousand USD", PRINTED),
    TableColumn("implied", "Implied USD per GPU-hour", PRINTED),
    TableColumn("implied_low", "from", PRINTED, is_bound=True),
    TableColumn("implied_high", "to", PRINTED, is_bound=True),
    TableColumn("other_cost_usd", "Other cost, thousand USD", PRINTED),
    TableColumn("basis", "Hours, remarks", is_text=True, width=0.18),
)


def rl_runs(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> PublishedTable:
    """The table, under the baseline book. `layers`: by `layer.name`; `files`: data file to hash."""
    book_id = layers["validated.books"].filter("is_baseline")["book_id"].item()
    works = layers["estimates.rl_runs"].filter(pl.col("book_id") == book_id)
    by_id = {row["rl_id"]: row for row in works.iter_rows(named=True)}
    remarks = dict(layers["validated.rl_runs"].select("rl_id", "note").iter_rows())
    title, said = _title(by_id)
    peak_note, peaks = _peak_note(layers, works)
    return PublishedTable(
        name=NAME,
        is_long=True,
        stub_width=0.17,
        title=title,
        subtitle="GPU-hours as printed, at the price that V3 and R1 have under the baseline; beside"
        " what the sources print in dollars.",
        stub_label="Work",
        columns=COLUMNS,
        rows=(
            *(_row(by_id[rl_id], remarks, book_id) for rl_id in R1_PARTS if rl_id in by_id),
            _whole(layers, book_id),
            *(_row(row, remarks, book_id) for row in _others(by_id)),
        ),
        notes=(
            *peak_note,
            "Bounds carry the printed precision: about and three weeks leave much open. The hours"
            " of the base models are not counted.",
            f"{display.MISSING} {display.LEGEND[display.MISSING]};"
            f" {display.NOT_APPLICABLE} {display.LEGEND[display.NOT_APPLICABLE]}.",
            *_sources(layers, works, files),
        ),
        said=(*said, *peaks),
    )


def _title(by_id: Mapping[str, Row]) -> tuple[str, list[Cell]]:
    others = list(_others(by_id))
    bigger = [row for row in others if row["ratio_to_r1"] > 1]
    many, of = (
        count(f"{NAME}.{name}", sorted(f"rl.{row['rl_id']}.ratio_to_r1" for row in rows), "works")
        for name, rows in (("bigger_count", bigger), ("other_count", others))
    )
    title = (
        f"{many.display} of {of.display} other disclosed runs of reinforcement learning,"
        " fine-tuning or data creation took more GPU-hours than R1"
    )
    return title, [many, of]


def _others(by_id: Mapping[str, Row]) -> Iterator[Row]:
    rows = [row for row in by_id.values() if row["rl_id"] not in R1_PARTS]
    kinds = list(dict.fromkeys(row["kind"] for row in sorted(rows, key=lambda row: row["kind"])))
    kinds.sort(key=lambda kind: (kind != "reinforcement learning", kind))
    return iter(
        sorted(rows, key=lambda row: (kinds.index(row["kind"]), -row["gpu_hours"], row["rl_id"]))
    )


def _row(row: Row, remarks: Mapping[str, str | None], book_id: str) -> TableRow:
    rl_id, owner = row["rl_id"], f"rl.{row['rl_id']}"
    hours = quantity(row, "gpu_hours", owner, HOURS)
    low, high = bounds(hours, HOURS)
    cells = {
        "gpu": text(_gpus(row["gpus"])),
        "gpu_hours": hours,
        "gpu_hours_low": low,
        "gpu_hours_high": high,
        "ratio": quantity(row, "ratio_to_r1", owner, TIMES),
        "common_cost_usd": quantity(row, "common_cost_usd", owner, THOUSANDS, book_id),
        **_printed(row),
        "other_cost_usd": ratio(row, "other_cost_usd", owner, THOUSANDS),
        "basis": text(". ".join(filter(None, (_basis(row), remarks[rl_id] or ""))).rstrip(".")),
    }
    group = GROUP_OF_R1 if rl_id in R1_PARTS else row["kind"][:1].upper() + row["kind"][1:]
    return TableRow(owner, row["label"], cells, group)


def _printed(row: Row) -> dict[str, Cell]:
    """What the source prints in dollars, and the price that this implies."""
    check_id = row["check_id"]
    none = dict.fromkeys(("printed_cost_usd", "implied", "implied_low", "implied_high"))
    if check_id is None or row["printed_cost_usd"] is None:
        return dict.fromkeys(none, text(display.MISSING))
    cost = {f"printed{part}": row[f"printed_cost_usd{part}"] for part in ("", "_low", "_high")}
    implied = quantity(row, "implied_usd_per_gpu_hour", check_id, PRICE)
    low, high = bounds(implied, PRICE)
    return {
        "printed_cost_usd": quantity(cost, "printed", check_id, THOUSANDS),
        "implied": implied,
        "implied_low": low,
        "implied_high": high,
    }


def _whole(layers: Mapping[str, pl.DataFrame], book_id: str) -> TableRow:
    """R1 as a whole."""
    models = layers["estimates.models"].filter(pl.col("book_id") == book_id)
    row = models.filter(pl.col("scope_id") == R1).row(0, named=True)
    checks = layers["estimates.checks"].filter(pl.col("check_id") == f"{R1}.total.cost_usd")
    printed = checks.row(0, named=True) if len(checks) else {"printed_cost_usd": None}
    owner, none = f"{R1}.total", text(display.NOT_APPLICABLE)
    hours = quantity(row, "gpu_hours", owner, HOURS)
    low, high = bounds(hours, HOURS)
    cells = {
        "gpu": text(_gpus(row["gpus"])),
        "gpu_hours": hours,
        "gpu_hours_low": low,
        "gpu_hours_high": high,
        "ratio": none,
        "common_cost_usd": quantity(row, "common_cost_usd", owner, THOUSANDS, book_id),
        **_printed({"check_id": f"{R1}.total.cost_usd", **printed}),
        "other_cost_usd": none,
        "basis": text(_basis(row)),
    }
    return TableRow(owner, "R1, all of it", cells, GROUP_OF_R1, is_total=True)


def _basis(row: Row) -> str:
    return {
        "disclosed": "Disclosed",
        "disclosed-approximate": "Disclosed as a round figure",
        "product": "GPUs times duration",
        "upper-bound": "Upper bound",
        "lower-bound": "Lower bound",
        "derived": "Derived",
        "third-party": "Estimated by third parties",
    }[row["hours_basis"]]


def _gpus(gpus: list[str]) -> str:
    names = ", ".join(dict.fromkeys(gpu.split(" (")[0] for gpu in gpus))
    return display.MISSING if names == "GPU not stated" else names


def _peak_note(
    layers: Mapping[str, pl.DataFrame], works: pl.DataFrame
) -> tuple[tuple[str, ...], list[Cell]]:
    """How unlike the accelerators are, where their peaks are known."""
    peaks = layers["validated.hardware"].filter(pl.col("attribute") == "peak_bf16_dense")
    used = set(works["gpus"].explode())
    rows = [row for row in peaks.sort("gpu").iter_rows(named=True) if row["gpu"] in used]
    cells = [quantity(row, "value", row["hardware_id"], SPEED) for row in rows]
    if not rows:
        return (), []
    said = ", ".join(f"{row['gpu']} {cell.display}" for row, cell in zip(rows, cells, strict=True))
    return (f"GPU-hours of unlike GPUs are not alike. Peaks in BF16, TFLOP/s: {said}.",), cells


def _sources(
    layers: Mapping[str, pl.DataFrame], works: pl.DataFrame, files: Mapping[str, str]
) -> tuple[str, ...]:
    ids = works["stage_ids"].explode().to_list()
    stages = layers["validated.stages"].filter(pl.col("stage_id").is_in(ids))
    return source_notes(layers["validated.sources"], [stages, layers["validated.rl_runs"]], files)
