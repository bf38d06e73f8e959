"""`traincost why` as a user meets it: a command, what it prints, its exit code."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from conftest import ROOT

SCRIPTS = str(ROOT / "workflow/scripts")
BOTH = "v3-r1.total.cost_usd@deepseek-2usd"


def traincost(
    *arguments: str, folder: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "traincost_cli", *arguments],
        cwd=folder,
        env={"PYTHONPATH": SCRIPTS, "PATH": "", "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def told(*arguments: str, folder: Path) -> str:
    done = traincost(*arguments, folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def refused(*arguments: str, folder: Path) -> str:
    done = traincost(*arguments, folder=folder)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.fixture
def results(built: Path, tmp_path: Path) -> Path:
    """A folder with results of its own to damage."""
    shutil.copytree(built / "results", tmp_path / "results", symlinks=False)
    return tmp_path / "results"


def test_a_number_opens_down_to_the_line_and_the_table_of_its_source(built: Path) -> None:
    lines = told("why", BOTH, folder=built).splitlines()
    assert lines[0] == f"{BOTH} = 5,870,000 USD [5,864,000 to 5,876,000], derived"
    assert lines[1:3] == [
        "│   = sum(cost_usd)",
        "│   = 10,000 + 82,000 + 202,000 + 238,000 + 10,000 + 5,328,000",
    ]
    place = next(i for i, line in enumerate(lines) if "v3.pre-training.gpu_hours_printed" in line)
    assert lines[place].endswith("= 2,664,000 GPU-h [2,663,500 to 2,664,500], reported")
    assert lines[place + 1].endswith('printed "2664K"; data/stages.csv, line 2')
    assert "Technical Report, Table 1; Sec. 1 and 3.1, https://arxiv.org" in lines[place + 2]
    data = (built / "data/stages.csv").read_text(encoding="utf-8").splitlines()
    assert "2664K" in data[1], "the line it names holds what it says"


def test_a_number_read_twice_is_opened_once(built: Path) -> None:
    said = told("why", BOTH, folder=built)
    price = "deepseek-h800-2usd.usd_per_gpu_hour@deepseek-2usd"
    assert said.count(f"{price} = 2 USD/GPU-h") == 6
    assert said.count("data/prices/deepseek_2usd.csv, line 2") == 2, "as given, and in dollars"


def test_table_row_and_column_name_the_same_number(built: Path) -> None:
    assert told("why", "training_cost", "v3-r1.total", "cost_usd", folder=built) == told(
        "why", BOTH, folder=built
    )


@pytest.mark.parametrize("figure", ["5.87M", "$5.87 million", "5,870,000", "5.87 million"])
def test_a_printed_figure_opens_the_number_that_most_cells_show(built: Path, figure: str) -> None:
    done = traincost("why", *figure.split(" ") if figure[0] != "$" else [figure], folder=built)
    assert done.returncode == 0
    assert done.stdout == told("why", BOTH, folder=built)
    assert f"tables print {figure} for" in done.stderr
    assert "c16.total.printed, in claims" in done.stderr, "the others are named"


def test_json_holds_the_whole_tree(built: Path) -> None:
    tree = json.loads(told("why", BOTH, "--json", folder=built))
    assert (tree["number_id"], tree["value"], tree["unit"]) == (BOTH, 5_870_000, "USD")
    assert (tree["low"], tree["high"], tree["formula"]) == (5_864_000, 5_876_000, "sum(cost_usd)")
    stage = next(each for each in tree["inputs"] if each["number_id"].startswith("v3.pre-"))
    hours = stage["inputs"][0]["inputs"][0]
    assert (hours["file"], hours["line"], hours["printed"]) == ("data/stages.csv", 2, "2664K")
    assert hours["source_address"].startswith("https://")


def test_used_by_goes_the_other_way_up_to_the_cells(built: Path) -> None:
    said = told("why", "v3.pre-training.gpu_hours_printed", "--used-by", folder=built)
    assert f"\n      {BOTH} = 5,870,000 USD" in said, "three steps away"
    assert "usd_per_gpu_hour@h800-quotes = 3.42 USD/GPU-h, which only looked at it" in said
    head, _, cells = said.partition("\nshown in:\n")
    assert BOTH in head and "\n  training_cost, Both runs, added up, cost_usd: 5,870,000" in cells


def test_numbers_that_a_rule_only_looked_at_are_counted_or_listed(built: Path) -> None:
    base = "v3.pre-training.usd_per_gpu_hour@h100-sxm-list"
    short, whole = told("why", base, folder=built), told("why", base, "--considered", folder=built)
    assert "more (--considered lists them)" in short
    assert "more (--considered lists them)" not in whole and len(whole) > len(short)


def test_a_mistyped_id_gets_the_nearest(built: Path) -> None:
    said = refused("why", "r1.total.cost_usd@deepseek-3usd", folder=built)
    assert "there is no number r1.total.cost_usd@deepseek-3usd; did you mean" in said
    assert "'r1.total.cost_usd@deepseek-2usd'" in said


def test_an_id_without_its_book_lists_the_books(built: Path) -> None:
    said = refused("why", "r1.total.cost_usd", folder=built)
    assert "depends on the price book; ask for one of:\n" in said
    assert "  r1.total.cost_usd@deepseek-2usd\n" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("training_costs", "r1.total", "cost_usd"), "there is no table training_costs; did you"),
        (("training_cost", "r2.total", "cost_usd"), "there is no row r2.total; did you mean"),
        (("training_cost", "r1.total", "cost"), "there is no column cost; did you mean"),
        (("training_cost", "r1.total"), "name one id, a table, a row and a column, or a printed"),
        (("123456789",), "no table prints 123456789"),
        ((".87654",), "a dollar sign needs single quotes"),
    ],
)
def test_what_is_no_number_is_refused_in_words(built: Path, arguments, sentence: str) -> None:
    assert sentence in refused("why", *arguments, folder=built)


def test_without_results_it_says_what_to_run(tmp_path: Path) -> None:
    said = refused("why", BOTH, folder=tmp_path)
    assert "results/audit/numbers.parquet is missing: run snakemake" in said


def test_results_may_lie_elsewhere(built: Path, tmp_path: Path) -> None:
    there = str(built / "results")
    assert told("why", BOTH, "--results", there, folder=tmp_path) == told("why", BOTH, folder=built)


@pytest.mark.parametrize("damage", ["cut", "text", "one byte"])
def test_damaged_results_are_refused_in_words(results: Path, damage: str) -> None:
    file = results / "audit/numbers.parquet"
    data = bytearray(file.read_bytes())
    if damage == "one byte":
        data[len(data) // 2] ^= 1
    file.unlink()
    file.write_bytes({"cut": data[:1000], "text": b"number_id,value\n"}.get(damage, data))
    said = refused("why", BOTH, folder=results.parent)
    assert "is not what results/audit/provenance.json records: it was changed or damaged" in said
    (results / "audit/provenance.json").unlink()
    if damage != "one byte":
        assert "cannot be read as Parquet" in refused("why", BOTH, folder=results.parent)


def test_a_reader_that_stops_early_is_no_error(built: Path) -> None:
    command = f'"{sys.executable}" -m traincost_cli why {BOTH} | head -1; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=built,
        env={"PYTHONPATH": SCRIPTS, "PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.splitlines()[1:] == ["0"]
    assert done.stderr == ""


def test_a_terminal_without_the_letters_still_gets_an_answer(built: Path) -> None:
    done = traincost("why", BOTH, folder=built, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.startswith(f"{BOTH} = 5,870,000 USD")


def test_help_names_the_commands_and_what_to_type(built: Path) -> None:
    said = told("--help", folder=built)
    assert "why" in said and "diff" in said
    assert "traincost why training_cost r1.total cost_usd" in told("why", "--help", folder=built)


def test_it_imports_only_what_it_needs(built: Path) -> None:
    code = (
        "import sys; from traincost_cli.main import main;"
        f" main(['why', '{BOTH}']); print(sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=built,
        env={"PYTHONPATH": SCRIPTS},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = {name.strip("'[],") for name in done.stderr.split()}
    assert loaded >= {"pyarrow", "traincost_cli.why"}
    heavy = {"polars", "pandera", "pandas", "great_tables", "snakemake", "yaml"}
    assert loaded & heavy == set()


@pytest.mark.parametrize("rung", ["failed", "data", "own-staff"])
def test_a_rung_that_no_source_prices_says_what_it_is_and_where_it_stands(built, rung) -> None:
    said = refused("why", "scope_ladder", rung, "value_usd", folder=built)
    assert "that cell holds no number: [x]" in said
    assert "none, no source" in said and "data/rungs.csv, line 1" in said
    assert "source: Assumptions of this project" in said
    assert "data/rungs.csv, line 1" in refused("why", f"ladder.{rung}.value_usd", folder=built)


def test_every_rung_opens_to_what_it_includes_and_to_its_source(built: Path) -> None:
    ladder = pl.read_parquet(built / "results/estimates/scope_ladder.parquet")
    for row in ladder.drop_nulls("value_usd").iter_rows(named=True):
        said = told("why", f"ladder.{row['rung_id']}.value_usd", folder=built)
        assert f"data/rungs.csv, line {row['line']}" in said
        assert f"rung {row['place']}, {row['label']}: {row['basis']}, {row['evidence']}" in said
        assert said.count("source: ") > 1
    said = refused("why", "scope_ladder", "cluster", "has_research", folder=built)
    assert "yes: r1, v3, interconnect, unused life, research, serving" in said


def test_a_floor_stays_one(built: Path) -> None:
    said = told("why", "ladder.servers-floor.value_usd", folder=built)
    assert "= 51,000,000 USD [51,000,000 to ∞]" in said
    assert 'printed "more than 51 million"; data/reported_figures.csv' in said
