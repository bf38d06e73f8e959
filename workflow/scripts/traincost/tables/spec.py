"""What a published table is, before it is dressed as HTML, LaTeX or CSV."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from traincost import display
from traincost.errors import UserError

Row = Mapping[str, Any]

ABBREVIATIONS = {"rl": "RL"}


@dataclass(frozen=True)
class Shown:
    """How a quantity is shown: decimals, what one unit of display is worth, and in which form.

    `form`: a number, money in running text, a multiple (times), or a year.
    """

    unit: str
    decimals: int = 0
    per: float = 1
    form: str = "number"

    def text(self, value: float | None) -> str:
        """The string that every format shows."""
        match self.form:
            case "money":
                return display.money(value)
            case "times":
                return display.times(value)
            case "year":
                return display.year(value)
            case _:
                return display.number(value, self.decimals, self.per)


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
    `holds`: whether its texts hold whatever the prices are, such as a unit.
    `width`: of a column whose text wraps, its share of the line. `alone`: what it is
    called outside its table; spanner and label where empty.
    """

    key: str
    label: str
    spanner: str = ""
    is_text: bool = False
    is_bound: bool = False
    holds: bool = False
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
    `holds`: those texts whose words hold whatever their numbers are; a text that
    compares or chooses is none of them.
    """

    name: str
    title: str
    subtitle: str
    stub_label: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    notes: tuple[str, ...] = field(default=())
    said: tuple[Cell, ...] = field(default=())
    holds: tuple[str, ...] = field(default=())
    # on paper: over several pages, across; `stub_width` as the width of a column
    is_long: bool = False
    stub_width: float = 0

    @property
    def called(self) -> str:
        """Its name as a reader says it: `Price books`, `RL runs`."""
        first, *others = self.name.split("_")
        return " ".join([ABBREVIATIONS.get(first, first.capitalize()), *others])

    def figures(self) -> Iterator[Cell]:
        """The cells that show a number, those in words included."""
        cells = (cell for row in self.rows for cell in row.cells.values())
        return (cell for cell in (*cells, *self.said) if cell.number_id)


USD = Shown("USD")
MONEY = Shown("USD", form="money")
YEAR = Shown("year", form="year")
PERCENT = Shown("%", decimals=1, per=0.01)


def quantity(row: Row, name: str, owner: str, shown: Shown, book_id: str = "") -> Cell:
    """The cell of a quantity in a row of a layer table, bounds included where it has them."""
    value = row[name]
    number_id = f"{owner}.{name}" + (f"@{book_id}" if book_id else "")
    return Cell(
        display=shown.text(value),
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
        return Cell(shown.text(value), number_id, value, unit=shown.unit, shown=shown)

    return bound(cell.low, "low"), bound(cell.high, "high")


def money(row: Row, name: str, owner: str, book_id: str = "") -> Cell:
    """The cell of dollars in running text."""
    return quantity(row, name, owner, MONEY, book_id)


def count(number_id: str, counted: Sequence[str], unit: str) -> Cell:
    """The cell of how many numbers there are, for running text. `counted`: their ids.

    None is words: it was made of no number.
    """
    if not counted:
        return text("0")
    shown = Shown(unit)
    many = len(counted)
    return Cell(shown.text(many), number_id, many, unit=unit, counted=tuple(counted), shown=shown)


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
    return quantity(row, name, owner, YEAR)


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
