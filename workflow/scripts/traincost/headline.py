"""The headline number, for the terminal."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost import display
from traincost.changes import moved

WHOLE = "v3-r1"


def headline(layers: Mapping[str, pl.DataFrame], changes: pl.DataFrame) -> str:
    """What R1 and V3 cost under the baseline and the other books; five lines on a user's book."""
    books = layers["validated.books"]
    baseline = books.filter("is_baseline").row(0, named=True)
    scopes = layers["estimates.scopes"]
    cost = {
        (row["scope_id"], row["book_id"]): row["cost_usd"] for row in scopes.iter_rows(named=True)
    }
    base = baseline["book_id"]
    others = [
        value
        for (scope_id, book_id), value in cost.items()
        if scope_id == WHOLE and book_id != base and value is not None
    ]
    r1, v3, whole = (_priced(cost[scope_id, base]) for scope_id in ("r1", "v3", WHOLE))
    lines = [f"DeepSeek-R1 {r1}, V3 {v3}, together {whole} ({baseline['label']})"]
    if others:
        ends = dict.fromkeys(display.money(value) for value in (min(others), max(others)))
        many = "price book" if len(others) == 1 else "price books"
        lines.append(f"together under the other {many}: {' to '.join(ends)}")
    for own in books.filter("is_users").iter_rows(named=True):
        lines += _of_own(own, layers, changes)
    return "\n".join(lines)


def _priced(value: float | None) -> str:
    return "not priced" if value is None else display.money(value)


def _of_own(own: Mapping, layers: Mapping[str, pl.DataFrame], changes: pl.DataFrame) -> list[str]:
    book_id = own["book_id"]
    by_id = {row["base_id"]: row for row in changes.iter_rows(named=True)}
    runs = layers["estimates.scopes"].filter(
        (pl.col("book_id") == book_id)
        & pl.col("scope_id").is_in(layers["validated.stages"]["run_id"].unique().to_list())
    )
    priced = runs["cost_usd"].is_not_null().sum()
    use = layers["priced.book_use"].filter(pl.col("book_id") == book_id).row(0, named=True)
    return [
        f"{own['label']}: R1 {_step(by_id, 'r1')}, V3 {_step(by_id, 'v3')}",
        f"V3 and R1 together: {_step(by_id, WHOLE)}",
        f"{len(moved(changes))} of {len(changes)} numbers in the tables moved",
        f"{priced} of {len(runs)} runs are priced; {use['used_count']:.0f} of"
        f" {use['quote_count']:.0f} quotes are used",
        "results/tables/price_change.html lists what moved, what is not priced and why",
    ]


def _step(by_id: Mapping[str, Mapping], scope_id: str) -> str:
    change = by_id.get(f"{scope_id}.total.cost_usd")
    if change is None:
        return "not shown"
    old = display.money(change["baseline_value"])
    if change["your_value"] is None:
        return f"{old} -> not priced"
    ratio = display.number(change["ratio"], 2)
    return f"{old} -> {display.money(change['your_value'])} (x {ratio})"
