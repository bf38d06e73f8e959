"""A price file swapped in: any known kind prices the runs, a bad one changes nothing."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import polars as pl
import pytest
from conftest import cases, snakemake
from price_files.files import EPOCH, LISTED, MACHINE, ON_DEMAND, ONE_YEAR, SKYPILOT, csv_of, own
from test_rebuild import contents

CATALOGUE = csv_of(
    [
        MACHINE | {"SpotPrice": "10.00"},
        MACHINE | {"AcceleratorName": "", "AcceleratorCount": "", "Region": "b"},
        MACHINE | {"AcceleratorName": "T4"},
    ],
    SKYPILOT,
)
LIST = csv_of([LISTED | {ONE_YEAR: "3.00"}, LISTED | {ON_DEMAND: "", "Notes": "no price"}], EPOCH)


def run_with(project: Path, data: str | bytes, name: str = "mine.csv"):
    (project / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return snakemake(project, "--config", f"prices={name}")


def whole_cost(project: Path, book_id: str = "your-prices") -> dict:
    scopes = pl.read_parquet(project / "results/estimates/scopes.parquet")
    return scopes.filter(scope_id="v3-r1", book_id=book_id).row(0, named=True)


@pytest.mark.long
def test_a_catalogue_prices_the_runs_by_stand_ins_that_are_shown(project: Path) -> None:
    run = run_with(project, CATALOGUE)
    assert run.code == 0, run.said
    assert whole_cost(project)["cost_usd"] == pytest.approx(2_935_000 * 2.95)
    page = (project / "results/tables/price_books.html").read_text(encoding="utf-8")
    assert "H100 (form factor not stated) (stand-in)" in page
    skipped = pl.read_parquet(project / "results/ingested/skipped.parquet")
    assert skipped.select("book_id", "file", "line", "reason").rows() == [
        ("your-prices", "mine.csv", 3, "a machine without an accelerator"),
        ("your-prices", "mine.csv", 4, "its accelerator is not in data/gpus.csv"),
    ]
    quotes = pl.read_parquet(project / "results/validated/quotes.parquet")
    notes = quotes.filter(book_id="your-prices")["normalization_note"]
    assert notes.str.contains("shared by 8 accelerators").all()


@pytest.mark.long
def test_a_list_of_several_commitments_is_used_at_the_one_configured(project: Path) -> None:
    assert run_with(project, LIST).code == 0
    assert whole_cost(project)["cost_usd"] == pytest.approx(2_935_000 * 3.42)
    run = snakemake(project, "--config", "prices=mine.csv", "prices_commitment=1-year")
    assert run.code == 0, run.said
    assert whole_cost(project)["cost_usd"] == pytest.approx(2_935_000 * 3.00)


@pytest.mark.long
def test_a_catalogue_may_be_a_configured_book(project: Path) -> None:
    (project / "vms.csv").write_text(CATALOGUE)
    file = project / "config/config.yaml"
    book = (
        "  sky:\n    label: Sky\n    file: vms.csv\n    commitment: spot\n"
        "    stand_ins:\n      H800 SXM 80GB: [H100 SXM 80GB, H100 (form factor not stated)]\n"
    )
    file.write_text(file.read_text() + book)
    run = snakemake(project)
    assert run.code == 0, run.said
    assert whole_cost(project, "sky")["cost_usd"] == pytest.approx(2_935_000 * 1.25)


@pytest.mark.long
def test_a_parquet_file_gives_the_numbers_of_its_csv_file(project: Path) -> None:
    text = own({}, {"quote_date": "2024-12-01", "usd_per_gpu_hour": "2.5"})
    assert run_with(project, text).code == 0
    expected = whole_cost(project)["cost_usd"]
    frame = pl.read_csv(text.encode(), infer_schema=False)
    frame.with_columns(
        pl.col("usd_per_gpu_hour").cast(pl.Float64), pl.col("quote_date").str.to_date()
    ).write_parquet(project / "mine.parquet")
    run = snakemake(project, "--config", "prices=mine.parquet")
    assert run.code == 0, run.said
    assert whole_cost(project)["cost_usd"] == expected


@pytest.mark.long
def test_the_order_of_rows_changes_no_number(project: Path) -> None:
    header, *rows = csv_of(
        [
            LISTED | {"Vendor": vendor, "Price date": day, ON_DEMAND: price, "Number of GPUs": size}
            for vendor in ("A", "B")
            for day in ("2024-08-24", "2024-12-01")
            for price, size in (("3.42", "8"), ("3.00", "8"), ("2.00", "1"))
        ],
        EPOCH,
    ).splitlines(keepends=True)
    tables = []
    for seed in (1, 2):
        random.Random(seed).shuffle(rows)
        run = run_with(project, header + "".join(rows))
        assert run.code == 0, run.said
        tables.append((project / "results/tables/price_books.csv").read_bytes())
    assert tables[0] == tables[1]
    assert b"your-prices" in tables[0]


REFUSED = {
    "cells": (
        own({"usd_per_gpu_hour": "-1"}, {"vendor": "B", "gpu": "H8000"}).encode(),
        [
            "2 bad cells in 1 file; nothing was built from them",
            "mine.csv, line 2, column usd_per_gpu_hour: found '-1'",
            "mine.csv, line 3, column gpu: found 'H8000'; must stand in data/gpus.csv",
        ],
    ),
    "rows and cells": (
        own({"kind": "x"}).encode() + b"q9,too,short\n",
        ["mine.csv, line 2, column kind: found 'x'", "mine.csv, line 3: found 3 cells"],
    ),
    "a catalogue": (
        CATALOGUE.replace("23.60", "$23.60").encode(),
        ["mine.csv, line 2, column Price: found '$23.60'"],
    ),
    "UTF-16": (own({}).encode("utf-16"), ["mine.csv: is UTF-16; save it as UTF-8"]),
    "no header": (b"", ["mine.csv: is empty"]),
}


@pytest.mark.parametrize("kind", cases(REFUSED, often=["rows and cells"]))
def test_a_bad_file_is_refused_each_time_and_the_results_stay(
    project: Path, built: Path, kind: str
) -> None:
    data, sentences = REFUSED[kind]
    first = run_with(project, data)
    again = snakemake(project, "--config", "prices=mine.csv")
    assert first.code == again.code == 1
    assert first.last_words == again.last_words
    for sentence in sentences:
        assert sentence in first.last_words
    assert "Traceback" not in first.said
    assert contents(project) == contents(built)
    assert not list((project / "build").rglob("*.part"))


def test_a_yaml_file_is_told_from_a_table(project: Path, built: Path) -> None:
    run = snakemake(project, "--config", "prices=config/config.yaml")
    assert run.code == 1
    # its first line that is no comment
    assert "config/config.yaml, line 6: found 'as_of: 2026-11-24'" in run.last_words
    assert "It looks like YAML; `prices` takes a table" in run.last_words
    assert contents(project) == contents(built)


HOSTILE = ['=HYPERLINK("http://x","y")', "<script>alert(1)</script>", "\\input{x}", "$(touch x)"]
HOSTILE += ["../../x", "{output}", "`touch x`"]


@pytest.mark.long
def test_hostile_vendors_are_inert_everywhere(project: Path) -> None:
    before = {path.name for path in project.iterdir()} | {"mine.csv"}
    # of another GPU than any run's: the table of changes lists them by name
    rows = [{"vendor": vendor, "gpu": "L40S", "usd_per_gpu_hour": "1"} for vendor in HOSTILE]
    run = run_with(project, own({}, *rows))
    assert run.code == 0, run.said
    assert {path.name for path in project.iterdir()} == before
    html = (project / "results/tables/price_change.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    for path in (project / "results").rglob("*.html"):
        assert "<script>alert" not in path.read_text(encoding="utf-8"), path
    for path in (project / "results").rglob("*.tex"):
        assert "\\input{x}" not in path.read_text(encoding="utf-8"), path
    for path in (project / "results").rglob("*.csv"):
        assert ",=HYPERLINK" not in path.read_text(encoding="utf-8"), path
        assert ',"=HYPERLINK' not in path.read_text(encoding="utf-8"), path


NAMES = ["it's my {gpu} <b>.csv", "$(touch pwned).csv", "=1+1.csv", "-.csv"]
NAMES += ["\u4ef7\u683c.csv", "a&b%20_#.csv"]


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_a_file_may_have_any_name(project: Path, name: str) -> None:
    """A name with a colon or a brace is written with quotes for YAML."""
    (project / name).write_text(own({}))
    file = project / "config/config.yaml"
    quoted = name.replace("'", "''")
    file.write_text(file.read_text().replace('prices: ""', f"prices: './{quoted}'"))
    run = snakemake(project)
    assert run.code == 0, run.said
    assert whole_cost(project)["cost_usd"] == pytest.approx(2_935_000 * 2.75)
    assert not (project / "pwned").exists()
    page = (project / "results/tables/price_books.html").read_text(encoding="utf-8")
    assert "<b>.csv" not in page


def test_two_files_that_results_would_call_by_one_name_are_refused(
    project: Path, tmp_path: Path
) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "q.csv").write_text(own({}))
    file = project / "config/config.yaml"
    book = f"  other:\n    label: Other\n    file: {tmp_path}/a/q.csv\n"
    file.write_text(file.read_text() + book)
    run = snakemake(project, "--config", f"prices={tmp_path}/b/q.csv")
    assert run.code == 1
    assert "only as q.csv, as they do another file, that of price_books.other.file" in run.said


@pytest.mark.long
def test_what_moved_is_what_a_build_at_the_other_price_has_otherwise(
    project: Path, built: Path, tmp_path: Path
) -> None:
    """From 2.00 to 3.42: every number that is another there, and no other."""
    text = (project / "data/prices/deepseek_2usd.csv").read_text()
    at_342 = text.replace(",2,", ",3.42,", 1)
    assert at_342 != text
    other = Path(shutil.copytree(project, tmp_path / "other"))
    (other / "data/prices/deepseek_2usd.csv").write_text(at_342)
    assert snakemake(other).code == 0
    assert run_with(project, at_342).code == 0
    cells = pl.read_parquet(project / "results/tables/cells.parquet")
    table = cells.filter(table="price_change", column="yours").drop_nulls("number_id")
    listed = dict(table.select("number_id", "value").rows())
    there = dict(
        pl.read_parquet(other / "results/audit/numbers.parquet")["number_id", "value"].rows()
    )
    here = dict(
        pl.read_parquet(built / "results/audit/numbers.parquet")["number_id", "value"].rows()
    )
    shown = cells.filter(pl.col("table") != "price_change")["number_id"].unique()
    expected = {
        number_id.replace("@deepseek-2usd", "@your-prices"): there[number_id]
        for number_id in shown.drop_nulls()
        if number_id.endswith("@deepseek-2usd") and there[number_id] != here[number_id]
    }
    # there the price is that of the baseline, so that no ratio to it differs
    expected["v3-r1.total.ratio_to_baseline@your-prices"] = pytest.approx(1.71)
    assert listed == expected
    assert len(expected) > 15
    assert listed["v3-r1.total.cost_usd@your-prices"] == pytest.approx(10_037_700)
    page = (project / "results/tables/price_change.html").read_text(encoding="utf-8")
    assert "V3 and R1 together $5.87 million → $10.04 million" in page
