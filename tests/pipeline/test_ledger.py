"""The ledger through the real Snakefile."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from conftest import ROOT, copy_sources, snakemake

JOBS, QUOTES = "data/ledger/jobs.csv", "data/ledger/quotes.csv"
NOTHING = "Nothing to be done"


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with its example ledger priced; not to be changed."""
    project = copy_sources(tmp_path_factory.mktemp("priced") / "project")
    run = snakemake(project, "ledger")
    assert run.code == 0, run.said
    return project


@pytest.fixture
def ledger(priced: Path, tmp_path: Path) -> Path:
    """The same, to spoil."""
    return Path(shutil.copytree(priced, tmp_path / "project", symlinks=True))


def files(project: Path) -> dict[str, bytes]:
    """Everything in results/ledger/."""
    folder = project / "results/ledger"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def costs(project: Path) -> pl.DataFrame:
    return pl.read_parquet(project / "results/ledger/costs/*.parquet").sort("job_id")


def test_the_example_is_priced_by_one_command_and_says_so(priced: Path) -> None:
    assert len(costs(priced)) == len((ROOT / JOBS).read_text().splitlines()) - 1
    run = snakemake(priced, "ledger")
    assert NOTHING in run.said
    # 2,048 GPUs for 1,300 hours at 3.42 dollars
    v3 = costs(priced).filter(pl.col("job_id") == "v3-pretraining")
    assert v3["cost_usd"].to_list() == [9_105_408]


def test_your_own_files_are_the_default_target(ledger: Path) -> None:
    shutil.copy(ledger / JOBS, ledger / "my jobs {1}.csv")
    quotes = ledger / "quotes"
    quotes.mkdir()
    header, *rows = (ledger / QUOTES).read_text().splitlines()
    for place, part in enumerate((rows[:5], rows[5:])):
        (quotes / f"{place}.csv").write_text("\n".join([header, *part, ""]))
    run = snakemake(ledger, "--config", "usage=my jobs {1}.csv", "prices=quotes")
    assert run.code == 0, run.said
    assert "36 that have prices" in run.last_words
    assert costs(ledger).height == 39


def test_shards_change_neither_costs_nor_totals(ledger: Path) -> None:
    before, rows = files(ledger), costs(ledger)
    run = snakemake(ledger, "ledger", "--config", "ledger_shards=3")
    assert run.code == 0, run.said
    after = files(ledger)
    assert costs(ledger).equals(rows)
    assert sum(name.startswith("costs/") for name in after) == 3
    for name in ("totals/1.csv", "coverage.csv"):
        assert after[name] == before[name]


def test_a_changed_quote_prices_again_and_a_touched_file_does_not(ledger: Path) -> None:
    os.utime(ledger / QUOTES)
    assert NOTHING in snakemake(ledger, "ledger").said
    text = (ledger / QUOTES).read_text()
    (ledger / QUOTES).write_text(text.replace("2024-08-24,3.42", "2024-08-24,3.43"))
    os.utime(ledger / QUOTES, (10**9, 10**9))
    assert snakemake(ledger, "ledger").code == 0
    v3 = costs(ledger).filter(pl.col("job_id") == "v3-pretraining")
    assert v3["cost_usd"].to_list() == [pytest.approx(9_132_032, rel=1e-15)]


def test_totals_by_columns_of_the_ledger(ledger: Path) -> None:
    run = snakemake(ledger, "ledger", "--config", "ledger_totals=[[team,month],[project]]")
    assert run.code == 0, run.said
    totals = pl.read_csv(ledger / "results/ledger/totals/1.csv")
    assert totals.columns[:2] == ["team", "month"]
    assert totals["jobs"].sum() == 39
    by_project = pl.read_csv(ledger / "results/ledger/totals/2.csv")
    page = (ledger / "results/ledger/totals/1.html").read_text(encoding="utf-8")
    assert "36 of 39 jobs have a price at every second, and cost $9.59 million" in page
    assert "foundation, 2024-10" in page and "9,105,408.00" in page
    r1 = costs(ledger).filter(pl.col("project") == "r1")["cost_usd"].sum()
    assert by_project.filter(pl.col("project") == "r1")["cost_usd"].item() == pytest.approx(r1)


