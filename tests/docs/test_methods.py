"""docs/methods.md agrees with the code, the data and the results."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
import yaml

from docs.markdown import prose, rows, text_of
from traincost import display, printed
from traincost.declarations.data_files import HOURS_BASIS


@pytest.fixture(scope="module")
def methods() -> str:
    return text_of("docs/methods.md")


def table(built: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(built / f"results/{name}.parquet")


def test_the_qualifiers_listed_are_those_the_parser_knows(methods) -> None:
    listed = [
        set(re.findall(r"`([^`]+)`", row[0])) for row in rows(methods, "Words before a figure")
    ]
    assert listed == [set(printed.ABOUT), set(printed.BELOW), set(printed.ABOVE)]


def test_the_precision_table_is_what_the_parser_does(methods) -> None:
    for text, low, high, _ in rows(methods, "Printed"):
        figure = printed.measured(text.strip("`"))
        shown = (display.number(float(figure.low)), display.number(figure.high_number))
        assert shown == (low, high), text


def test_the_kinds_of_hours_are_those_declared(methods) -> None:
    listed = [row[0].strip("`") for row in rows(methods, "`hours_basis`")]
    assert sorted(listed) == sorted(HOURS_BASIS)


def test_a_month_and_a_year_are_as_long_as_told(methods) -> None:
    month, year = (printed.HOURS_PER[unit] / 24 for unit in ("month", "year"))
    assert f"A month is {month.normalize()} days, a year {year.normalize()}." in methods


def test_the_two_ways_to_r1_are_those_computed(methods, built: Path) -> None:
    r1 = table(built, "estimates/scopes").filter(scope_id="r1", book_id="deepseek-2usd")
    row = r1.row(0, named=True)
    names = (("gpu_hours", "cost_usd"), ("gpu_hours_unrounded", "cost_unrounded_usd"))
    for told, (hours, cost) in zip(rows(methods, ""), names, strict=True):
        low, high = (display.number(row[f"{cost}_{side}"]) for side in ("low", "high"))
        assert told[1] == display.number(row[hours])
        assert told[2] == f"${display.number(row[cost])} [{low}–{high}]"
    low, high = (display.number(row[f"gpu_hours_unrounded_{side}"]) for side in ("low", "high"))
    assert f"{low} to {high} hours" in prose(methods)


def test_the_words_before_r1s_durations_are_those_in_the_data(methods, built: Path) -> None:
    stages = table(built, "validated/stages").filter(run_id="r1")
    for row in stages.filter(pl.col("wall_hours").is_not_null()).iter_rows(named=True):
        qualifier, number, _ = row["wall_hours_text"].split()
        assert f'"{qualifier}" {number}' in methods
        low, high = (f"{row[f'wall_hours_{side}']:g}" for side in ("low", "high"))
        assert f"{low} to {high}" in prose(methods)


def test_windows_begin_and_end_when_told(methods, built: Path) -> None:
    stages = table(built, "priced/stages").filter(pl.col("run_id").is_in(["v3", "r1"]))
    spans = {
        run_id: (rows["window_start"].min(), rows["window_end"].max())
        for (run_id,), rows in stages.group_by("run_id")
    }
    v3, r1 = spans["v3"], spans["r1"]
    assert f"V3 then begins on {v3[0]:%Y-%m-%d} and R1 on {r1[0]:%Y-%m-%d}" in methods
    assert f"V3 on {v3[1]:%Y-%m-%d}, R1 on {r1[1]:%Y-%m-%d}" in methods
    windows = {row["run_id"]: row for row in table(built, "validated/windows").to_dicts()}
    counts = [display.number(windows[run]["window_gpu_count"]) for run in ("v3", "r1")]
    assert f"{counts[0]} for V3, {counts[1]} for R1" in methods


def test_the_age_of_a_quote_is_the_configured_one(methods) -> None:
    days = yaml.safe_load(text_of("config/config.yaml"))["quote_max_age_days"]
    assert f"at most {days} days (`quote_max_age_days`)" in methods
    assert f"lapses after {days} days" in methods


def test_the_conflict_told_is_the_only_one(methods, built: Path) -> None:
    conflicts = table(built, "estimates/checks").filter(outcome="conflicts")["check_id"].to_list()
    assert len(conflicts) == 1
    assert f"One check conflicts: `{conflicts[0]}`" in methods


def test_what_is_told_of_h800_quotes_is_in_the_book(methods, built: Path) -> None:
    quotes = table(built, "validated/quotes").filter(book_id="h800-quotes").sort("quote_date")
    assert quotes["vendor"].unique().to_list() == ["CR8DL"]
    assert len(quotes) == 2 and quotes["usd_per_gpu_hour"].n_unique() == 1
    apart = (quotes["quote_date"][1] - quotes["quote_date"][0]).days
    assert f"{apart} days apart" in methods


def test_what_is_told_of_weak_rows_is_in_the_data(methods, built: Path) -> None:
    stages = table(built, "validated/stages")
    third = stages.filter(hours_basis="third-party")
    assert f"{len(third)} of the {len(stages)} stages" in methods
    assert {"gpt-4", "gemini-1.0-ultra", "grok-3"} <= set(third["run_id"])
    r1 = stages.filter(run_id="r1")
    transcribed = r1.filter(pl.col("read_via").str.contains("transcription"))
    assert len(transcribed) == 2 and "hours of two stages were read in transcriptions" in methods
    doubtful = table(built, "validated/purchase_quotes").filter(
        pl.col("note").str.starts_with("Doubtful")
    )
    assert len(doubtful) == 3 and 'Three are marked "Doubtful"' in methods
    index = table(built, "validated/quotes").filter(book_id="h100-list")
    single = index.filter(pl.col("note").str.starts_with("1 provider"))
    assert len(single) == 2 and "Two months of the on-demand series have one provider" in methods


def test_the_worked_check_is_told_to_the_dollar(methods, built: Path) -> None:
    owned = table(built, "estimates/ownership").filter(work_id="gpt-4-epoch", set_id="epoch-2025")
    assert (
        f"GPT-4 (`gpt-4-epoch`) comes to ${display.number(owned['owned_cost_usd'][0])}" in methods
    )
    share = owned["replacement_per_year"][0]
    assert f"0.14 × ln 10, or {display.percent(share, 0)}%" in methods
    years = table(built, "estimates/purchases").filter(pl.col("work_id").is_in(["v3", "r1"]))
    assert (years["quote_distance_days"] < 0).all() and "later than V3 and R1" in methods


def test_what_a_bill_leaves_out_is_told(methods, built: Path) -> None:
    told = prose(methods)
    for word in ("A100", "reward models", "distilled models", "failed"):
        assert word in told
    left_out = " ".join(table(built, "validated/scopes")["leaves_out"])
    for word in ("A100", "reward models", "distilled models", "failed"):
        assert word in left_out
