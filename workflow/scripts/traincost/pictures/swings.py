"""swings: how far each assumption alone moves what V3 and R1 cost an owner."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from matplotlib.axes import Axes

from traincost.pictures.canvas import BLUE, GRID, INK, ORANGE, RULE
from traincost.pictures.spec import Picture
from traincost.tables.source_notes import source_notes
from traincost.tables.spec import (
    PublishedTable,
    Row,
    Shown,
    TableColumn,
    TableRow,
    quantity,
)
from traincost.tables.tornado import CALLED, bars_of, finding, owner_of
from traincost.tables.uncertainty import OWNED, central

NAME = "swings"
MILLIONS = Shown("million USD", decimals=2, per=1e6)
COLUMNS = (
    TableColumn("central_value", "All central, million USD"),
    TableColumn("at_low", "At the low end"),
    TableColumn("at_high", "At the high end"),
)


def swings(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> Picture:
    """The picture. `layers`: by `layer.name`; `files`: data file to hash."""
    bars = [bar for bar in bars_of(layers) if bar["estimate_id"] == OWNED]
    title, said = finding(bars)
    chosen = layers["validated.assumption_sets"].filter("is_chosen")["set_id"].item()
    mine = layers["validated.assumptions"].filter(set_id=chosen)
    table = PublishedTable(
        name=NAME,
        title=title,
        subtitle="Both runs as the owner of the hardware, million USD: each assumption alone at its"
        " low and at its high end, all others at their central value.",
        stub_label="Assumption",
        columns=COLUMNS,
        rows=tuple(map(_row, bars)),
        notes=(
            f"Assumptions: the set {chosen}.",
            *source_notes(layers["validated.sources"], [mine], files)[1:],
        ),
        said=tuple(said),
    )
    return Picture(table, _alt(table))


def _row(bar: Row) -> TableRow:
    cells = {
        "central_value": central(bar, MILLIONS),
        **{name: quantity(bar, name, owner_of(bar), MILLIONS) for name in ("at_low", "at_high")},
    }
    return TableRow(bar["assumption_id"], CALLED[bar["parameter"]], cells)


def _alt(table: PublishedTable) -> str:
    """The picture in words."""
    rows = "; ".join(
        f"{row.label} {row.cells['at_low'].display} to {row.cells['at_high'].display} million USD"
        for row in table.rows
    )
    return (
        "Bars, one for each assumption, the widest first, from the cost with it at its low end to"
        f" that at its high end. {rows or 'There is nothing to draw'}. {table.title}."
    )


def draw(axes: Axes, table: PublishedTable) -> None:
    """A bar per assumption in two halves, to either side of the central value."""
    for place, row in enumerate(table.rows):
        middle = row.cells["central_value"].value
        for name, color, hatch in (("at_low", BLUE, "////"), ("at_high", ORANGE, "")):
            end = row.cells[name]
            axes.barh(
                place,
                (end.value - middle) / MILLIONS.per,
                left=middle / MILLIONS.per,
                height=0.6,
                color=color,
                hatch=hatch,
                edgecolor="white",
                linewidth=0.6,
                label={"at_low": "at its low end", "at_high": "at its high end"}[name]
                if place == 0
                else None,
            )
            is_right = end.value >= middle
            axes.annotate(
                end.display,
                (end.value / MILLIONS.per, place),
                (5 if is_right else -5, 0),
                textcoords="offset points",
                va="center",
                ha="left" if is_right else "right",
                fontsize=8,
                color=INK,
            )
    _axes(axes, table)


def _axes(axes: Axes, table: PublishedTable) -> None:
    if not table.rows:
        axes.set_axis_off()
        return
    axes.set_yticks(range(len(table.rows)), [_wrapped(row.label) for row in table.rows])
    axes.set_ylim(len(table.rows) - 0.4, -0.6)
    axes.axvline(table.rows[0].cells["central_value"].value / MILLIONS.per, color=RULE)
    axes.margins(x=0.12)
    axes.grid(axis="x", color=GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("million USD", labelpad=4)
    axes.legend(loc="lower right", frameon=False, fontsize=8.5)


def _wrapped(label: str) -> str:
    """A label on lines of about thirty letters."""
    lines = [""]
    for word in label.split():
        if len(lines[-1]) + len(word) > 32:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)
