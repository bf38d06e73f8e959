"""Each printed total is reproduced within its printed precision, or listed as a conflict.

The list is that of the documents, independent of `data/printed_totals.csv`: a total
that nobody enters there is missed here.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

# printed total, and the figure as its document prints it
TOTALS = {
    "v3.total.gpu_hours": "2788K",
    "v3.total.cost_usd": "5.576M",
    "v3.pre-training.cost_usd": "5.328M",
    "v3.context-extension.cost_usd": "0.238M",
    "v3.post-training.cost_usd": "0.01M",
    "v3.rate": "180K",
    "r1.total.gpu_hours": "147K",
    "r1.total.cost_usd": "294K",
    "r1.zero-rl.cost_usd": "202K",
    "r1.sft-data.cost_usd": "10K",
    "r1.training.cost_usd": "82K",
    "deepseek-v2.rate": "172.8K",
    "deepseek-67b.rate": "300.6K",
    "llama-2.total.gpu_hours": "3311616",
    "llama-3.total.gpu_hours": "7.7M",
    "llama-3.1.total.gpu_hours": "39.3M",
    "llama-3.2.total-text.gpu_hours": "916k",
    "llama-3.2.total-table.gpu_hours": "833k",
    "llama-3.2-vision.total.gpu_hours": "2.02M",
    "llama-4.total.gpu_hours": "7.38M",
    "mpt-7b.total.cost_usd": "~200k",
    "olmo-3-32b.total.cost_usd": "2.75M",
    "minimax-m1.total.cost_usd": "534,700",
    "vibethinker-1.5b.total.cost_usd": "7,800",
    "z-image-6b.total.cost_usd": "~630K",
    "snowflake-arctic.total.cost_usd": "less than 2 million",
    "jetmoe-8b.total.cost_usd": "less than 0.1 million",
    "tinyllama-1.1b.per-300b-tokens.gpu_hours": "3456",
}
# of models whose total hours nobody prints
RATES_ALONE = {
    "deepseek-v2.rate",
    "deepseek-67b.rate",
    "tinyllama-1.1b.per-300b-tokens.gpu_hours",
}
CONFLICTS = {"llama-3.2.total-text.gpu_hours"}
# dollars without a price per GPU-hour: what they imply, rounded
IMPLIED = {
    "mpt-7b.total.cost_usd": "1.99",
    "minimax-m1.total.cost_usd": "2.07",
    "vibethinker-1.5b.total.cost_usd": "2.00",
    "z-image-6b.total.cost_usd": "2.01",
    "snowflake-arctic.total.cost_usd": "3.97",
    "jetmoe-8b.total.cost_usd": "3.33",
}
# printed hours beside GPUs times duration
DIFFERENT_PRODUCTS = {"bloom-176b.pre-training", "gemini-1.0-ultra.training"}


def table(built: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(built / f"results/{name}.parquet")


def test_every_printed_total_is_in_the_data(built: Path) -> None:
    entered = table(built, "validated/printed_totals")
    assert dict(entered.select("check_id", "printed_text").iter_rows()) == TOTALS


def test_each_is_reproduced_or_a_conflict_or_implies_a_price(built: Path) -> None:
    checks = {row["check_id"]: row for row in table(built, "estimates/checks").to_dicts()}
    assert checks.keys() == TOTALS.keys() - RATES_ALONE
    outcomes = {check_id: row["outcome"] for check_id, row in checks.items()}
    assert {each for each, outcome in outcomes.items() if outcome == "conflicts"} == CONFLICTS
    incomparable = {each for each, outcome in outcomes.items() if outcome == "not comparable"}
    assert incomparable == IMPLIED.keys()
    for check_id, row in checks.items():
        if outcomes[check_id] == "agrees":
            assert row["computed_low"] <= row["printed_high"], check_id
            assert row["printed_low"] <= row["computed_high"], check_id


@pytest.mark.parametrize(("check_id", "price"), IMPLIED.items())
def test_dollars_without_a_price_imply_one(built: Path, check_id: str, price: str) -> None:
    row = table(built, "estimates/checks").filter(check_id=check_id)
    assert f"{row['implied_usd_per_gpu_hour'].item():.2f}" == price


def test_printed_hours_are_gpus_times_duration_or_a_conflict(built: Path) -> None:
    found = table(built, "estimates/hour_checks").filter(outcome="conflicts")
    assert set(found["stage_id"]) == DIFFERENT_PRODUCTS


def test_the_inference_day_is_reproduced(built: Path) -> None:
    (day,) = table(built, "estimates/serving_days").to_dicts()
    outcomes = {name: text for name, text in day.items() if name.endswith("_outcome")}
    assert len(outcomes) == 5
    assert set(outcomes.values()) == {"agrees"}


def test_conflicts_are_named_in_the_table_of_models(built: Path) -> None:
    page = (built / "results/tables/models.html").read_text(encoding="utf-8")
    for conflict in CONFLICTS:
        assert conflict in page
    assert "BLOOM 176B, 1,082,990 against 1,089,677 GPU-hours" in page


def test_pictures_are_published_with_their_marks_and_words(built: Path) -> None:
    names = {path.name for path in (built / "results/pictures").iterdir()}
    assert names == {
        f"{name}.{form}"
        for name in ("cost_over_time", "factors", "swings")
        for form in ("csv", "png", "svg", "txt")
    }
    cells = table(built, "tables/cells")
    assert {"cost_over_time", "factors", "swings"} <= set(cells["table"])
