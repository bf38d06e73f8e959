"""Walk from numbers down to what they were made of."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl


def closure(numbers: pl.DataFrame, start: Iterable[str], looked_at: int | None = None) -> set[str]:
    """Ids of `start` and of all that they were made of or looked at, down to the data.

    `numbers`: as `numbers.parquet`. `looked_at`: how many a rule may have looked at and
    not used; all if not given. Raises KeyError where an id is no number.
    """
    columns = ("number_id", "input_ids", "considered_ids")
    edges = {
        number_id: (*inputs, *considered[:looked_at])
        for number_id, inputs, considered in numbers.select(columns).iter_rows()
    }
    reached: set[str] = set()
    todo = list(start)
    while todo:
        number_id = todo.pop()
        if number_id not in reached:
            reached.add(number_id)
            todo += edges[number_id]
    return reached
