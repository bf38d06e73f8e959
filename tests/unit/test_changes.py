"""What a user's prices move."""

from __future__ import annotations

import math

import polars as pl
import pytest

from traincost.changes import changes_frame
from traincost.declarations import VALIDATED

CELLS = pl.DataFrame(
    {
        "number_id": ["a.cost@base", "a.cost@base", "b.cost@base", "c.cost@base", "a.hours", None],
        "table": ["first", "second", "first", "first", "first", "first"],
    }
)


def books(own: bool = True) -> pl.DataFrame:
    rows = [
        {"book_id": "base", "is_baseline": True, "is_users": False},
        {"book_id": "mine", "is_baseline": False, "is_users": own},
    ]
    blank = dict.fromkeys(VALIDATED["books"].schema())
    return pl.DataFrame([blank | row for row in rows], schema=VALIDATED["books"].schema())


def changes(**under_mine: tuple | None) -> dict[str, dict]:
    """The changes by base id; what mine holds per letter as value, low, high; None: nothing."""
    values = {"a": (10.0, 9.0, 11.0), "b": (0.0, 0.0, 0.0), "c": (10.0, 10.0, math.inf)}
    rows = [(f"{key}.cost@base", f"{key}.cost", "base", *of, "USD") for key, of in values.items()]
    for key, of in (values | under_mine).items():
        if of:
            rows.append((f"{key}.cost@mine", f"{key}.cost", "mine", *of, "USD"))
    names = ["number_id", "base_id", "book_id", "value", "low", "high", "unit"]
    known = pl.DataFrame(rows, schema=names, orient="row")
    return {row["base_id"]: row for row in changes_frame(CELLS, known, books()).to_dicts()}


def test_a_number_shown_under_the_baseline_is_compared_once() -> None:
    found = changes(a=(15.0, 9.0, 11.0))
    assert sorted(found) == ["a.cost", "b.cost", "c.cost"]
    row = found["a.cost"]
    assert (row["baseline_value"], row["your_value"]) == (10, 15)
    assert (row["difference"], row["ratio"]) == (5, 1.5)
    assert row["has_moved"] and not found["c.cost"]["has_moved"]


@pytest.mark.parametrize(
    ("yours", "has_moved"),
    [
        ((10.0, 9.0, 11.0), False),
        ((10.0 * (1 + 1e-15), 9.0, 11.0), False),
        ((10.000001, 9.0, 11.0), True),
        ((10.0, 8.0, 11.0), True),
        ((10.0, 9.0, math.inf), True),
        (None, True),
    ],
)
def test_a_number_has_moved_where_its_value_or_a_bound_differs(yours, has_moved) -> None:
    assert changes(a=yours)["a.cost"]["has_moved"] == has_moved


def test_nothing_is_a_multiple_of_zero() -> None:
    row = changes(b=(5.0, 5.0, 5.0))["b.cost"]
    assert (row["difference"], row["ratio"], row["has_moved"]) == (5, None, True)


def test_without_a_users_book_nothing_is_compared() -> None:
    assert changes_frame(CELLS, pl.DataFrame(), books(own=False)).is_empty()
