"""Which numbers the workbook holds, and what stands in the cell of each.

Every number is one of these: a yellow cell that a reader may change, a figure as
read or assumed, a live formula over other numbers, or a number that the pipeline
chose or counted and no formula here can follow.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

import polars as pl

from traincost.lineage import closure, reached
from traincost.workbook.names import PARTS, cell_names
from traincost.workbook.terms import Span, Term, UntranslatableError, span

INPUT, FIGURE, LIVE, FIXED = "yellow cell", "figure", "formula", "from the pipeline"
# how far a formula may be from the pipeline's number, which adds up in another order
TOLERANCE = 1e-9
# longer formulas are refused by spreadsheets
LONGEST_FORMULA = 8000
# where the prices of the books stand
PRICES = ("validated.quotes", "validated.purchase_quotes")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """A number of the workbook.

    `how`: one of INPUT, FIGURE, LIVE, FIXED. `formulas`: the formula of each part
    (value, low, high) that has one. `is_left_behind`: some part of it was made of a
    yellow cell and does not follow it.
    """

    row: Row
    names: Mapping[str, str]
    how: str
    formulas: Mapping[str, str]
    is_left_behind: bool = False

    @property
    def number_id(self) -> str:
        """The id of the number."""
        return self.row["number_id"]

    def parts(self) -> Iterator[str]:
        """The parts that the number has."""
        return (part for part in PARTS if self.row[part] is not None)


Ledger = Mapping[str, Entry]
Terms = Mapping[tuple[str, str], Term]
Found = Mapping[str, Mapping[str, str]]


def ledger(numbers: pl.DataFrame, wanted: Iterable[str]) -> Ledger:
    """The entries by number id, in order of id: `wanted` numbers and all they were made of.

    `numbers`: as `numbers.parquet`. Raises KeyError where a wanted number is unknown.
    """
    held = closure(numbers, sorted(wanted))
    rows = {
        row["number_id"]: row
        for row in numbers.sort("number_id").iter_rows(named=True)
        if row["number_id"] in held
    }
    names = cell_names(rows)
    found = _formulas(rows, names)
    inputs = _inputs(rows, found)
    behind = _left_behind(rows, found, inputs)
    entries = {}
    for number_id, row in rows.items():
        entries[number_id] = Entry(
            row=row,
            names={part: names[number_id, part] for part in PARTS},
            how=_how(row, found[number_id], number_id in inputs),
            formulas=found[number_id],
            is_left_behind=number_id in behind,
        )
    return entries


def _how(row: Row, found: Mapping[str, str], is_input: bool) -> str:
    if is_input:
        return INPUT
    if _is_leaf(row):
        return FIGURE
    return LIVE if "value" in found else FIXED


def _is_leaf(row: Row) -> bool:
    return not row["formula"] and not row["selection"]


def _formulas(
    rows: Mapping[str, Row], names: Mapping[tuple[str, str], str]
) -> dict[str, dict[str, str]]:
    """For each number the formula of each part that has one which gives the pipeline's number."""
    order = TopologicalSorter({key: row["input_ids"] for key, row in rows.items()}).static_order()
    terms: dict[tuple[str, str], Term] = {}
    found: dict[str, dict[str, str]] = {key: {} for key in rows}
    for number_id in order:
        row = rows[number_id]
        own = _translated(row, rows, terms)
        for part in PARTS:
            if row[part] is None:
                continue
            term, is_nonneg = own.get(part), row[part] >= 0
            if term and _is_right(term, row[part]):
                found[number_id][part] = term.text
                is_nonneg = term.is_nonneg
            name = names[number_id, part] if math.isfinite(row[part]) else ""
            terms[number_id, part] = Term(name, row[part], is_nonneg)
    return found


def _is_right(term: Term, value: float) -> bool:
    is_short = 0 < len(term.text) <= LONGEST_FORMULA
    return is_short and math.isclose(term.worth, value, rel_tol=TOLERANCE, abs_tol=1e-12)


def _translated(row: Row, rows: Mapping[str, Row], terms: Terms) -> dict[str, Term]:
    if not row["formula"]:
        return _taken_over(row, rows, terms)
    by_name: dict[str, list[str]] = {}
    for name, number_id in zip(row["input_names"], row["input_ids"], strict=True):
        by_name.setdefault(name, []).append(number_id)

    def central(name: str) -> list[Span]:
        return [(terms[key, "value"],) * 2 for key in by_name.get(name, ())]

    def interval(name: str) -> list[Span]:
        return [
            (_end(terms, key, "low"), _end(terms, key, "high")) for key in by_name.get(name, ())
        ]

    found: dict[str, Term] = {}
    try:
        found["value"] = span(row["formula"], central)[0]
        found["low"], found["high"] = span(row["formula"], interval)
    except (UntranslatableError, KeyError):  # KeyError: an input is a date
        pass
    return found


def _taken_over(row: Row, rows: Mapping[str, Row], terms: Terms) -> dict[str, Term]:
    """What a selection takes from the one number it was left with: that number."""
    chosen_from = [key for key in row["input_ids"] if _is_of(row, rows[key])]
    if len(row["input_ids"]) != 1 or not chosen_from or (chosen_from[0], "value") not in terms:
        return {}
    return {part: _end(terms, chosen_from[0], part) for part in PARTS}


def _is_of(row: Row, read: Row) -> bool:
    """Whether a number moves with one that it read: a count or a length of time does not."""
    return bool(row["formula"]) or row["unit"] == read["unit"]


def _end(terms: Terms, number_id: str, part: str) -> Term:
    """A bound, or the value of a number that is exact."""
    return terms.get((number_id, part)) or terms[number_id, "value"]


def _inputs(rows: Mapping[str, Row], found: Found) -> set[str]:
    """Prices and assumptions that formulas follow, and that no choice among several has read."""
    followed: set[str] = set()
    chosen_from: set[str] = set()
    for number_id, row in rows.items():
        read = {key for key in row["input_ids"] if _is_of(row, rows[key])}
        if "value" in found[number_id]:
            followed |= read
        elif row["selection"]:
            chosen_from |= read
    todo = sorted(chosen_from)
    while todo:  # a price in dollars is made of the price as given
        row = rows[todo.pop()]
        new = {key for key in row["input_ids"] if rows[key]["unit"] == row["unit"]} - chosen_from
        chosen_from |= new
        todo += new
    return {key for key in followed - chosen_from if _may_change(rows[key])}


def _may_change(row: Row) -> bool:
    if not _is_leaf(row) or row["value"] is None:
        return False
    is_price = f"{row['layer']}.{row['table']}" in PRICES and row["unit"].startswith("USD")
    return is_price or row["kind"] == "assumed"


def _left_behind(rows: Mapping[str, Row], found: Found, inputs: set[str]) -> set[str]:
    """Numbers made of a yellow cell, counts among them, a part of which no formula follows.

    What a formula makes of such a number does not follow either.
    """
    readers: dict[str, list[str]] = {key: [] for key in rows}
    for number_id, row in rows.items():
        for key in row["input_ids"]:
            readers[key].append(number_id)
    # what a table counts may rest on its words, a verdict for one
    led_to = {key for key, row in rows.items() if row["layer"] == "tables" and row["selection"]}
    led_to |= reached(readers, inputs) - inputs
    behind = {
        key
        for key in led_to
        for part in PARTS
        if rows[key][part] is not None and math.isfinite(rows[key][part]) and part not in found[key]
    }
    return behind | {key for key in reached(readers, behind) if rows[key]["formula"]}
