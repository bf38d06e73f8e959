"""Conflicts: values used are the pipeline's, and failed checks join by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import polars as pl
import pytest

from traincost.claims import claims_layer
from traincost.declarations import DATA_FILES
from traincost.errors import UserError
from traincost.pipeline import validated
from unit.test_claims import base, raw

RELEASE = "llama-3.2-1b.training.release_date"
ROW = {
    "conflict_id": "count",
    "value_order": "1",
    "item": "A count",
    "printed": "64*8",
    "unit": "GPUs",
    "printed_by": "us",
    "is_used": "yes",
    "number": "r1.zero-rl.gpu_count",
    "why": "so",
    "source_id": "deepseek-r1-nature",
    "status": "unverified",
}


@cache
def ours() -> pl.DataFrame:
    return claims_layer(base())["conflicts"]


def conflicts_of(*rows: Mapping[str, str]) -> pl.DataFrame:
    tables, config = raw()
    blank = dict.fromkeys(DATA_FILES["conflicts"].raw_header(), "")
    tables["conflicts"] = pl.DataFrame(
        [
            {"file": "data/conflicts.csv", "line": line} | blank | ROW | row
            for line, row in enumerate(rows, start=2)
        ]
    )
    return claims_layer(base() | validated(tables, config))["conflicts"]


def test_every_value_beside_the_one_used() -> None:
    rows = ours().filter(conflict_id="r1-gpu-count").to_dicts()
    assert [row["printed"] for row in rows] == [512, 648, 648, 648]
    assert [row["is_used"] for row in rows] == [True, False, False, False]
    assert rows[1]["ratio_to_used"] == 648 / 512
    assert rows[0]["number_id"] == "r1.zero-rl.gpu_count"


def test_a_ratio_needs_one_unit() -> None:
    rows = ours().filter(conflict_id="deepseek-v2-hours").to_dicts()
    assert [row["ratio_to_used"] for row in rows] == [1, None]


def test_a_printed_total_that_fails_its_check_joins_by_itself() -> None:
    found = ours().filter(found_by="check")
    failed = base()["estimates.checks"].filter(outcome="conflicts")["check_id"].to_list()
    assert failed == ["llama-3.2.total-text.gpu_hours"]
    assert found["conflict_id"].to_list() == [f"check.{failed[0]}"] * 2
    printed, added = found.to_dicts()
    shown = (printed["printed_text"], printed["held"], printed["is_used"])
    assert shown == ("916k", 916_000, False)
    # 370k + 1.7 + 1.3k + 460k + 2.4 + 1.6k + 86k
    assert added["held"] == pytest.approx(918_904.1)
    assert added["is_used"]
    assert printed["ratio_to_used"] == pytest.approx(916_000 / 918_904.1)


def test_no_such_total_is_entered_by_hand() -> None:
    by_hand = ours().filter(found_by="data")
    assert "916k" not in by_hand["printed_text"].to_list()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": "r1.zero-rl.gpu_counts"}, "must be the id of a number, without its price book"),
        ({"number": "r1.total.cost_usd"}, "must be a number that depends on no price book"),
        ({"is_used": "no"}, "column number: found 'r1.zero-rl.gpu_count'; must be empty where"),
        ({"printed": "many"}, "column printed: found 'many'; must be a figure"),
        ({"unit": "date", "printed": "24 October"}, "must be a date of the calendar"),
    ],
)
def test_a_row_that_cannot_be_is_refused_in_words(changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(UserError) as error:
        conflicts_of(changes)
    assert "data/conflicts.csv, line 2" in str(error.value)
    assert sentence in str(error.value)


def test_one_value_of_a_thing_is_used_and_its_name_is_one() -> None:
    with pytest.raises(UserError) as error:
        conflicts_of({}, {"value_order": "2", "item": "Another"})
    assert "column is_used: found 'yes'; must be yes once: also in line 2" in str(error.value)
    assert "column item: found 'Another'; must be the same in every row" in str(error.value)


def test_every_value_said_to_be_the_pipelines_is() -> None:
    named = ours().filter(pl.col("found_by") == "data", pl.col("number_id").is_not_null())
    assert len(named) > 15
    assert named["is_current"].all()


@pytest.mark.parametrize(
    ("changes", "is_current"),
    [
        ({}, True),
        ({"printed": "648"}, False),
        ({"unit": "date", "printed": "2024-09-25", "number": RELEASE}, True),
        ({"unit": "date", "printed": "2024-10-24", "number": RELEASE}, False),
        ({"number": ""}, None),
    ],
)
def test_a_value_that_the_data_no_longer_hold_is_marked(
    changes: dict[str, str], is_current: bool | None
) -> None:
    found = conflicts_of(changes).filter(found_by="data")
    assert found["is_current"].to_list() == [is_current]
