"""The headline number, for the terminal."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost import display


def headline(layers: Mapping[str, pl.DataFrame]) -> str:
    """Two lines: what R1 and V3 cost under the baseline book, and under the others."""
    books = layers["validated.books"]
    baseline = books.filter("is_baseline").row(0, named=True)
    scopes = layers["estimates.scopes"]
    cost = {
        row["scope_id"]: row["cost_usd"]
        for row in scopes.filter(pl.col("book_id") == baseline["book_id"]).iter_rows(named=True)
    }
    others = scopes.filter(
        (pl.col("scope_id") == "v3-r1")
        & (pl.col("book_id") != baseline["book_id"])
        & pl.col("cost_usd").is_not_null()
    )["cost_usd"]
    said = {
        scope: "not priced" if cost[scope] is None else display.money(cost[scope])
        for scope in ("r1", "v3", "v3-r1")
    }
    lines = [
        f"DeepSeek-R1 {said['r1']}, V3 {said['v3']}, together {said['v3-r1']} ({baseline['label']})"
    ]
    if len(others):
        ends = dict.fromkeys(display.money(cost) for cost in (others.min(), others.max()))
        books = "price book" if len(others) == 1 else "price books"
        lines.append(f"together under the other {books}: {' to '.join(ends)}")
    return "\n".join(lines)
