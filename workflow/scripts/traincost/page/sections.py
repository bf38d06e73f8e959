"""The published tables as the page shows them: every figure tied to its number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from traincost import display
from traincost.page.graph import Graph
from traincost.page.words import Piece, Words
from traincost.tables.spec import Cell, PublishedTable, Shown, TableColumn, TableRow

# letters of the longest text of a column: from here on it needs some room, and room to wrap in
SOME, WRAPPED = 12, 40
# rows from which on a table scrolls below its head, and columns that need a page across
TALL, WIDE = 30, 12
# what stands in an address as it is, in HTML between single quotes
UNQUOTED = ' !"$()*+,-./:;<=>?@[]_{}|~'


class Formats:
    """How figures are shown, each way once."""

    def __init__(self) -> None:
        self._places: dict[Shown, int] = {}

    def place(self, cell: Cell) -> int:
        """The format of a cell; -1 where the cell does not say how it came to its text."""
        if cell.shown is None or cell.shown.text(cell.value) != cell.display:
            return -1
        return self._places.setdefault(cell.shown, len(self._places))

    def for_script(self) -> list[list[Any]]:
        """Form, decimals, and what one unit of display is worth."""
        return [[shown.form, shown.decimals, shown.per] for shown in self._places]


@dataclass(frozen=True)
class Figure:
    """A figure that opens: its text, the place of its number, which part of it, and its format."""

    text: str
    place: int
    part: str
    format: int


@dataclass(frozen=True)
class Text:
    """A sentence in pieces; `holds`: whether its words hold whatever its figures are."""

    pieces: tuple[str | Figure, ...]
    holds: bool


@dataclass(frozen=True)
class Drawn:
    """A picture: its marks as a table, what is drawn, and the words for who cannot see it."""

    table: PublishedTable
    svg: str
    alt: str


@dataclass(frozen=True)
class Section:
    """One table for the template, or one picture and the table of its marks."""

    table: PublishedTable
    title: Text
    subtitle: Text
    notes: tuple[Text, ...]
    # how each column is set
    looks: tuple[str, ...]
    # whether its row labels are long enough to wrap
    is_long: bool
    # of a picture: its address and its words
    picture: tuple[Markup, str] | None
    # spanner and how many columns it spans
    spanners: tuple[tuple[str, int], ...]
    # group and its rows; a cell is a figure, or pieces of text
    groups: tuple[tuple[str, tuple[tuple[TableRow, tuple[Any, ...]], ...]], ...]
    # figures of the words that could not be told apart in them, with their ids
    others: tuple[tuple[str, Figure], ...]

    @property
    def is_tall(self) -> bool:
        """Whether its head would be out of sight before its last row is in sight."""
        return len(self.table.rows) > TALL

    @property
    def is_wide(self) -> bool:
        """Whether it is printed across."""
        return len(self.table.columns) > WIDE


def sections(
    tables: Iterable[PublishedTable], pictures: Iterable[Drawn], graph: Graph, formats: Formats
) -> list[Section]:
    """The tables in order, then the pictures."""
    shown = [_Reader(table, graph, formats).section() for table in tables]
    drawn = [_Reader(each.table, graph, formats).section(each) for each in pictures]
    return shown + drawn


def _as_address(svg: str) -> Markup:
    """A picture as the address of an image: what an image shows runs no script."""
    return Markup("data:image/svg+xml," + quote(re.sub(r"\s+", " ", svg), safe=UNQUOTED))


class _Reader:
    """Reads one table."""

    def __init__(self, table: PublishedTable, graph: Graph, formats: Formats) -> None:
        self.table, self.graph, self.formats = table, graph, formats
        texts = [
            cell.display for row in table.rows for cell in row.cells.values() if not cell.number_id
        ]
        self.words = Words([table.title, table.subtitle, *table.notes, *texts], table.said)

    def section(self, drawn: Drawn | None = None) -> Section:
        table = self.table
        return Section(
            table=table,
            title=self._text(table.title),
            subtitle=self._text(table.subtitle),
            notes=tuple(self._text(note) for note in table.notes),
            looks=tuple(map(self._look, table.columns)),
            is_long=any(len(row.label) > WRAPPED for row in table.rows),
            picture=(_as_address(drawn.svg), drawn.alt) if drawn else None,
            spanners=tuple(
                (spanner, len(list(columns)))
                for spanner, columns in groupby(table.columns, key=lambda column: column.spanner)
            ),
            groups=tuple(
                (group, tuple((row, self._cells(row)) for row in rows))
                for group, rows in groupby(table.rows, key=lambda row: row.group)
            ),
            others=tuple((cell.number_id, self._figure(cell)) for cell in self.words.unplaced),
        )

    def _look(self, column: TableColumn) -> str:
        """The classes of a column's cells."""
        if not column.is_text:
            return "bound" if column.is_bound else ""
        texts = (row.cells[column.key].display for row in self.table.rows)
        longest = max(map(len, texts), default=0)
        return "text prose" if longest > WRAPPED else "text some" if longest > SOME else "text"

    def _cells(self, row: TableRow) -> tuple[Any, ...]:
        return tuple(self._cell(row.cells[column.key], column) for column in self.table.columns)

    def _cell(self, cell: Cell, column: TableColumn) -> dict[str, Any]:
        figure = self._figure(cell) if cell.number_id else None
        is_symbol = cell.display in display.LEGEND
        pieces = () if figure or is_symbol else self._text(cell.display).pieces
        return {
            "figure": figure,
            "symbol": cell.display if is_symbol else "",
            "meaning": display.LEGEND.get(cell.display, ""),
            "pieces": pieces,
            "look": "text" if column.is_text else "bound" if column.is_bound else "",
            "holds": column.holds,
        }

    def _text(self, text: str) -> Text:
        pieces = tuple(self._piece(piece) for piece in self.words.pieces(text))
        return Text(pieces, text in self.table.holds)

    def _piece(self, piece: Piece) -> str | Figure:
        return piece if isinstance(piece, str) else self._figure(piece)

    def _figure(self, cell: Cell) -> Figure:
        number_id, _, part = cell.number_id.partition(":")
        return Figure(cell.display, self.graph.place[number_id], part, self.formats.place(cell))
