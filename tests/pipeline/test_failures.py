"""After a failure: the same message until it is mended, and the last good set stays."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import snakemake
from test_rebuild import contents, edit

KEPT = "results/ still holds the last complete set."


def break_a_row(project: Path) -> None:
    edit(project / "data/stages.csv", "2664K", "2664X")


@pytest.mark.long
def test_a_bad_row_fails_again_until_it_is_mended(project: Path, built: Path) -> None:
    good = (project / "data/stages.csv").read_text()
    break_a_row(project)
    first, second = snakemake(project), snakemake(project)
    assert first.code == second.code == 1
    assert "data/stages.csv, line 2, column gpu_hours_printed: found '2664X'" in first.last_words
    assert first.last_words == second.last_words
    assert first.last_words.endswith(KEPT)
    assert contents(project) == contents(built), "the tables of the last good run stay"
    (project / "data/stages.csv").write_text(good)
    assert snakemake(project).code == 0
    assert contents(project) == contents(built)


def test_the_first_run_says_that_there_are_no_results_yet(sources: Path) -> None:
    break_a_row(sources)
    run = snakemake(sources)
    assert run.last_words.endswith("results/ holds no complete set yet.")
    assert not (sources / "results").exists()


def test_the_traceback_is_in_the_log_and_not_on_the_terminal(project: Path) -> None:
    break_a_row(project)
    run = snakemake(project)
    assert "Traceback" not in run.said
    assert 'File "' not in run.said
    assert "Traceback" in (project / "logs/validate_data.log").read_text()


def test_an_error_of_the_program_says_so(project: Path) -> None:
    edit(
        project / "workflow/scripts/traincost/estimate.py",
        "    totals = _scopes(staged, baseline)\n",
        "    totals = 1 / 0\n",
    )
    run = snakemake(project)
    assert run.code == 1
    assert "an error in the program, not in your data: ZeroDivisionError" in run.last_words
    assert run.last_words.endswith(KEPT)


def test_a_flipped_byte_between_two_rules_is_never_read(project: Path) -> None:
    """The file changes after the Snakefile was read, while an earlier rule runs."""
    edit(
        project / "workflow/scripts/price_stages.py",
        "    for output in",
        "    spoiled = Path('build/validated/scopes.parquet')\n"
        "    data = bytearray(spoiled.read_bytes())\n"
        "    data[len(data) // 2] ^= 1\n"
        "    spoiled.write_bytes(data)\n"
        "    for output in",
    )
    run = snakemake(project)
    assert run.code == 1
    assert "build/validated/scopes.parquet is not the file that validate_data wrote" in run.said
    assert run.last_words.endswith(KEPT)


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[None]:
    """A disk of its own size at `place`, holding what was there."""
    aside = place.with_name(f"{place.name}-aside")
    place.rename(aside)
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(place)], check=True)
    try:
        shutil.copytree(aside, place, dirs_exist_ok=True)
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def may_mount() -> bool:
    if os.geteuid() != 0 or not shutil.which("mount"):
        return False
    probe = subprocess.run(
        ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
    )
    return probe.returncode == 0


needs_a_disk = [
    pytest.mark.root,
    pytest.mark.skipif(not may_mount(), reason="mounting a small disk needs root"),
]


@pytest.mark.long
@needs_a_disk[0]
@needs_a_disk[1]
def test_a_full_disk_under_results_keeps_the_last_set(project: Path, built: Path) -> None:
    size = sum(path.stat().st_size for path in (built / "results").rglob("*") if path.is_file())
    edit(project / "data/stages.csv", "2664K", "2665K")
    with small_disk(project / "results", f"{int(size * 1.6) // 1024}k"):
        run = snakemake(project)
        assert run.code == 1
        assert "results/ cannot take the new set: no space left on device" in run.last_words
        assert run.last_words.endswith(KEPT)
        assert contents(project) == contents(built)
        subprocess.run(["mount", "-o", "remount,size=64m", str(project / "results")], check=True)
        again = snakemake(project)
        assert again.code == 0
        assert "Finished jobid: 1 (Rule: publish_results)" in again.said or (
            "publish_results" in again.said and "price_stages" not in again.said
        ), "only the publishing is repeated"
        assert contents(project) != contents(built)


@pytest.mark.long
@needs_a_disk[0]
@needs_a_disk[1]
def test_read_only_results_keep_the_last_set(project: Path, built: Path) -> None:
    edit(project / "data/stages.csv", "2664K", "2665K")
    with small_disk(project / "results", "64m"):
        subprocess.run(["mount", "-o", "remount,ro", str(project / "results")], check=True)
        run = snakemake(project)
        assert run.code == 1
        assert "results/ cannot take the new set: read-only file system" in run.last_words
        assert contents(project) == contents(built)


@pytest.mark.long
@needs_a_disk[0]
@needs_a_disk[1]
def test_a_full_disk_under_the_build_is_one_sentence(project: Path, built: Path) -> None:
    shutil.rmtree(project / "build")
    (project / "build").mkdir()
    with small_disk(project / "build", "100k"):
        run = snakemake(project)
        assert run.code == 1
        assert "the disk is full" in run.said
        assert "was not written. Free space, run snakemake again" in run.said
        assert contents(project) == contents(built)
        subprocess.run(["mount", "-o", "remount,size=64m", str(project / "build")], check=True)
        assert snakemake(project).code == 0


@needs_a_disk[0]
@needs_a_disk[1]
def test_a_full_disk_everywhere_stops_before_anything_runs(project: Path, built: Path) -> None:
    with small_disk(project, "64m"):
        with (
            open(project / "filler", "wb", buffering=0) as file,
            pytest.raises(OSError, match="No space"),
        ):
            while True:
                file.write(bytes(1 << 16))
        run = snakemake(project)
        assert run.code == 1
        assert "the disk is full" in run.said
        assert "nothing was changed" in run.said
        (project / "filler").unlink()
        assert contents(project) == contents(built)
        assert snakemake(project).code == 0


def start(project: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def hold(project: Path, rule: str) -> None:
    """Have a rule's job wait, once it has begun, until `let_go` is called."""
    edit(
        project / f"workflow/scripts/{rule}.py",
        "def run(job: Job) -> None:\n",
        "def run(job: Job) -> None:\n"
        "    import os, time\n"
        "    open('begun', 'w').close()\n"
        "    while not os.path.exists('go'):\n"
        "        time.sleep(0.01)\n",
    )


