"""The marks of cost_over_time: how they look, their names, and the axes they stand on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from matplotlib.axes import Axes
from matplotlib.dates import YearLocator, date2num
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from matplotlib.transforms import Bbox

from traincost import display
from traincost.field import CLASS_HIGH, CLASS_LOW, SCOPE_OF
from traincost.pictures.canvas import BLUE, GREEN, GRID, INK, MUTED, ORANGE, PURPLE, VERMILION
from traincost.pictures.labels import Mark, name_marks
from traincost.tables.spec import PublishedTable, TableRow

REFERENCE = "DeepSeek"


@dataclass(frozen=True)
class Look:
    """How the marks of a group look: never told apart by colour alone."""

    marker: str
    color: str
    is_filled: bool = True


GROUPS = {
    REFERENCE: Look("*", INK),
    "Hours disclosed": Look("o", BLUE),
    "GPUs times duration": Look("s", GREEN),
    "Upper or lower bound": Look("^", ORANGE),
    "Hours estimated by third parties": Look("D", VERMILION, is_filled=False),
    "Dollars printed by third parties": Look("x", PURPLE),
}


def draw(axes: Axes, table: PublishedTable) -> None:
    """The marks of the table, their intervals and names, and the band of a factor of two."""
    axes.set_yscale("log")
    _axes(axes)
    band = _band(axes, table)
    for group, look in GROUPS.items():
        rows = [row for row in table.rows if row.group == group]
        if rows:
            _marks(axes, rows, group, look)
    axes.margins(x=0.03, y=0.05)
    first, last = axes.get_xlim()
    axes.set_xlim(first, last + 0.07 * (last - first))  # room for names
    axes.figure.canvas.draw()
    legend = axes.legend(
        loc="upper left",
        frameon=False,
        fontsize=8,
        handletextpad=0.3,
        borderaxespad=0.2,
        labelspacing=0.45,
    )
    renderer = axes.figure.canvas.get_renderer()
    words = [part.get_window_extent(renderer) for part in (legend, *band)]
    name_marks(axes, _named(table), words, _bars(axes, table))


def _axes(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.yaxis.set_major_locator(LogLocator(base=10, numticks=20))
    axes.yaxis.set_major_formatter(FuncFormatter(_dollars_at))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.tick_params(axis="y", which="minor", length=0)
    axes.grid(axis="y", color=GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.xaxis_date()
    axes.xaxis.set_major_locator(YearLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(_year))
    axes.set_xlabel("day of release", labelpad=4)


def _dollars_at(value: float, _: int) -> str:
    return display.money(float(value)).replace(".00 ", " ")


def _year(value: float, _: int) -> str:
    return str(date.fromordinal(date(1970, 1, 1).toordinal() + int(value)).year)


def _band(axes: Axes, table: PublishedTable) -> list[Text]:
    """Draw the band of a factor of two; the words that name it."""
    both = [row for row in table.rows if row.row_id == SCOPE_OF["both"]]
    if not both:
        return []
    cost = both[0].cells["cost"].value
    axes.axhspan(cost * CLASS_LOW, cost * CLASS_HIGH, color="#f1f1f1", zorder=0, linewidth=0)
    words = axes.annotate(
        "grey: within a factor of two of V3 + R1",
        (0.0, cost * CLASS_LOW),
        (4, -3),  # below the band, which holds marks
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        ha="left",
        va="top",
        fontsize=7,
        color=MUTED,
    )
    return [words]


def _marks(axes: Axes, rows: list[TableRow], group: str, look: Look) -> None:
    x = [_number(row) for row in rows]
    y = [row.cells["cost"].value for row in rows]
    for place, row in zip(x, rows, strict=True):
        low, high = row.cells["cost"].low, row.cells["cost"].high
        if low is None or high is None:
            continue
        if math.isinf(high):
            axes.annotate(
                "",
                (place, row.cells["cost"].value * 1.6),
                (place, row.cells["cost"].value),
                arrowprops={"arrowstyle": "->", "color": look.color, "linewidth": 0.9},
            )
        else:
            axes.vlines(place, low, high, color=look.color, linewidth=1.1, zorder=3)
    axes.scatter(
        x,
        y,
        s=110 if group == REFERENCE else 26,
        marker=look.marker,
        facecolors=look.color if look.is_filled else "white",
        edgecolors=None if look.marker == "x" else ("white" if look.is_filled else look.color),
        linewidths=0.6 if look.is_filled and look.marker != "x" else 1.2,
        label=group,
        zorder=5 if group == REFERENCE else 4,
    )


def _bars(axes: Axes, table: PublishedTable) -> list[Bbox]:
    """The intervals of the marks, in pixels."""
    boxes = []
    for row in table.rows:
        low, high = row.cells["cost"].low, row.cells["cost"].high
        if low is not None and high is not None and math.isfinite(high):
            ends = axes.transData.transform([(_number(row), low), (_number(row), high)])
            boxes.append(Bbox(ends).padded(2))
    return boxes


def _named(table: PublishedTable) -> list[Mark]:
    """The marks in the order in which they get their names.

    From the class of V3 + R1 upwards all are named.
    """

    def first(row: TableRow) -> tuple[bool, float]:
        return row.group != REFERENCE, -row.cells["cost"].value

    both = [row for row in table.rows if row.row_id == SCOPE_OF["both"]]
    least = both[0].cells["cost"].value * CLASS_LOW if both else math.inf
    return [
        Mark(
            row.label,
            _number(row),
            row.cells["cost"].value,
            INK,
            half_size=5.0 if row.group == REFERENCE else 3.0,
            points=8.5 if row.group == REFERENCE else 7.0,
            weight="bold" if row.group == REFERENCE else "normal",
            is_wanted=row.group == REFERENCE or row.cells["cost"].value >= least,
        )
        for row in sorted(table.rows, key=first)
    ]


def _number(row: TableRow) -> float:
    return float(date2num(date.fromisoformat(row.cells["release_date"].display)))
