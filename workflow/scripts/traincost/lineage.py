"""Walk from numbers down to what they were made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl


def closure(numbers: pl.DataFrame, start: Iterable[str], is_used_only: bool = False) -> set[str]:
    """Ids of `start` and of all that they were made of or looked at, down to the data.

    `numbers`: as `numbers.parquet`. `is_used_only`: without what a rule looked at and did
    not use. Raises KeyError where an id is no number.
    """
    columns = ("number_id", "input_ids", "considered_ids")
    edges = {
        number_id: (*inputs, *(() if is_used_only else considered))
        for number_id, inputs, considered in numbers.select(columns).iter_rows()
    }
    return reached(edges, start)


def reached(edges: Mapping[str, Iterable[str]], start: Iterable[str]) -> set[str]:
    """`start` and all that its edges lead to. Raises KeyError where one has no edges."""
    found: set[str] = set()
    todo = list(start)
    while todo:
        number_id = todo.pop()
        if number_id not in found:
            found.add(number_id)
            todo += edges[number_id]
    return found