def let_go(project: Path) -> None:
    (project / "go").touch()


def wait_until_held(project: Path) -> None:
    limit = time.monotonic() + 60
    while not (project / "begun").exists():
        assert time.monotonic() < limit, "the job never began"
        time.sleep(0.01)


@pytest.mark.long
@pytest.mark.parametrize("rule", ["publish_results", "validate_data", "render_tables"])
def test_kill_9_in_mid_run_then_unlock_and_run(project: Path, built: Path, rule: str) -> None:
    edit(project / "data/stages.csv", "2664K", "2665K")
    hold(project, rule)
    running = start(project)
    wait_until_held(project)
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    let_go(project)
    assert contents(project) == contents(built)
    locked = snakemake(project)
    assert locked.code == 1
    assert "--unlock" in locked.last_words
    assert snakemake(project, "--unlock").code == 0
    assert snakemake(project).code == 0
    assert "5,872,000" in (project / "results/tables/training_cost.html").read_text()
    assert snakemake(project, "verify").code == 0


@pytest.mark.long
def test_ctrl_c_ends_the_run_at_once(project: Path, built: Path) -> None:
    edit(project / "data/stages.csv", "2664K", "2665K")
    hold(project, "price_stages")
    # in the background of a shell it would be ignored, here and below
    signal.signal(signal.SIGINT, signal.default_int_handler)
    running = start(project)
    wait_until_held(project)
    os.killpg(running.pid, signal.SIGINT)
    said, _ = running.communicate(timeout=60)  # though nobody lets the job go
    assert running.returncode == 1
    assert "price_stages was stopped from outside (SIGINT); run snakemake again" in said
    assert said.rstrip().endswith(KEPT)
    assert "Traceback" not in said
    assert contents(project) == contents(built)
    let_go(project)
    assert snakemake(project).code == 0


@pytest.mark.long
def test_two_runs_at_once(project: Path) -> None:
    edit(project / "data/stages.csv", "2664K", "2665K")
    hold(project, "price_stages")
    first = start(project)
    wait_until_held(project)
    second = snakemake(project, "--config", "quote_max_age_days=90")
    let_go(project)
    assert second.code == 1
    assert "cannot be locked" in second.last_words
    said, _ = first.communicate(timeout=120)
    assert first.returncode == 0, said
    assert "5,872,000" in (project / "results/tables/training_cost.html").read_text()


def test_a_killed_job_is_told_from_a_failed_one(project: Path) -> None:
    edit(
        project / "workflow/scripts/price_stages.py",
        "    for output in",
        "    import os\n    os.kill(os.getpid(), 9)\n    for output in",
    )
    run = snakemake(project)
    assert run.code == 1
    assert "price_stages was stopped from outside (SIGKILL)" in run.last_words
    assert run.last_words.endswith(KEPT)
