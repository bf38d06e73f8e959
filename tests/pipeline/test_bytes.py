"""Two clean builds write the same bytes, whatever the machine is set to."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import snakemake
from test_rebuild import contents


@pytest.mark.long
def test_folder_zone_locale_hash_seed_and_threads_change_no_byte(
    sources: Path, built: Path
) -> None:
    run = snakemake(
        sources,
        "--cores",
        "1",
        TZ="Pacific/Kiritimati",
        LC_ALL="C",
        PYTHONHASHSEED="4321",
        POLARS_MAX_THREADS="1",
        PYTHONUTF8="0",
    )
    assert run.code == 0, run.said
    ours, theirs = contents(sources), contents(built)
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []


@pytest.mark.long
def test_a_price_file_outside_the_project_leaves_no_path_behind(
    project: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "private folder" / "quotes.csv"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes((project / "data/prices/h800_quotes.csv").read_bytes())
    assert snakemake(project, "--config", f"prices={elsewhere}").code == 0
    for name, data in contents(project).items():
        assert b"private folder" not in data, name
        assert str(tmp_path).encode() not in data, name
