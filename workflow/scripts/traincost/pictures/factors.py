"""factors: which factor makes a peer dearer or cheaper than V3."""

from __future__ import annotations

import math
from collections.abc import Mapping

import polars as pl
from matplotlib.axes import Axes

from traincost.efficiency import HOURS_FACTORS
from traincost.pictures.canvas import BLUE, GREEN, GRID, INK, MUTED, ORANGE, RULE
from traincost.pictures.spec import Picture
from traincost.tables.efficiency import CALLED, finding
from traincost.tables.source_notes import row_by_row
from traincost.tables.spec import PublishedTable, Shown, TableColumn, TableRow, quantity

NAME = "factors"
# peers that took at least this part of V3's GPU-hours
DRAWN_FROM = 0.25

LOOKS = {  # colour and pattern
    "tokens": (BLUE, ""),
    "flop_per_token": (ORANGE, "////"),
    "throughput": (GREEN, "\\\\\\\\"),
}
RATIO = "GPU-hours: all three"
POINTS = Shown("log points")
TIMES = Shown("1", decimals=2)
COLUMNS = (
    *(TableColumn(f"{name}_log_points", CALLED[name], "Log points") for name in HOURS_FACTORS),
    TableColumn("hours_ratio", "GPU-hours over V3's"),
)
TICKS = (1 / 64, 1 / 16, 1 / 4, 1, 4, 16, 64)


def factors(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> Picture:
    """The picture. `layers`: by `layer.name`; `files`: data file to hash."""
    runs = layers["estimates.efficiency"]
    title, said = finding(runs.to_dicts(), NAME)
    drawn = runs.filter(pl.col("hours_ratio") >= DRAWN_FROM)
    used = [layers["validated.stages"], layers["validated.training_compute"]]
    table = PublishedTable(
        name=NAME,
        title=title,
        subtitle="GPU-hours of each peer over those of V3, as a product of three factors on a"
        " logarithmic scale. To the right a factor makes the peer dearer than V3, to the left"
        " cheaper; together they end at the diamond.",
        stub_label="Model",
        columns=COLUMNS,
        rows=tuple(
            _row(row)
            for row in drawn.sort("hours_ratio", "run_id", descending=[True, False]).to_dicts()
        ),
        notes=(
            "Peers that took at least a quarter of V3's GPU-hours; the table of efficiency has them"
            " all. By the convention of six FLOP per active parameter and token.",
            *row_by_row(layers["validated.sources"], used, files)[1:],
        ),
        said=tuple(said),
    )
    return Picture(table, _alt(table))


def _row(row: Mapping) -> TableRow:
    owner = f"{row['run_id']}.efficiency"
    cells = {
        f"{name}_log_points": quantity(row, f"{name}_log_points", owner, POINTS)
        for name in HOURS_FACTORS
    }
    cells["hours_ratio"] = quantity(row, "hours_ratio", owner, TIMES)
    return TableRow(row["run_id"], row["model"], cells)


def _alt(table: PublishedTable) -> str:
    """The picture in words."""
    rows = "; ".join(
        f"{row.label} {row.cells['hours_ratio'].display} times V3's GPU-hours" for row in table.rows
    )
    return (
        "Stacked bars, one for each peer, in three parts: tokens, FLOP per token and speed."
        f" {rows or 'There is nothing to draw'}. {table.title}."
    )


def draw(axes: Axes, table: PublishedTable) -> None:
    """A bar per peer, its factors to either side of one, and the ratio they make."""
    for place, row in enumerate(table.rows):
        _bar(axes, place, row)
    _axes(axes, table)
    handles, labels = axes.get_legend_handles_labels()
    order = sorted(range(len(labels)), key=lambda place: labels[place] == RATIO)
    axes.legend(
        [handles[place] for place in order],
        [labels[place] for place in order],
        loc="lower right",
        frameon=False,
        fontsize=8.5,
        handlelength=2.2,
        borderaxespad=0.3,
        labelspacing=0.5,
    )


def _bar(axes: Axes, place: int, row: TableRow) -> None:
    ends = {1: 0.0, -1: 0.0}
    for name, (color, hatch) in LOOKS.items():
        points = row.cells[f"{name}_log_points"].value
        side = 1 if points >= 0 else -1
        axes.barh(
            place,
            points,
            left=ends[side],
            height=0.62,
            color=color,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.6,
            label=CALLED[name] if place == 0 else None,
        )
        ends[side] += points
    ratio = row.cells["hours_ratio"]
    total = 100 * math.log(ratio.value)
    axes.plot(
        total,
        place,
        "D",
        color=INK,
        markersize=5.5,
        markeredgecolor="white",
        zorder=5,
        label=RATIO if place == 0 else None,
    )
    axes.annotate(
        f"× {ratio.display}",
        (ends[1], place),
        (6, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        fontweight="bold",
    )


def _axes(axes: Axes, table: PublishedTable) -> None:
    labels = [row.label for row in table.rows]
    axes.set_yticks(range(len(labels)), labels, fontsize=8.5)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    low, high = (bound(_edges(table)) for bound in (min, max))
    axes.set_xlim(low - 20, high + 75)
    ticks = [tick for tick in TICKS if low - 20 <= 100 * math.log(tick) <= high + 75]
    shown = [f"× {tick:g}" if tick >= 1 else f"÷ {1 / tick:g}" for tick in ticks]
    axes.set_xticks([100 * math.log(tick) for tick in ticks], shown)
    axes.axvline(0, color=RULE, linewidth=0.9, zorder=3)
    axes.grid(axis="x", color=GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("peer over V3", labelpad=4)
    dearer = sum(row.cells["hours_ratio"].value > 1 for row in table.rows)
    if 0 < dearer < len(labels):
        axes.axhline(dearer - 0.5, color=MUTED, linewidth=0.7, linestyle=(0, (4, 3)))


def _edges(table: PublishedTable) -> list[float]:
    """Where the bars end on either side."""
    edges = [0.0]
    for row in table.rows:
        points = [row.cells[f"{name}_log_points"].value for name in LOOKS]
        edges += [sum(p for p in points if p > 0), sum(p for p in points if p < 0)]
    return edges
