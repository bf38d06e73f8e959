"""cost_over_time: what every run costs at one price, by the day of its release."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl
from matplotlib.axes import Axes
from matplotlib.dates import YearLocator, date2num
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from matplotlib.transforms import Bbox

from traincost import display
from traincost.field import CLASS_HIGH, CLASS_LOW, SCOPE_OF
from traincost.pictures.canvas import BLUE, GREEN, GRID, INK, MUTED, ORANGE, PURPLE, VERMILION
from traincost.pictures.labels import Mark, name_marks
from traincost.pictures.spec import Picture
from traincost.tables.source_notes import row_by_row
from traincost.tables.spec import (
    USD,
    Cell,
    PublishedTable,
    TableColumn,
    TableRow,
    count,
    day,
    money,
    quantity,
)

NAME = "cost_over_time"
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
GROUP_OF = {
    "disclosed": "Hours disclosed",
    "disclosed-approximate": "Hours disclosed",
    "product": "GPUs times duration",
    "derived": "GPUs times duration",
    "upper-bound": "Upper or lower bound",
    "lower-bound": "Upper or lower bound",
    "third-party": "Hours estimated by third parties",
}
# of the printed dollars, those for renting: the others count something else
RENTED = "cloud rates"
COLUMNS = (TableColumn("release_date", "Released"), TableColumn("cost", "Cost, USD"))


def cost_over_time(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> Picture:
    """The picture under the baseline. `layers`: by `layer.name`; `files`: data file to hash."""
    book_id = layers["validated.books"].filter("is_baseline")["book_id"].item()
    models = layers["estimates.models"].filter(pl.col("book_id") == book_id)
    dated = models.filter(
        pl.col("release_date").is_not_null() & pl.col("common_cost_usd").is_not_null()
    )
    rows = (*_runs(dated, book_id), *_dollars(layers["estimates.third_party"], book_id))
    title, said = _title(models, book_id)
    undated = len(models) - len(dated)
    more = "" if not undated else " Runs without a release day are in the table of models only."
    used = [layers["validated.stages"], layers["validated.cost_estimates"]]
    table = PublishedTable(
        name=NAME,
        title=title,
        subtitle="Cost of each disclosed run at the one price per GPU-hour that V3 and R1 have"
        " under the baseline, on a logarithmic scale; bars span the printed precision.",
        stub_label="Model",
        columns=COLUMNS,
        rows=rows,
        notes=(
            "Dollars printed by third parties are at their own cloud rates, not at the one price."
            f"{more} Marks without a name stand too close together.",
            *row_by_row(layers["validated.sources"], used, files)[1:],
        ),
        said=tuple(said),
    )
    alt, named = _alt(table)
    return Picture(replace(table, said=(*said, *named)), alt)


def _title(models: pl.DataFrame, book_id: str) -> tuple[str, list[Cell]]:
    """How many disclosed runs cost more than V3 and R1, and the cells of the numbers."""
    both = models.filter(pl.col("scope_id") == SCOPE_OF["both"]).to_dicts()
    if not both or both[0]["common_cost_usd"] is None:
        return "What runs cost cannot be said at this price book", []
    others = models.filter(
        ~pl.col("scope_id").is_in(list(SCOPE_OF.values()))
        & (pl.col("hours_basis") != "third-party")
    )
    dearer = others.filter(pl.col("common_cost_usd") > both[0]["common_cost_usd"])
    many, of = (
        count(f"{NAME}.{name}", _ids(rows, book_id), "runs")
        for name, rows in (("dearer_count", dearer), ("disclosed_count", others))
    )
    cost = money(both[0], "common_cost_usd", f"{SCOPE_OF['both']}.total", book_id)
    title = (
        f"At one price per GPU-hour, {many.display} of {of.display} other disclosed runs cost more"
        f" than V3 and R1 together ({cost.display})"
    )
    return title, [many, of, cost]


def _ids(rows: pl.DataFrame, book_id: str) -> list[str]:
    return [f"{scope_id}.total.common_cost_usd@{book_id}" for scope_id in rows["scope_id"].sort()]


def _runs(dated: pl.DataFrame, book_id: str) -> Iterator[TableRow]:
    for row in dated.sort("common_cost_usd", "scope_id", descending=[True, False]).to_dicts():
        is_reference = row["scope_id"] in SCOPE_OF.values()
        owner = f"{row['scope_id']}.total"
        cells = {
            "release_date": day(row, "release_date", owner),
            "cost": quantity(row, "common_cost_usd", owner, USD, book_id),
        }
        group = REFERENCE if is_reference else GROUP_OF[row["hours_basis"]]
        yield TableRow(row["scope_id"], row["model"], cells, group, is_reference)


def _dollars(third_party: pl.DataFrame, book_id: str) -> Iterator[TableRow]:
    rows = third_party.filter(
        (pl.col("book_id") == book_id)
        & (pl.col("method") == RENTED)
        & pl.col("release_date").is_not_null()
    )
    for row in rows.sort("estimate_id").to_dicts():
        owner = row["estimate_id"]
        cells = {
            "release_date": day(row, "release_date", owner),
            "cost": quantity(row, "estimated_cost_usd", owner, USD),
        }
        label = f"{row['model']} ({row['publisher']})"
        yield TableRow(owner, label, cells, "Dollars printed by third parties")


def _alt(table: PublishedTable) -> tuple[str, list[Cell]]:
    """The picture in words, and the cells of the numbers in it."""
    if not table.rows:
        return f"{table.title}. There is nothing to draw.", []
    by_cost = sorted(table.rows, key=lambda row: row.cells["cost"].value)
    days = sorted((row.cells["release_date"] for row in table.rows), key=lambda cell: cell.display)
    groups = [group for group in GROUPS if any(row.group == group for row in table.rows)]
    named = [by_cost[0], by_cost[-1], *(row for row in table.rows if row.group == REFERENCE)]
    costs = [_in_words(row.cells["cost"]) for row in named]
    cheapest, dearest, *references = (
        f"{row.label} at {cost.display}" for row, cost in zip(named, costs, strict=True)
    )
    alt = (
        f"Scatter plot. Across: day of release, {days[0].display} to {days[-1].display}. Up: cost"
        f" in dollars, logarithmic. Marks by group: {', '.join(groups)}. The cheapest is"
        f" {cheapest}, the dearest {dearest}. For reference: {'; '.join(references)}."
        f" {table.title}."
    )
    return alt, [*costs, days[0], days[-1]]


def _in_words(cost: Cell) -> Cell:
    return replace(cost, display=display.money(cost.value))


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
