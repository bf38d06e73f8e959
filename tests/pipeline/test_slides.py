"""Pictures of tables: only when asked for, and only where a browser is."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest
from conftest import snakemake
from test_rebuild import contents


@pytest.mark.long
@pytest.mark.chromium
def test_every_table_becomes_a_picture_and_the_results_stay(project: Path, built: Path) -> None:
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        pytest.skip("needs Chromium: no `chromium` on the path")
    run = snakemake(project, "draw_slides")
    assert run.code == 0, run.said
    tables = {file.stem for file in (project / "results/tables").glob("*.html")}
    pictures = {file.stem: file.read_bytes() for file in (project / "build/slides").glob("*.png")}
    assert set(pictures) == tables
    for picture in pictures.values():
        assert picture[:8] == b"\x89PNG\r\n\x1a\n"
        width, height = struct.unpack(">II", picture[16:24])
        assert width > 1000 and height > 200
    assert contents(project) == contents(built)


def test_without_a_browser_it_says_what_is_missing(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "bin"
    path.mkdir()
    for tool in ("bash", "sh", "env", "which"):
        (path / tool).symlink_to(shutil.which(tool))
    run = snakemake(project, "draw_slides", PATH=str(path), CHROME_PATH="")
    assert run.code != 0
    assert "need Chromium or Chrome" in run.last_words
    assert "CHROME_PATH" in run.last_words
