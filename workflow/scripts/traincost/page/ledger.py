"""Every number of the page, by the column it stands in: what it is and what it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from traincost import display
from traincost.page.graph import Graph, Number
from traincost.spelled import spelled

COUNTED = "counted by the published table"


@dataclass(frozen=True)
class Link:
    """A number in place of which its value stands."""

    text: str
    place: int


@dataclass(frozen=True)
class Entry:
    """One number for the template."""

    place: int
    row: Number
    # its id without the column, where its group has that
    name: str
    value: str
    low: str
    high: str
    # formula, where it is not the same for the whole group, and the formula spelled with numbers
    formula: str
    spelled: tuple[str | Link, ...]
    # of a rule: what it used, what it looked at, and how many more of these
    used: tuple[Link, ...]
    looked_at: tuple[Link, ...]
    unlisted: int


@dataclass(frozen=True)
class Source:
    """A document: its id, its title, where it is found, and that as a link if it is of the web."""

    source_id: str
    title: str
    found: str
    address: str


@dataclass(frozen=True)
class Group:
    """The numbers of one column; `column`: what each of their ids has between owner and book."""

    name: str
    column: str
    layer: str
    meaning: str
    formula: str
    selection: str
    entries: tuple[Entry, ...]

    @property
    def has_links(self) -> bool:
        """Whether a reader without a mouse can scroll it from link to link."""
        return any(each.spelled or each.used or each.row["source_id"] for each in self.entries)


def groups(graph: Graph) -> list[Group]:
    """All numbers, by layer, table and column; from the data to the tables."""
    order = {"validated": 0, "priced": 1, "estimates": 2}

    def key(row: Number) -> tuple[Any, ...]:
        column = row["column"] if graph.declared(row) else ""
        return order.get(row["layer"], 9), row["layer"], row["table"], column

    rows = sorted(graph.rows, key=key)
    return [_group(graph, list(members)) for _, members in groupby(rows, key=key)]


def sources(graph: Graph) -> list[Source]:
    """The documents that numbers of the page were read from, by id."""
    rows = {row["source_id"]: row for row in graph.rows if row["source_id"]}
    return [
        Source(
            source_id,
            rows[source_id]["source_title"] or source_id,
            rows[source_id]["source_address"] or "",
            _of_the_web(rows[source_id]["source_address"]),
        )
        for source_id in sorted(rows)
    ]


def assumptions(graph: Graph, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """What a reader may change first: assumed numbers that others follow from.

    `labels`: how price books are called, by id.
    """
    return [
        {
            "place": place,
            "text": display.plain(row["value"]),
            "unit": row["unit"],
            "owner": row["base_id"].removesuffix(f".{row['column']}"),
            "book": labels.get(row["book_id"], ""),
            "meaning": column.meaning if column else "",
        }
        for place in graph.changeable
        if (row := graph.rows[place])["kind"] == "assumed"
        for column in [graph.declared(row)]
    ]


def _group(graph: Graph, rows: list[Number]) -> Group:
    column = graph.declared(rows[0])
    formula = _only(row["formula"] for row in rows)
    is_named = all(_owner(row) for row in rows)
    return Group(
        name=rows[0]["column"] if column else rows[0]["table"],
        column=rows[0]["column"] if column and is_named else "",
        layer=f"{rows[0]['layer']}/{rows[0]['table']}" if column else rows[0]["layer"],
        meaning=column.meaning if column else COUNTED,
        formula=formula,
        selection=_only(row["selection"] for row in rows),
        entries=tuple(_entry(graph, row, formula, bool(column and is_named)) for row in rows),
    )


def _owner(row: Number) -> str:
    """The id of a number without its column; empty where the column does not end its base id."""
    owner, is_owned, column = row["base_id"].rpartition(".")
    book = row["number_id"].removeprefix(row["base_id"])
    is_whole = is_owned and column == row["column"] and book != row["number_id"]
    return owner + book if is_whole else ""


def _only(values: Any) -> str:
    """The one value that all have, or nothing."""
    found = set(values)
    return (found.pop() or "") if len(found) == 1 else ""


def _entry(graph: Graph, row: Number, formula_of_group: str, is_named: bool) -> Entry:
    def link(number_id: str) -> Link:
        return Link(value_of(graph.number(number_id)), graph.place[number_id])

    is_formula = bool(row["formula"])
    pieces = spelled(row) if is_formula else []
    has_interval = row["low"] is not None and row["low"] != row["high"]
    looked_at = graph.looked_at(row)
    return Entry(
        place=graph.place[row["number_id"]],
        row=row,
        name=_owner(row) if is_named else row["number_id"],
        value=value_of(row),
        low=display.plain(row["low"]) if has_interval else "",
        high=display.plain(row["high"]) if has_interval else "",
        formula=row["formula"] if is_formula and not formula_of_group else "",
        spelled=tuple(text if each is None else link(each) for text, each in pieces),
        used=() if is_formula else tuple(map(link, row["input_ids"])),
        looked_at=tuple(map(link, looked_at)),
        unlisted=len(row["considered_ids"]) - len(looked_at),
    )


def _of_the_web(address: str | None) -> str:
    """An address that a link may lead to; anything else, such as `javascript:`, stays text."""
    return address if address and address.startswith(("https://", "http://")) else ""


def value_of(row: Number) -> str:
    """A number's value for whoever checks it."""
    return str(row["date"]) if row["date"] else display.plain(row["value"])
