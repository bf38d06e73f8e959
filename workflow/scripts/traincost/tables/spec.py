"""What a published table is, before it is dressed as HTML, LaTeX or CSV."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from traincost import display
from traincost.errors import UserError

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Shown:
    """How a quantity is shown: decimals, and what one unit of display is worth."""

    unit: str
    decimals: int = 0
    per: float = 1


@dataclass(frozen=True)
class Cell:
    """One cell: the string every format shows, and the number behind it.

    `number_id` names the number, as in `r1.total.cost_usd@deepseek-2usd`, with
    `:low` or `:high` behind it for a bound; text cells have none. `counted`: where
    the table itself counts numbers, their ids. `shown`: how it was rounded.
    """

    display: str
    number_id: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    counted: tuple[str, ...] = ()
    shown: Shown | None = None


@dataclass(frozen=True)
class TableColumn:
    """A column of a published table. One unit per column; `spanner` groups columns.

    A column of bounds (`is_bound`) is set in a lighter ink than the value it bounds.
    `width`: of a column whose text wraps, its share of the line. `alone`: what it is
    called outside its table; spanner and label where empty.
    """

    key: str
    label: str
    spanner: str = ""
    is_text: bool = False
    is_bound: bool = False
    width: float = 0
    alone: str = ""


@dataclass(frozen=True)
class TableRow:
    """A row: its id, its label, the group it stands in, and its cells by column key.

    `alone`: what it is called outside its table; group and label where empty.
    """

    row_id: str
    label: str
    cells: Mapping[str, Cell]
    group: str = ""
    is_total: bool = False
    alone: str = ""


@dataclass(frozen=True)
class PublishedTable:
    """A table ready for dressing. Title and notes are computed, never typed.

    `said`: the cells of all numbers that title, subtitle, notes and text cells hold.
    """

    name: str
    title: str
    subtitle: str
    stub_label: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    notes: tuple[str, ...] = field(default=())
    said: tuple[Cell, ...] = field(default=())
    # on paper: over several pages, across; `stub_width` as the width of a column
    is_long: bool = False
    stub_width: float = 0


USD = Shown("USD")


def quantity(row: Row, name: str, owner: str, shown: Shown, book_id: str = "") -> Cell:
    """The cell of a quantity in a row of a layer table, bounds included where it has them."""
    value = row[name]
    number_id = f"{owner}.{name}" + (f"@{book_id}" if book_id else "")
    return Cell(
        display=display.number(value, shown.decimals, shown.per),
        number_id=number_id if value is not None else "",
        value=value,
        low=row.get(f"{name}_low"),
        high=row.get(f"{name}_high"),
        unit=shown.unit,
        shown=shown,
    )


def bounds(cell: Cell, shown: Shown) -> tuple[Cell, Cell]:
    """The cells of a quantity's lower and upper bound."""

    def bound(value: float | None, side: str) -> Cell:
        number_id = f"{cell.number_id}:{side}" if cell.number_id else ""
        text = display.number(value, shown.decimals, shown.per)
        return Cell(text, number_id, value, unit=shown.unit)

    return bound(cell.low, "low"), bound(cell.high, "high")


def money(row: Row, name: str, owner: str, book_id: str = "") -> Cell:
    """The cell of dollars in running text."""
    return replace(quantity(row, name, owner, USD, book_id), display=display.money(row[name]))


def count(number_id: str, counted: Sequence[str], unit: str) -> Cell:
    """The cell of how many numbers there are, for running text. `counted`: their ids.

    None is words: it was made of no number.
    """
    if not counted:
        return text("0")
    return Cell(str(len(counted)), number_id, len(counted), unit=unit, counted=tuple(counted))


def ratio(row: Row, name: str, owner: str, shown: Shown, book_id: str = "") -> Cell:
    """A quantity that does not apply, rather than being unknown, where it is missing."""
    if row[name] is None:
        return text(display.NOT_APPLICABLE)
    return quantity(row, name, owner, shown, book_id)


def day(row: Row, name: str, owner: str) -> Cell:
    """The cell of a date."""
    value = row[name]
    if value is None:
        return text(display.MISSING)
    return Cell(value.isoformat(), f"{owner}.{name}", unit="date")


def year(row: Row, name: str, owner: str) -> Cell:
    """The cell of a year in running text."""
    return replace(quantity(row, name, owner, Shown("year")), display=f"{row[name]:.0f}")


def listed(words: Sequence[str]) -> str:
    """Words as running text: `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def marked(label: str, gpu_hours: float | None) -> str:
    """What a run is called: with a mark where its hours are not known, but follow from FLOP."""
    return label if gpu_hours is not None else f"{label} {display.ESTIMATED}"


def text(value: str) -> Cell:
    """A cell of words."""
    return Cell(value)


def require_scopes(table: str, known: Collection[str], wanted: Collection[str]) -> None:
    """Raise UserError where a bill that a table is about is not in the data."""
    for scope_id in wanted:
        if scope_id not in known:
            raise UserError(
                f"table {table}: there is no bill '{scope_id}'; it must be a run of"
                " data/stages.csv or a scope of data/scopes.csv"
            )
