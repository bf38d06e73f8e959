"""A reader with the dictionary alone understands every Parquet file."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from traincost.dictionary import LAYERS, dictionary, layer_tables

TYPES = {
    "text": pl.String,
    "date": pl.Date,
    "time, UTC": pl.Datetime("us"),
    "number": pl.Float64,
    "whole number": pl.Int64,
    "true or false": pl.Boolean,
    "list of ids": pl.List(pl.String),
}
# numbers that only order or point
ORDINALS = {"line", "article_line", "repeats_line", "stage_order", "book_order", "value_order"}
ORDINALS |= {"stand_in_order", "rung_order"}


def sections(text: str) -> dict[str, dict]:
    """What the Markdown says: file to its prose, its key and its columns."""
    found = {}
    for section in text.split("\n### ")[1:]:
        name, prose, table = section.split("\n\n")[:3]
        rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
        columns = {cells[0].strip("`"): cells[1:] for cells in rows}
        key = re.findall(r"`(\w+)`", prose.split("Key: ")[1])
        found[name] = {"prose": prose, "key": key, "columns": columns}
    return found


@pytest.fixture(scope="module")
def told(built: Path) -> dict[str, dict]:
    return sections((built / "results/audit/dictionary.md").read_text(encoding="utf-8"))


def parquet_files(built: Path) -> dict[str, Path]:
    results = built / "results"
    return {str(path.relative_to(results)): path for path in results.glob("*/*.parquet")}


def test_it_tells_of_the_files_there_and_of_no_other(told, built: Path) -> None:
    assert sorted(told) == sorted(parquet_files(built))
    assert len(told) == sum(len(tables) for tables in layer_tables().values())


def test_every_column_is_told_in_order_with_its_type_and_meaning(told, built: Path) -> None:
    for name, path in parquet_files(built).items():
        schema = pl.read_parquet_schema(path)
        assert list(told[name]["columns"]) == list(schema), name
        for column, (kind, _, empty, meaning, *_) in told[name]["columns"].items():
            assert schema[column] == TYPES[kind], f"{name}: {column}"
            assert len(meaning.split()) >= 2 or column.endswith("_id"), f"{name}: {column}"
            assert empty in ("yes", "no")


def test_every_number_has_a_unit(told) -> None:
    without = {
        f"{name}: {column}"
        for name, section in told.items()
        for column, (kind, unit, *_) in section["columns"].items()
        if kind in ("number", "whole number") and not unit and column not in ORDINALS
    }
    assert not without


def test_what_may_not_be_empty_is_not(told, built: Path) -> None:
    for name, path in parquet_files(built).items():
        nulls = pl.read_parquet(path).null_count().row(0, named=True)
        must = [column for column, cells in told[name]["columns"].items() if cells[2] == "no"]
        assert [column for column in must if nulls[column]] == [], name


def test_the_key_told_is_unique(told, built: Path) -> None:
    for name, path in parquet_files(built).items():
        frame = pl.read_parquet(path)
        # empty as long as no prices or assumptions of a user's own are configured
        assert len(frame) > 0 or name in (
            "ingested/notes.parquet",
            "ingested/skipped.parquet",
            "tables/changes.parquet",
            "tables/assumption_changes.parquet",
        )
        key = told[name]["key"]
        if key == ["file", "line"] and "book_id" in frame.columns:
            key = ["book_id", *key]  # two books may read one file
        assert not frame.select(key).is_duplicated().any(), name


def test_words_allowed_are_the_words_there(told, built: Path) -> None:
    seen = 0
    for name, path in parquet_files(built).items():
        for column, cells in told[name]["columns"].items():
            listed = re.search(r"\(one of: ([^)]+)\)", cells[3])
            if listed:
                seen += 1
                there = set(pl.read_parquet(path)[column].drop_nulls())
                assert there <= set(listed[1].split(", ")), f"{name}: {column}"
    assert seen > 8


def test_a_formula_told_gives_the_column(told, built: Path) -> None:
    path = parquet_files(built)["priced/stages.parquet"]
    formula = told["priced/stages.parquet"]["columns"]["cost_usd"][4].strip("`")
    assert formula == "gpu_hours * usd_per_gpu_hour"
    frame = pl.read_parquet(path)
    assert frame.select(pl.sql_expr(formula)).to_series().equals(frame["cost_usd"])


def test_it_opens_with_every_layer_in_order() -> None:
    headings = re.findall(r"^## (\w+)$", dictionary(), re.MULTILINE)
    assert headings == [layer for layer, _ in LAYERS] == list(layer_tables())
