"""Every number of one run of the pipeline, and what each was made of."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import polars as pl

from audit.in_memory import Layers
from traincost import formulas
from traincost.audit import audit_numbers
from traincost.numbers import with_ids

CHOICES = {"least", "greatest"}

Parts = tuple[Any, ...]


class World:
    """Layers, every number in them, and what each was made of."""

    def __init__(self, layers: Layers) -> None:
        self.layers = layers
        self.named = with_ids(layers)
        self.counts = counts(layers["tables.cells"])
        self.numbers: dict[str, dict[str, Any]] = {
            row["number_id"]: row for row in audit_numbers(layers).iter_rows(named=True)
        }

    @cached_property
    def users(self) -> dict[str, set[str]]:
        """For each number, those whose lineage has it as the next step."""
        return turned(self.numbers, "input_ids", "considered_ids")

    @cached_property
    def sure_users(self) -> dict[str, set[str]]:
        """The same without the steps that pass a choice."""
        free = {number_id for number_id, row in self.numbers.items() if not is_choice(row)}
        return {key: users & free for key, users in self.users.items()}

    @cached_property
    def in_tables(self) -> set[str]:
        """The numbers that tables show, or compute with."""
        found = {number_id for number_id, row in self.numbers.items() if row["is_shown"]}
        for row in self.numbers.values():
            found |= set(row["input_ids"]) if row["layer"] == "tables" else set()
        return found

    def parts(self, number_id: str) -> Parts:
        row = self.numbers[number_id]
        return row["value"], row["low"], row["high"], row["date"]


def is_choice(row: Mapping[str, Any]) -> bool:
    """Whether a number need not move with what it was made of."""
    return bool(row["selection"]) or any(name in CHOICES for name in functions(row["formula"]))


def functions(formula: str | None) -> set[str]:
    tree = formulas.parse(formula) if formula else ast.Constant(0)
    return {formulas.function_of(node) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def turned(numbers: Mapping[str, Mapping[str, Any]], *by: str) -> dict[str, set[str]]:
    """For each number, those that have it among the ids of their columns `by`."""
    found: dict[str, set[str]] = {}
    for number_id, row in numbers.items():
        for each in (each for name in by for each in row[name]):
            found.setdefault(each, set()).add(number_id)
    return found


def reached(users: Mapping[str, set[str]], start: str) -> set[str]:
    """All numbers that `start` leads to, itself included."""
    found, todo = {start}, [start]
    while todo:
        new = users.get(todo.pop(), set()) - found
        found |= new
        todo += new
    return found


def counts(cells: pl.DataFrame) -> dict[str, Any]:
    """What published tables count themselves: id to value."""
    counted = cells.filter(pl.col("counted_ids").list.len() > 0)
    return dict(counted.select("number_id", "value").iter_rows())


def differs(number_id: str, base: World, other: World) -> bool:
    if number_id not in base.numbers or number_id not in other.numbers:
        return True
    return base.parts(number_id) != other.parts(number_id)
