"""`traincost diff`: two results folders, number by number."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from cli.test_why import BOTH, refused, traincost

RENTS = "llama-3.1-405b.training.gpu_hours_printed"


@pytest.fixture
def other(built: Path, tmp_path: Path) -> Path:
    """Results in which one number is another, one is gone and one is new."""
    numbers = pl.read_parquet(built / "results/audit/numbers.parquet")
    is_both, is_rents = pl.col("number_id") == BOTH, pl.col("number_id") == RENTS
    changed = numbers.filter(~is_rents).with_columns(
        value=pl.when(is_both).then(pl.col("value") * 2).otherwise("value")
    )
    new = numbers.filter(is_rents).with_columns(number_id=pl.lit("new.number"))
    (tmp_path / "results/audit").mkdir(parents=True)
    pl.concat([changed, new]).write_parquet(tmp_path / "results/audit/numbers.parquet")
    return tmp_path


def test_the_same_results_do_not_differ(built: Path) -> None:
    done = traincost("diff", "results", "results", folder=built)
    assert done.returncode == 0
    total = len(pl.read_parquet(built / "results/audit/numbers.parquet"))
    assert done.stdout == f"all {total:,} numbers are the same in results and results\n"


def test_every_difference_is_a_line(built: Path, other: Path) -> None:
    there = str(other / "results")
    done = traincost("diff", "results", there, folder=built)
    assert done.returncode == 1
    first, *rest = done.stdout.splitlines()
    assert first == (
        f"{BOTH}: 5,870,000 USD [5,864,000 to 5,876,000] ->"
        " 11,740,000 USD [5,864,000 to 5,876,000] (x 2)"
    )
    assert rest[0].startswith(f"only in results: {RENTS} = 30,840,000 GPU-h")
    assert rest[1].startswith(f"only in {there}: new.number = 30,840,000 GPU-h")
    assert rest[2].startswith("1 of ") and "1 only in results, 1 only in" in rest[2]


def test_json_holds_the_same(built: Path, other: Path) -> None:
    done = traincost("diff", "results", str(other / "results"), "--json", folder=built)
    found = json.loads(done.stdout)
    assert [(row["number_id"], row["ratio"]) for row in found["changed"]] == [(BOTH, 2)]
    assert [row["number_id"] for row in found["only_in_first"]] == [RENTS]
    assert [row["number_id"] for row in found["only_in_second"]] == ["new.number"]


def test_a_folder_without_results_is_refused_in_words(built: Path) -> None:
    said = refused("diff", "results", "data", folder=built)
    assert "data/audit/numbers.parquet is missing: run snakemake" in said
