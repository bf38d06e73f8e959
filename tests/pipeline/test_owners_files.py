"""A user's own assumptions, runs and purchase quotes, by configuration alone."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from conftest import snakemake

BUILT = ("--config", "assumptions=a.csv", "assumption_set=mine", "owned_runs=r.csv")
BUILT += ("purchase_quotes=q.csv",)
RUN = {
    "work_id": "my-run",
    "run_id": "",
    "gpu": "A100 SXM 40GB",
    "gpu_hours": "1000",
    "gpu_count": "8",
}
RUN |= {"gpu_hours_step": "1", "start_date": "2020-06-01", "label": "Mine"}
QUOTE = {"quote_id": "my-quote", "quote_date": "2020-05-22", "usd_per_gpu": "10000"}
QUOTE |= {"price_printed": "10000"}


def write(project: Path, name: str, target: str, change: dict[str, str], key: str) -> None:
    """A file of the user: the row of the project that `key` begins, changed."""
    with (project / f"data/{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    chosen = [row | change for row in rows if next(iter(row.values())).startswith(key)]
    with (project / target).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(chosen)


def test_they_stand_beside_those_of_the_project(project: Path) -> None:
    write(project, "assumptions", "a.csv", {"set_id": "mine"}, "default")
    text = (project / "a.csv").read_text(encoding="utf-8")
    (project / "a.csv").write_text(text.replace(",1.25,1.12,1.4,", ",1.3,1.12,1.4,"), "utf-8")
    write(project, "owned_runs", "r.csv", RUN, "gpt-4-epoch")
    write(project, "purchase_quotes", "q.csv", QUOTE, "nvidia-a100")
    run = snakemake(project, *BUILT)
    assert run.code == 0, run.said
    owned = pl.read_parquet(project / "results/estimates/ownership.parquet")
    mine = owned.filter(work_id="my-run")
    assert mine["set_id"].to_list() == ["default", "epoch-2025", "mine"]
    # nearest before its start, and new: it is there from 90 days after the release on
    assert mine["usd_per_gpu"].to_list() == [10_000] * 3
    assert mine["aged_days"].to_list() == [0] * 3
    servers = 10_000 * 0.14 * 2.302585092994046 / 8766 * 1000
    energy = 0.4 * (6.5 / 8 / 0.4) * 0.75 * 1000 * 0.0806
    for row, pue in zip(mine.to_dicts(), (1.25, 1.25, 1.3), strict=True):
        wanted = servers / 0.81 + energy * pue
        assert abs(row["owned_cost_usd"] / wanted - 1) < 1e-9
    page = (project / "results/tables/method_bridge.csv").read_text(encoding="utf-8")
    assert "my-run.owned.mine.owned_cost_usd" in page
    assert ".owned.default." not in page
    moved = (project / "results/tables/assumption_change.csv").read_text(encoding="utf-8")
    # the PUE of whom no other applies to, and nothing that does not read it
    assert "my-run.owned.mine.energy_cost_usd" in moved
    assert "v3.owned.mine" not in moved


def test_a_mistake_in_them_is_refused_with_file_and_line(project: Path) -> None:
    write(project, "assumptions", "a.csv", {"set_id": "mine", "central": "much"}, "default")
    run = snakemake(project, "--config", "assumptions=a.csv")
    assert run.code != 0
    assert "a.csv, line 2, column central: found 'much'; must be a number" in run.said


def test_a_row_for_a_set_of_the_project_is_refused(project: Path) -> None:
    write(project, "assumptions", "a.csv", {"assumption_id": "mine", "applies_to": "Meta"}, "def")
    run = snakemake(project, "--config", "assumptions=a.csv")
    assert run.code != 0
    assert "a.csv, line 2, column set_id: found 'default'; must not be a set of data/" in run.said


@pytest.mark.long
def test_accelerators_that_the_project_knows_little_of_take_a_file(project: Path) -> None:
    """A P100, of which only the price of a server is told."""
    gpu, made = "P100 (form factor not stated)", "p100-mine"
    run = RUN | {"gpu": gpu, "start_date": "2017-01-01", "release_date": "2017-06-01"}
    write(project, "owned_runs", "r.csv", run, "gpt-4-epoch")
    quote = QUOTE | {"gpu": gpu, "quote_date": "2016-08-01", "sold_as": "card"}
    write(project, "purchase_quotes", "q.csv", quote, "nvidia-a100")
    write(project, "hardware", "h.csv", {"gpu": gpu}, "a100-sxm-40gb.release")
    text = (project / "h.csv").read_text(encoding="utf-8").replace("2020-05-14", "2016-04-05")
    power = text.splitlines()[1].replace("a100-sxm-40gb.release-date", f"{made}.tdp")
    power = power.replace("release_date,,2016-04-05,date,2016-04-05", "tdp,300,,W,300")
    text = text.replace("a100-sxm-40gb", made) + power + "\n"
    (project / "h.csv").write_text(text, encoding="utf-8")
    files = ("owned_runs=r.csv", "purchase_quotes=q.csv", "hardware=h.csv")
    run = snakemake(project, "--config", *files, "assumption_set=epoch-2025")
    assert run.code == 0, run.said
    owned = pl.read_parquet(project / "results/estimates/ownership.parquet")
    row = owned.filter(work_id="my-run", set_id="epoch-2025").row(0, named=True)
    left = 10_000 * 1.54 * 10 ** (-0.14 * 153 / 365.25)
    servers = left * 0.14 * 2.302585092994046 / 8766 * 1000 / 0.81
    energy = 0.3 * 1.8 * 0.75 * 1.25 * 1000 * 0.0688
    assert abs(row["owned_cost_usd"] / (servers + energy) - 1) < 1e-9


def test_a_set_that_is_in_no_file_is_refused(project: Path) -> None:
    run = snakemake(project, "--config", "assumption_set=epoch-2024")
    assert run.code != 0
    assert "assumption_set: 'epoch-2024' is no set of data/assumptions.csv" in run.said
    assert "did you mean 'epoch-2025'?" in run.said
