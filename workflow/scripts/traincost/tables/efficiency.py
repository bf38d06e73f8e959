"""efficiency: which factor explains V3's advantage over each peer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import polars as pl

from traincost import display
from traincost.efficiency import HOURS_FACTORS, V3
from traincost.tables.source_notes import row_by_row
from traincost.tables.spec import (
    PERCENT,
    Cell,
    PublishedTable,
    Row,
    Shown,
    TableColumn,
    TableRow,
    count,
    listed,
    quantity,
    ratio,
    text,
)

NAME = "efficiency"
DEARER, CHEAPER = "Took more GPU-hours than V3", "Took fewer GPU-hours than V3"
REFERENCE = "For reference"
CALLED = {"tokens": "tokens", "flop_per_token": "FLOP per token", "throughput": "speed"}

SAVED = {
    "tokens": "fewer tokens",
    "flop_per_token": "fewer FLOP per token",
    "throughput": "higher speed",
}

TRILLIONS = Shown("T", decimals=2, per=1e12)
BILLIONS = Shown("billion", decimals=2)
THOUSANDS = Shown("thousand GPU-h", decimals=1, per=1e3)
SPEED = Shown("TFLOP/s")
TIMES = Shown("1", decimals=3)
POINTS = Shown("log points")

WORK, MACHINE = "Work", "Speed per GPU, TFLOP/s"
FACTOR, POINTS_OF = "Peer over V3: factors of the GPU-hours", "The same in log points"
OWN = "At own prices"
COLUMNS = (
    TableColumn("tokens", "Tokens, T", WORK),
    TableColumn("active_params_b", "Active parameters, billion", WORK),
    TableColumn("gpu_hours", "GPU-hours, thousand", WORK),
    TableColumn("gpu", "GPU, format", MACHINE, is_text=True, holds=True, width=0.09),
    TableColumn("achieved_tflops", "achieved", MACHINE),
    TableColumn("peak_tflops", "peak", MACHINE),
    TableColumn("utilisation", "% of peak", MACHINE),
    TableColumn("tokens_factor", "tokens", FACTOR),
    TableColumn("flop_per_token_factor", "× FLOP per token", FACTOR),
    TableColumn("throughput_factor", "× V3's speed over the peer's", FACTOR),
    TableColumn("hours_ratio", "= GPU-hours", FACTOR),
    TableColumn("leading", "Led by", is_text=True, width=0.08),
    TableColumn("tokens_log_points", "tokens", POINTS_OF),
    TableColumn("flop_per_token_log_points", "+ FLOP per token", POINTS_OF),
    TableColumn("throughput_log_points", "+ speed", POINTS_OF),
    TableColumn("hours_log_points", "= GPU-hours", POINTS_OF),
    TableColumn("price_factor", "× price", OWN),
    TableColumn("cost_ratio", "= cost", OWN),
)


def efficiency(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> PublishedTable:
    """One row per run with known work. `layers`: by `layer.name`; `files`: data file to hash."""
    runs = layers["estimates.efficiency"].sort("hours_ratio", "run_id", descending=[True, False])
    rows = [row for row in runs.iter_rows(named=True) if row["run_id"] == V3]
    rows += [row for row in runs.iter_rows(named=True) if row["run_id"] != V3]
    title, said = finding(rows, NAME)
    printed_note, printed = _printed_note(rows)
    return PublishedTable(
        name=NAME,
        is_long=True,
        stub_width=0.12,
        title=title,
        subtitle="GPU-hours = tokens × FLOP per token ÷ FLOP per GPU-hour, by the convention of six"
        " FLOP per active parameter and token. At one price, GPU-hours are cost. Above one, V3 has"
        " the advantage.",
        stub_label="Model",
        columns=COLUMNS,
        rows=tuple(_row(row) for row in rows),
        notes=(_convention_note(rows), printed_note, *_notes(), *_sources(layers, files)),
        said=(*said, *printed),
    )


def finding(rows: list[Row], owner: str) -> tuple[str, list[Cell]]:
    """Which factor leads where V3 has the advantage, and the cells of the numbers in it.

    `owner`: of the counts.
    """
    dearer = [row for row in rows if row["hours_ratio"] is not None and row["hours_ratio"] > 1]
    if not dearer:
        return "No peer with known work took more GPU-hours than V3", []
    of = count(f"{owner}.dearer_count", _ids(dearer), "runs")
    leads = Counter(row["leading_factor"] for row in dearer)
    order = sorted(leads, key=lambda name: (-leads[name], HOURS_FACTORS.index(name)))
    cells = [count(f"{owner}.{name}_lead_count", _ids(dearer, name), "runs") for name in order]
    led = [f"{SAVED[name]} in {cell.display}" for name, cell in zip(order, cells, strict=True)]
    title = (
        f"Against the {of.display} peers that took more GPU-hours, V3's advantage comes first from"
        f" {listed(led)}"
    )
    return title, [of, *cells]


def _ids(rows: list[Row], leading: str = "") -> list[str]:
    chosen = [row for row in rows if not leading or row["leading_factor"] == leading]
    return sorted(f"{row['run_id']}.efficiency.hours_ratio" for row in chosen)


def _row(row: Row) -> TableRow:
    owner = f"{row['run_id']}.efficiency"
    stage = row["tokens_stage_id"]
    peak = quantity({"value": row["peak_tflops"]}, "value", row["peak_id"] or "", SPEED)
    cells = {
        "tokens": quantity(row, "tokens", stage, TRILLIONS),
        "active_params_b": quantity(row, "active_params_b", stage, BILLIONS),
        "gpu_hours": quantity(row, "gpu_hours", owner, THOUSANDS),
        "gpu": text(_machine(row)),
        "achieved_tflops": quantity(row, "achieved_tflops", owner, SPEED),
        "peak_tflops": peak,
        "utilisation": _percent(row, "utilisation", f"{owner}.utilisation"),
        "leading": text(CALLED.get(row["leading_factor"], display.NOT_APPLICABLE)),
        **{
            name: ratio(row, name, owner, TIMES)
            for name in (*(f"{name}_factor" for name in HOURS_FACTORS), "hours_ratio")
        },
        **{
            f"{name}_log_points": ratio(row, f"{name}_log_points", owner, POINTS)
            for name in (*HOURS_FACTORS, "hours")
        },
        **{name: _own(row, name, owner) for name in ("price_factor", "cost_ratio")},
    }
    return TableRow(row["run_id"], row["model"], cells, _group(row), row["run_id"] == V3)


def _group(row: Row) -> str:
    if row["hours_ratio"] is None:
        return REFERENCE
    return DEARER if row["hours_ratio"] > 1 else CHEAPER


def _own(row: Row, name: str, owner: str) -> Cell:
    if row["run_id"] == V3:
        return text(display.NOT_APPLICABLE)
    return quantity(row, name, owner, TIMES)


def _machine(row: Row) -> str:
    gpus = ", ".join(dict.fromkeys(gpu.split(" (")[0] for gpu in row["gpus"]))
    if row["number_format"] is None:
        return gpus
    marks = {"assumed": ", assumed", "only format": "", "printed": ""}
    return f"{gpus}, {row['number_format']}{marks[row['format_basis']]}"


def _percent(row: Row, name: str, number_id: str) -> Cell:
    value = row[name]
    bounds = (row.get(f"{name}_low"), row.get(f"{name}_high"))
    number_id = number_id if value is not None else ""
    return Cell(PERCENT.text(value), number_id, value, *bounds, PERCENT.unit, shown=PERCENT)


def _printed_note(rows: list[Row]) -> tuple[str, list[Cell]]:
    """What makers print of their utilisation, beside what their hours give."""
    said, cells = [], []
    for row in rows:
        if row["utilisation_from"] is None:
            continue
        owner = row["run_id"]
        ours = _percent(row, "utilisation_as_printed", f"{owner}.efficiency.utilisation_as_printed")
        printed = [
            _percent(row, name, f"{owner}.{name}")
            for name in ("utilisation_from", "utilisation_to")
        ]
        span = " to ".join(dict.fromkeys(cell.display for cell in printed))
        said.append(f"{row['model']} {span} (here {ours.display})")
        cells += [ours, *printed]
    if not said:
        return "No maker prints a utilisation.", []
    note = (
        f"Utilisation as printed, in % of the peak that its source takes: {'; '.join(said)}."
        " Printed figures count attention and mean steady state; hours count restarts and what else"
        " was done in them."
    )
    return note, cells


def _convention_note(rows: list[Row]) -> str:
    """What the convention leaves out, and for which peers its second factor means what."""
    sparse = listed([row["model"] for row in rows if row["is_sparse"] and row["run_id"] != V3])
    note = (
        "Six FLOP per active parameter and token leave out attention, recomputation and routing,"
        " and count too much where a token does not pass all parameters, as in encoder-decoders."
        f" Of the peers, {sparse or 'none'} use a part of their parameters per token; for all"
        f" others the factor of FLOP per token is the sparsity of V3 and the size of the peer."
    )
    return note


def _notes() -> tuple[str, ...]:
    return (
        "Led by: the factor with the most log points in the direction of the gap. Log points are a"
        " hundred times the natural logarithm; the factors multiply to the ratio, their log points"
        " add up to its own, up to rounding. Own prices: see the table of models; V3's is an H800"
        " list quote, so the last two columns hold where both quotes do.",
        f"{display.MISSING} {display.LEGEND[display.MISSING]};"
        f" {display.NOT_APPLICABLE} {display.LEGEND[display.NOT_APPLICABLE]}.",
    )


def _sources(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> tuple[str, ...]:
    compute = layers["validated.training_compute"]
    ids = compute["hours_stage_ids"].str.split(" ").explode().to_list()
    stages = layers["validated.stages"].filter(
        pl.col("stage_id").is_in([*ids, *compute["tokens_stage_id"]])
    )
    hardware = layers["validated.hardware"].filter(
        pl.col("hardware_id").is_in(compute["peak_id"].drop_nulls().to_list())
    )
    return row_by_row(layers["validated.sources"], [stages, compute, hardware], files)
