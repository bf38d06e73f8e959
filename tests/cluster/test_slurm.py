"""The ledger on a real Slurm of two nodes: the bytes of the local run."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, copy_sources, snakemake

SCRIPT = ROOT / "tests/cluster/slurm"
SHARDS = ("--config", "ledger_shards=3")
# a Slurm without a database of accounts
HERE = (
    "--slurm-status-command",
    "squeue",
    "--slurm-no-account",
    "--slurm-init-seconds-before-status-checks",
    "2",
)
MISSING = [
    *(name for name in ("slurmctld", "slurmd", "munged") if not shutil.which(name)),
    *(name for name in ("snakemake_executor_plugin_slurm",) if not importlib.util.find_spec(name)),
    *([] if os.geteuid() == 0 else ["root"]),
]
pytestmark = [
    pytest.mark.slurm,
    pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}"),
]


@pytest.fixture
def slurm(tmp_path: Path) -> Iterator[Path]:
    """A running Slurm; its folder."""
    folder = tmp_path / "slurm"
    folder.mkdir()
    subprocess.run([SCRIPT, "start", folder], check=True, timeout=120)
    yield folder
    subprocess.run([SCRIPT, "stop", folder], check=True, timeout=60)


def test_a_ledger_on_slurm_has_the_bytes_of_the_local_run(slurm: Path, tmp_path: Path) -> None:
    local, remote = (copy_sources(tmp_path / name) for name in ("local", "remote"))
    run = snakemake(local, "ledger", *SHARDS)
    assert run.code == 0, run.said
    run = snakemake(remote, "ledger", "--workflow-profile", "profiles/slurm", *HERE, *SHARDS)
    assert run.code == 0, run.said
    names = (slurm / "jobs").read_text()
    assert names.count("JobState=COMPLETED") == 4, "dividing, and three shards"
    written = {
        path.relative_to(local): path.read_bytes()
        for path in (local / "results/ledger").rglob("*")
        if path.is_file()
    }
    assert len(written) == 7
    for name, data in written.items():
        assert (remote / name).read_bytes() == data, name
    again = snakemake(remote, "ledger", "--workflow-profile", "profiles/slurm", *HERE, *SHARDS)
    assert "Nothing to be done" in again.said


def test_a_mistake_is_told_from_a_node_too(slurm: Path, tmp_path: Path) -> None:
    assert slurm.is_dir()
    project = copy_sources(tmp_path / "project")
    jobs = project / "data/ledger/jobs.csv"
    jobs.write_text(jobs.read_text().replace(",2048,", ",many,"))
    run = snakemake(project, "ledger", "--workflow-profile", "profiles/slurm", *HERE, *SHARDS)
    assert run.code == 1
    assert "data/ledger/jobs.csv, line 2, column gpu_count: found 'many'" in run.said
