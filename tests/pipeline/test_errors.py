"""Bad input ends in its sentence: where, what was found, what must hold."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import snakemake
from test_rebuild import contents, edit


def test_all_bad_cells_of_all_files_come_at_once(project: Path) -> None:
    edit(project / "data/stages.csv", "2664K", "2664X")
    edit(project / "data/prices/h800_quotes.csv", "3.42", "-3.42")
    edit(project / "data/windows.csv", "2024-12-26", "2024-13-26")
    said = snakemake(project).last_words
    assert "data/stages.csv, line 2, column gpu_hours_printed: found '2664X'" in said
    assert "data/prices/h800_quotes.csv, line 2, column usd_per_gpu_hour: found '-3.42'" in said
    assert "data/prices/h800_quotes.csv, line 3, column usd_per_gpu_hour: found '-3.42'" in said
    assert "data/windows.csv, line 2, column window_end: found '2024-13-26'" in said


CONFIG = [
    ("prices=1e5", "prices: found a number 100000.0; must be text"),
    ("prices=[a,b]", "prices: found a list ['a', 'b']; must be text"),
    ("prices={a: 1}", "prices: found a mapping"),
    ("prices=data", "prices: data is a folder; must be a file"),
    ("prices=nope.csv", "prices: there is no file nope.csv"),
    (
        "prices=data/prices/h800_quote.csv",
        "there is no file data/prices/h800_quote.csv; did you mean 'h800_quotes.csv'",
    ),
    ("baselin=x", "unknown key 'baselin'; did you mean 'baseline'?"),
    ("baseline=deepseek-3usd", "baseline: 'deepseek-3usd' is not one of price_books; did you mean"),
    ("as_of=2026-02-30", "as_of: found '2026-02-30'; must be a date of the calendar"),
    ("quote_max_age_days=0", "quote_max_age_days: found a number 0; must be at least 1"),
    ("quote_max_age_days=many", "quote_max_age_days: found text 'many'; must be a whole number"),
]


@pytest.mark.parametrize(("setting", "sentence"), CONFIG)
def test_a_wrong_setting_is_named_before_anything_runs(
    project: Path, built: Path, setting: str, sentence: str
) -> None:
    run = snakemake(project, "--config", setting)
    assert run.code == 1
    assert sentence in run.last_words
    assert "Finished jobid" not in run.said
    assert "Traceback" not in run.said
    assert contents(project) == contents(built)


@pytest.mark.long
def test_a_python_below_a_folder_with_a_space_builds(sources: Path, tmp_path: Path) -> None:
    """As `uv run` sets it up there; a `script:` could not be started with it."""
    spaced = tmp_path / "my folder/bin"
    spaced.mkdir(parents=True)
    (spaced / "python").symlink_to(sys.executable)
    done = subprocess.run(
        [str(spaced / "python"), "-m", "snakemake"],
        cwd=sources,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_several_wrong_settings_come_at_once(project: Path) -> None:
    edit(project / "config/config.yaml", "    label: H800, dated list quotes", "    lable: H800")
    said = snakemake(project, "--config", "quote_max_age_days=x").last_words
    assert "price_books.h800-quotes: unknown key 'lable'; did you mean 'label'?" in said
    assert "price_books.h800-quotes: key 'label' is missing" in said
    assert "quote_max_age_days: found text 'x'" in said


def bomb() -> str:
    levels = "abcdefghi"
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for below, level in pairwise(levels):
        lines.append(f"{level}: &{level} [{', '.join([f'*{below}'] * 9)}]")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("way", ["config.yaml", "--configfile"])
def test_a_yaml_bomb_ends_in_a_sentence(project: Path, way: str) -> None:
    if way == "config.yaml":
        file = project / "config/config.yaml"
        file.write_text(file.read_text() + bomb())
        run = snakemake(project)
    else:
        (project / "bomb.yaml").write_text(bomb())
        run = snakemake(project, "--configfile", "bomb.yaml")
    assert run.code == 1
    assert "anchors and aliases (& and *) are not used here" in run.last_words


def test_a_config_that_is_no_yaml_is_named(project: Path) -> None:
    (project / "config/config.yaml").write_text("a: [1\n")
    run = snakemake(project)
    assert run.code == 1
    assert "config/config.yaml cannot be read as YAML" in run.said


def test_an_unknown_stand_in_is_named_with_near_names(project: Path) -> None:
    edit(project / "config/config.yaml", '"*": H800 SXM 80GB', '"*": H800 SXM 8OGB')
    said = snakemake(project).last_words
    assert "price_books.deepseek-2usd.stand_ins: 'H800 SXM 8OGB' is no accelerator" in said
    assert "did you mean 'H800 SXM 80GB'" in said
