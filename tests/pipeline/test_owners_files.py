"""A user's own assumptions, runs and purchase quotes, by configuration alone."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
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


def test_a_set_that_is_in_no_file_is_refused(project: Path) -> None:
    run = snakemake(project, "--config", "assumption_set=epoch-2024")
    assert run.code != 0
    assert "assumption_set: 'epoch-2024' is no set of data/assumptions.csv" in run.said
    assert "did you mean 'epoch-2025'?" in run.said
