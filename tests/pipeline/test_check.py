"""`traincost check` says of a price file what the workflow would say, and builds nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Run, cases, snakemake
from price_files.files import own
from test_prices import CATALOGUE, LIST, REFUSED


def traincost(folder: Path, *arguments: str) -> Run:
    done = subprocess.run(
        [sys.executable, "-m", "traincost_cli", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT / "workflow/scripts")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Run(done.returncode, done.stdout)


def check(sources: Path, data: str | bytes, name: str = "mine.csv") -> Run:
    (sources / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return traincost(sources, "check", name)


def test_a_good_file_is_told_and_nothing_is_written(sources: Path) -> None:
    (sources / "mine.csv").write_text(own({}, {"vendor": "B", "quote_date": "2024-10-01"}))
    before = {path: path.stat().st_mtime_ns for path in sources.rglob("*")}
    run = traincost(sources, "check", "mine.csv")
    assert run.code == 0
    assert run.said == (
        "mine.csv can be used: 2 quotes in this project's columns\n"
        "  from 2024-09-01 to 2024-10-01; on-demand (2)\n"
        "  H800 SXM 80GB (2)\n"
        "  runs it may price: on H800 SXM 80GB\n"
    )
    assert {path: path.stat().st_mtime_ns for path in sources.rglob("*")} == before


def test_a_file_that_prices_no_run_is_told_so(sources: Path) -> None:
    run = check(sources, own({"gpu": "L40S", "usd_per_gpu_hour": "1"}))
    assert run.code == 0
    assert "runs it may price: on none of these accelerators" in run.said


def test_of_a_catalogue_it_is_told_what_is_used_and_left_out(sources: Path) -> None:
    run = check(sources, CATALOGUE + CATALOGUE.splitlines()[1] + "\n")
    assert run.code == 0
    assert run.said == (
        "mine.csv can be used: 2 quotes in SkyPilot's columns\n"
        "  undated, a flat book; on-demand (1), spot (1)\n"
        "  used: on-demand (prices_commitment in the configuration)\n"
        "  H100 (form factor not stated) (1)\n"
        "  runs it may price: on H100 (form factor not stated)\n"
        "  and by a stand-in: on H100 SXM 80GB, H800 (form factor not stated), H800 SXM 80GB\n"
        "  2 rows left out: a machine without an accelerator (1),"
        " its accelerator is not in data/gpus.csv (1)\n"
        "  accepted: 1 row that repeats another exactly, counted once: line 5\n"
    )


def test_the_commitment_is_that_of_the_configuration(sources: Path) -> None:
    file = sources / "config/config.yaml"
    file.write_text(file.read_text().replace("on-demand", "1-year"))
    assert "used: 1-year" in check(sources, LIST).said
    run = check(sources, CATALOGUE)
    assert run.code == 1
    assert "none of them 1-year; say which with prices_commitment" in run.said


@pytest.mark.parametrize("kind", cases(REFUSED, often=["cells", "no header"]))
def test_a_bad_file_has_the_message_of_the_workflow(sources: Path, kind: str) -> None:
    data, sentences = REFUSED[kind]
    run = check(sources, data)
    assert run.code == 1
    for sentence in sentences:
        assert sentence in run.said
    built = snakemake(sources, "--config", "prices=mine.csv")
    assert run.said.strip() in built.said


def test_mistakes_of_the_data_files_come_along(sources: Path) -> None:
    file = sources / "data/exchange_rates.csv"
    file.write_text(file.read_text().replace("7.0881", "seven"))
    run = check(sources, own({"gpu": "H8000"}))
    assert run.code == 1
    assert "2 bad cells in 2 files" in run.said
    assert "data/exchange_rates.csv, line 4, column units_per_usd: found 'seven'" in run.said


NOTHING_CHECKED = {
    "no such file": ("mine.cvs", "there is no file mine.cvs; did you mean 'mine.csv'?"),
    "a folder": ("data", "data is a folder; must be a file"),
}


@pytest.mark.parametrize("kind", NOTHING_CHECKED)
def test_where_there_is_nothing_to_check(sources: Path, kind: str) -> None:
    name, sentence = NOTHING_CHECKED[kind]
    (sources / "mine.csv").write_text(own({}))
    run = traincost(sources, "check", name)
    assert run.code == 2
    assert sentence in run.said
    assert "Traceback" not in run.said


def test_outside_the_project_it_says_where_to_call_it(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(own({}))
    run = traincost(tmp_path, "check", "mine.csv")
    assert run.code == 2
    assert "config/config.yaml is missing; call this in the folder of the project" in run.said


def test_a_wrong_configuration_is_told(sources: Path) -> None:
    file = sources / "config/config.yaml"
    file.write_text(file.read_text().replace("baseline: deep", "baseline: dep"))
    run = check(sources, own({}))
    assert run.code == 2
    assert "baseline: 'depseek-2usd' is not one of price_books" in run.said


def test_help_says_what_is_checked_and_the_exit_codes(tmp_path: Path) -> None:
    run = traincost(tmp_path, "check", "--help")
    assert run.code == 0
    for part in ("FILE", "config/README.md", "CSV or Parquet", "Exit code 0", "builds nothing"):
        assert part in run.said


def test_the_other_commands_do_not_wait_for_what_it_needs(built: Path) -> None:
    code = (
        "import sys; from traincost_cli.main import main;"
        "main(['why', 'v3-r1.total.cost_usd@deepseek-2usd']);"
        "print([m for m in ('polars', 'pandera', 'yaml', 'jsonschema') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=built,
        env=os.environ | {"PYTHONPATH": str(ROOT / "workflow/scripts")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"
