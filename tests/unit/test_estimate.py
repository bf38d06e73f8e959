"""Stages added up to bills and shares."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traincost.estimate import estimate, scope_members
from unit.world import book, layers, quotes_csv, standard


def priced(*stages: tuple) -> pl.DataFrame:
    """Stages under one book: stage, run, cost with bounds."""
    names = ("stage_id", "run_id", "cost_usd", "cost_usd_low", "cost_usd_high")
    frame = pl.DataFrame(stages, schema=list(names), orient="row")
    hours = ("gpu_hours", "gpu_hours_unrounded", "cost_unrounded_usd")
    return frame.with_columns(
        pl.lit("b").alias("book_id"),
        *(
            pl.col(f"cost_usd{bound}").fill_null(1).alias(f"{name}{bound}")
            for name in hours
            for bound in ("", "_low", "_high")
        ),
        quote_ids=pl.lit(["q"]),
        quote_gpu=pl.lit("g"),
        is_stand_in=pl.lit(False),
        quote_age_days=pl.lit(None, pl.Float64),
        unpriced_because=pl.when(pl.col("cost_usd").is_null()).then(pl.lit("gap")),
    )


SCOPES = pl.DataFrame({"scope_id": ["both", "r"], "run_ids": ["r s", "r"]})
BOOKS = pl.DataFrame({"book_id": ["b"], "is_baseline": [True]})
NO_TOTALS = standard()["validated.printed_totals"].clear()


def bills(*stages: tuple) -> tuple[dict, dict]:
    found = estimate(
        {
            "priced.stages": priced(*stages),
            "validated.scopes": SCOPES,
            "validated.books": BOOKS,
            "validated.printed_totals": NO_TOTALS,
        }
    )
    scopes = {row["scope_id"]: row for row in found["scopes"].iter_rows(named=True)}
    shares = {
        (row["scope_id"], row["member_id"]): row for row in found["shares"].iter_rows(named=True)
    }
    return scopes, shares


def test_every_run_is_a_scope_and_a_scope_may_hold_several() -> None:
    frame = pl.DataFrame({"run_id": ["r", "r", "s"], "stage_id": ["r.1", "r.2", "s.1"]})
    members = scope_members(frame, SCOPES)
    assert members.select("scope_id", "stage_id").rows() == [
        ("both", "r.1"),
        ("both", "r.2"),
        ("both", "s.1"),
        ("r", "r.1"),
        ("r", "r.2"),
        ("s", "s.1"),
    ]


def test_a_bill_adds_up_values_and_bounds() -> None:
    scopes, shares = bills(("r.1", "r", 10.0, 9.0, 11.0), ("s.1", "s", 30.0, 20.0, 40.0))
    both = scopes["both"]
    assert (both["cost_usd"], both["cost_usd_low"], both["cost_usd_high"]) == (40, 29, 51)
    assert both["stage_ids"] == ["r.1", "s.1"]
    share = shares["both", "r"]
    assert share["share"] == 0.25
    assert (share["share_low"], share["share_high"]) == pytest.approx((9 / 49, 11 / 31))


def test_one_stage_without_a_price_leaves_every_bill_it_is_in_without_a_total() -> None:
    scopes, shares = bills(("r.1", "r", 10.0, 9.0, 11.0), ("s.1", "s", None, None, None))
    assert scopes["both"]["cost_usd"] is scopes["s"]["cost_usd"] is None
    assert scopes["both"]["unpriced_because"] == "s.1: gap"
    assert scopes["r"]["cost_usd"] == 10
    assert shares["both", "r.1"]["share"] is None
    assert shares["both", "r.1"]["other_cost_usd"] is None
    assert shares["r", "r.1"]["share"] == 1


def test_a_stage_without_an_upper_bound_leaves_the_others_theirs() -> None:
    _, shares = bills(("r.1", "r", 10.0, 10.0, math.inf), ("s.1", "s", 30.0, 20.0, 40.0))
    open_ended, other = shares["both", "r.1"], shares["both", "s.1"]
    assert open_ended["other_cost_usd_high"] == 40
    assert (open_ended["share_low"], open_ended["share_high"]) == (0.2, 1)
    assert other["other_cost_usd_high"] == math.inf
    assert (other["share_low"], other["share_high"]) == (0, 0.8)
    alone = shares["r", "r.1"]
    assert [alone[f"other_cost_usd{bound}"] for bound in ("", "_low", "_high")] == [0, 0, 0]


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(1, 1e9), st.floats(0, 1e6)), min_size=2, max_size=6))
def test_shares_of_a_bill_add_up_to_one(drawn: list) -> None:
    stages = [
        (f"{'rs'[place % 2]}.{place}", "rs"[place % 2], cost, cost - min(cost, off), cost + off)
        for place, (cost, off) in enumerate(drawn)
    ]
    _, shares = bills(*stages)
    for kind in ("stage", "run"):
        members = [
            row
            for (scope, _), row in shares.items()
            if scope == "both" and row["member_kind"] == kind
        ]
        assert sum(row["share"] for row in members) == pytest.approx(1)
        for row in members:
            assert row["share_low"] <= row["share"] * (1 + 1e-12)
            assert row["share"] <= row["share_high"] * (1 + 1e-12)
            assert row["member_id"] not in row["other_ids"]


def test_no_number_of_the_estimates_is_not_a_number() -> None:
    for name in ("scopes", "shares", "checks"):
        frame = standard()[f"estimates.{name}"]
        floats = frame.select(pl.col(pl.Float64))
        wrong = frame.filter(pl.any_horizontal(floats.select(pl.all().is_nan())))
        assert wrong.is_empty(), name


def test_the_ratio_is_to_the_configured_baseline() -> None:
    books = {
        "cheap": book("Cheap", quotes_csv({"usd_per_gpu_hour": "1"})),
        "dear": book("Dear", quotes_csv({"usd_per_gpu_hour": "4"})),
    }
    for baseline, ratio in (("cheap", 4), ("dear", 1)):
        scopes = layers(books=books, baseline=baseline)["estimates.scopes"]
        row = scopes.row(
            by_predicate=(pl.col("scope_id") == "r1") & (pl.col("book_id") == "dear"), named=True
        )
        assert row["ratio_to_baseline"] == ratio
