"""A total of the ledger opens down to jobs and quotes."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from conftest import copy_sources, snakemake

from traincost_cli.main import main


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = copy_sources(tmp_path_factory.mktemp("opened") / "project")
    run = snakemake(project, "ledger", "--config", "ledger_totals=[[team,month]]")
    assert run.code == 0, run.said
    return project


def said(project: Path, monkeypatch, capsys, *arguments: str) -> str:
    monkeypatch.chdir(project)
    code = main(["jobs", *arguments])
    captured = capsys.readouterr()
    assert code == (2 if captured.err else 0)
    return captured.out + captured.err


def test_every_total_is_the_sum_of_the_jobs_it_opens_to(priced, monkeypatch, capsys) -> None:
    totals = pl.read_csv(priced / "results/ledger/totals/1.csv")
    for row in totals.iter_rows(named=True):
        wanted = (f"team={row['team']}", f"month={row['month']}")
        told = said(priced, monkeypatch, capsys, *wanted)
        head = f"{row['jobs']:,} jobs, {row['priced_jobs']:,} of them priced:"
        assert told.startswith(f"{head} {row['priced_cost_usd']:,.2f} USD")
        assert told.count("  job ") == row["jobs"]


def test_every_job_opens_to_quotes_that_add_up_to_it(priced, monkeypatch, capsys) -> None:
    costs = pl.read_parquet(priced / "results/ledger/costs/00.parquet")
    lines = (priced / "data/ledger/quotes.csv").read_text().splitlines()
    for row in costs.iter_rows(named=True):
        told = said(priced, monkeypatch, capsys, "--job", row["job_id"])
        parts = re.findall(r"line (\d+): ([\d.]+) USD/GPU-h .* = ([\d,.]+) USD", told)
        for line, price, _ in parts:
            assert lines[int(line) - 1].endswith(f",{price}")
        if row["cost_usd"] is not None:
            whole = sum(float(part.replace(",", "")) for *_, part in parts)
            assert whole == pytest.approx(row["cost_usd"], abs=1e-5)
        assert f"{row['unpriced_s']:,} s without a price" in told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["teem=a"], "the ledger has no column teem; did you mean 'team'"),
        (["team"], "team names no value; write COLUMN=VALUE"),
        (["--job", "nobody"], "the ledger has no job nobody"),
        (["--job", "2002", "--prices", "/nope"], "/nope: there is no such file"),
        (["--job", "2002", "--prices", "data/gpus.csv"], "is not among the files that this"),
        (["--results", "nowhere"], "nowhere/ledger/ holds no priced ledger"),
    ],
)
def test_mistakes_are_told(priced, monkeypatch, capsys, arguments, message) -> None:
    assert message in said(priced, monkeypatch, capsys, *arguments)
