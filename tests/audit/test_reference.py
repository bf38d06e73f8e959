"""A second implementation, in fractions and without the package, finds the same numbers."""

from __future__ import annotations

import ast
import csv
import math
import random
import sys
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import snakemake

from audit.in_memory import inputs_of
from audit.reference import RECOMPUTED, SAMPLED
from audit.reference_data import Data

HERE = Path(__file__).parent
OF_THE_REFERENCE = ("reference.py", "reference_claims.py", "reference_data.py")
OF_THE_REFERENCE += ("reference_field.py", "reference_counts.py", "printed_figures.py")
OF_THE_REFERENCE += ("reference_owner.py", "reference_rent.py", "reference_ladder.py")
OF_THE_REFERENCE += ("reference_spread.py",)
RELATIVE, OF_DRAWS = 1e-9, 0.02


# what a table counts itself has no column of its own: by id
COUNTED = {name.removeprefix("tables."): name for name in RECOMPUTED if name.startswith("tables.")}


def published(project: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """The numbers of a built project by column, then by id."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in pl.read_parquet(project / "results/audit/numbers.parquet").iter_rows(named=True):
        own = f"{row['layer']}.{row['table']}.{row['column']}"
        column = COUNTED.get(row["number_id"], own)
        found.setdefault(column, {})[row["number_id"]] = row
    return found


def disagreements(project: Path) -> list[str]:
    """Every number that the second implementation finds otherwise, as sentences."""
    cells = pl.read_parquet(project / "results/tables/cells.parquet")
    shown = cells.filter(pl.col("table") != "price_change")["number_id"].drop_nulls().unique()
    data = Data(project, inputs_of(project).config, shown)
    theirs = published(project)
    wrong = []
    for column, recompute in RECOMPUTED.items():
        ours = {number_id: number for number_id, number in recompute(data) if number is not None}
        ids = theirs.get(column, {})
        wrong += [f"{each} is published only" for each in ids.keys() - ours.keys()]
        wrong += [f"{each} is recomputed only" for each in ours.keys() - ids.keys()]
        if column in SAMPLED:
            wrong += [
                f"{each}: {ids[each]['value']} is not from {ours[each].low} to {ours[each].high}"
                for each in ids.keys() & ours.keys()
                if not ours[each].low <= ids[each]["value"] <= ours[each].high
            ]
            continue
        has_bounds = any(row["low"] is not None for row in ids.values())
        parts = ("value", "low", "high", "date") if has_bounds else ("value", "date")
        wrong += [
            f"{each}, {part}: {getattr(ours[each], part)} here, {ids[each][part]} there"
            for each in ids.keys() & ours.keys()
            for part in parts
            if not agree(getattr(ours[each], part), ids[each][part], tolerance(each))
        ]
    return sorted(wrong)


def tolerance(number_id: str) -> float:
    """What prices change of a quantile is known to less: though both sides share their draws."""
    return OF_DRAWS if number_id.startswith("price_change.spread.") else RELATIVE


def agree(expected: Any, found: Any, relative: float = RELATIVE) -> bool:
    if expected is None or found is None or isinstance(found, date):
        return expected == found
    return math.isclose(float(expected), found, rel_tol=relative)


def test_every_number_is_recomputed_and_agrees(built: Path) -> None:
    assert disagreements(built) == []


def test_no_number_is_left_to_the_pipeline_alone(built: Path) -> None:
    missing = {
        column: sorted(rows)
        for column, rows in published(built).items()
        if column not in RECOMPUTED
    }
    assert not missing, f"tests/audit/reference.py recomputes none of: {missing}"


def test_a_number_that_differs_is_named(built: Path, monkeypatch) -> None:
    column = "estimates.scopes.cost_usd"
    whole = RECOMPUTED[column]

    def slightly_wrong(data: Data):
        for number_id, cost in whole(data):
            yield number_id, cost and replace(cost, value=cost.value * Fraction("1.00000001"))

    monkeypatch.setitem(RECOMPUTED, column, slightly_wrong)
    found = disagreements(built)
    assert "r1.total.cost_usd@deepseek-2usd, value: " in " ".join(found)
    assert len(found) == len(published(built)[column])


@pytest.mark.parametrize("name", OF_THE_REFERENCE)
def test_the_second_implementation_shares_no_code(name: str) -> None:
    tree = ast.parse((HERE / name).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for imported in names:
            is_own = imported.removeprefix("audit.") + ".py" in OF_THE_REFERENCE
            is_foreign = imported.partition(".")[0] in {*sys.stdlib_module_names, "numpy"}
            assert is_own or is_foreign, imported


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_it_agrees_on_other_quotes_dates_and_settings(project: Path, seed: int) -> None:
    """With prices, dates and words changed at random: gaps, lapses, medians of many."""
    chance = random.Random(seed)
    for file in sorted((project / "data/prices").glob("*.csv")):
        taken: set[tuple[str, ...]] = set()
        edit(file, lambda row, taken=taken: shake_quote(row, chance, taken))
    edit(project / "data/windows.csv", lambda row: shift(row, "window_end", chance, 120))
    edit(project / "data/stages.csv", lambda row: shake_stage(row, chance))
    settings = {
        "baseline: deepseek-2usd": "baseline: h100-sxm-list",
        'prices: ""': "prices: data/prices/deepseek_2usd.csv",
        "quote_max_age_days: 180": f"quote_max_age_days: {(45, 400)[seed % 2]}",
        "file: data/prices/a100_list.csv": "file: data/prices/a100_list.csv\n"
        '    stand_ins: {"*": A100 SXM 80GB, H800 SXM 80GB: A100 SXM 40GB}',
    }
    config = project / "config/config.yaml"
    text = config.read_text(encoding="utf-8")
    for old, new in settings.items():
        assert old in text
        text = text.replace(old, new)
    config.write_text(text, encoding="utf-8")
    run = snakemake(project)
    assert run.code == 0, run.said
    assert disagreements(project) == []


def edit(file: Path, change: Any) -> None:
    with file.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    for row in rows:
        change(row)
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def shake_quote(row: dict[str, str], chance: random.Random, taken: set[tuple[str, ...]]) -> None:
    price = float(row["usd_per_gpu_hour"]) * chance.uniform(0.5, 1.5)
    row["usd_per_gpu_hour"] = f"{price:.{chance.randint(1, 6)}f}"
    series = tuple(row[name] for name in ("gpu", "vendor", "region", "commitment"))
    shift(row, "quote_date", chance, 40)
    while (*series, row["quote_date"]) in taken:  # two of a vendor on a day are refused
        shift(row, "quote_date", chance, 40)
    taken.add((*series, row["quote_date"]))
    row |= {"price_per_gpu_hour": "", "currency": ""}
    if "2024-10-01" <= row["quote_date"] <= "2025-02-28" and chance.random() < 0.5:
        row |= {"usd_per_gpu_hour": "", "currency": "CNY", "price_per_gpu_hour": f"{7 * price:.3f}"}


def shift(row: dict[str, str], column: str, chance: random.Random, days: int) -> None:
    if row[column]:
        moved = date.fromisoformat(row[column]) + timedelta(days=chance.randint(-days, days))
        row[column] = moved.isoformat()


def shake_stage(row: dict[str, str], chance: random.Random) -> None:
    words = ("", "", "", "about ", "at least ", "less than ", "~")
    if row["gpu_hours_printed"][:1].isdigit():
        row["gpu_hours_printed"] = chance.choice(words) + row["gpu_hours_printed"]