def test_bad_rows_stop_it_and_are_put_aside_and_the_old_results_stay(ledger: Path) -> None:
    before = files(ledger)
    text = (ledger / JOBS).read_text()
    (ledger / JOBS).write_text(text.replace(",2048,", ",2048.5,").replace(",512,", ",zero,"))
    for _ in range(2):  # and again, not only the first time
        run = snakemake(ledger, "ledger")
        assert run.code == 1
        assert f"{JOBS}, line 2, column gpu_count: found '2048.5'; must be" in run.said
        assert "3 bad cells" in run.last_words
    aside = pl.read_parquet(ledger / "build/ledger/rejects/usage-00.parquet")
    assert aside["found"].to_list() == ["2048.5", "zero", "zero"]
    assert files(ledger) == before
    (ledger / JOBS).write_text(text)
    assert snakemake(ledger, "ledger").code == 0
    assert files(ledger) == before


def test_a_ledger_with_gaps_is_refused_if_so_configured(ledger: Path) -> None:
    run = snakemake(ledger, "ledger", "--config", "ledger_unpriced=refuse")
    assert run.code == 1
    assert "found job 2002, starts before the first quote; must have a price" in run.said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["usage=data/ledger/jobs.csv"], "usage: names a ledger of jobs; prices must name"),
        (["usage=nowhere.csv", "prices=data/ledger/quotes.csv"], "there is no file nowhere.csv"),
        (["usage=docs", "prices=data/ledger/quotes.csv"], "docs is a folder without a file"),
        (["ledger_totals=[[teem]]"], "no column teem; did you mean 'team'"),
        (["ledger_totals=[[jobs]]"], "ledger_totals: jobs stands in every total"),
    ],
)
def test_mistakes_are_told(ledger: Path, options: list[str], message: str) -> None:
    (ledger / "docs").mkdir()
    run = snakemake(ledger, "ledger", "--config", *options)
    assert run.code == 1
    assert message in run.said


@pytest.mark.long
def test_a_killed_run_ends_with_the_bytes_of_an_undisturbed_one(ledger: Path) -> None:
    """Killed again and again, each time a little later."""
    arguments = ["ledger", "--config", "ledger_shards=4", "--cores", "1"]
    assert snakemake(ledger, *arguments).code == 0
    wanted = files(ledger)
    for made in ("build", "results", "logs", ".snakemake"):
        shutil.rmtree(ledger / made)
    for delay in (1.5, 2.2, 2.6, 3.0):
        process = subprocess.Popen(
            [sys.executable, "-m", "snakemake", *arguments],
            cwd=ledger,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        snakemake(ledger, "--unlock")
    run = snakemake(ledger, *arguments)
    assert run.code == 0, run.said
    assert files(ledger) == wanted


def test_files_of_one_name_in_a_folder_elsewhere_are_all_read(ledger: Path) -> None:
    """As tools write them: a folder for each day, a part-0 in each."""
    head, *lines = (ledger / JOBS).read_text().splitlines()
    elsewhere = ledger.parent / "elsewhere"
    for number, rows in enumerate((lines[:20], lines[20:])):
        folder = elsewhere / f"day={number}"
        (folder / "empty.parquet").mkdir(parents=True)
        (folder / "part-0.csv").write_text("\n".join([head, *rows, ""]))
    shutil.copy(ledger / QUOTES, elsewhere.parent / "part-0.csv")
    prices = f"prices={elsewhere.parent}/part-0.csv"
    run = snakemake(ledger, "--config", f"usage={elsewhere}", prices)
    assert run.code == 0, run.said
    assert len(costs(ledger)) == len(lines)
    read = json.loads((ledger / "results/ledger/record.json").read_text())["inputs"]
    names = {"elsewhere/day=0/part-0.csv", "elsewhere/day=1/part-0.csv", "part-0.csv"}
    assert {name for name in read if "part-0" in name} == names
    # of one name in both: the kind tells them apart
    run = snakemake(ledger, "--config", f"usage={elsewhere}/day=0/part-0.csv", prices)
    assert run.code == 0, run.said
    read = json.loads((ledger / "results/ledger/record.json").read_text())["inputs"]
    assert {"usage/part-0.csv", "quotes/part-0.csv"} <= read.keys()
    # nothing else was built, and is not missed
    assert "results/ledger/ verified" in snakemake(ledger, "verify").said
    (ledger / "results/ledger/coverage.csv").write_text("other")
    assert snakemake(ledger, "verify").code == 1


def test_verify_hashes_the_ledger_too(built: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(built, tmp_path / "project", symlinks=True))
    assert snakemake(project, "ledger").code == 0
    assert snakemake(project, "verify").code == 0
    (project / "results/ledger/coverage.csv").write_text("other")
    (project / "results/ledger/mine.csv").write_text("mine")
    run = snakemake(project, "verify")
    assert run.code == 1
    assert "results/ledger/coverage.csv: changed" in run.last_words
    assert "results/ledger/mine.csv: no rule wrote it" in run.last_words
