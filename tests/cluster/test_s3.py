"""A ledger from an object store, here moto's on the loopback device."""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, copy_sources, snakemake

MISSING = [
    name
    for name in ("snakemake_storage_plugin_s3", "moto", "flask")
    if not importlib.util.find_spec(name)
]
pytestmark = [
    pytest.mark.s3,
    pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}"),
]
PROFILE = ("--workflow-profile", "profiles/s3")
FILES = {name: ROOT / f"data/ledger/{name}.csv" for name in ("jobs", "quotes")}
USAGE = ("--config", "usage=s3://ledger/jobs.csv", "prices=s3://ledger/quotes.csv")


@pytest.fixture
def store() -> Iterator[tuple[dict[str, str], Any]]:
    """The environment for a store, and a client of it with both files stored."""
    import boto3

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(150):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        client = boto3.client(
            "s3",
            endpoint_url=address,
            aws_access_key_id="any",
            aws_secret_access_key="any",
            region_name="us-east-1",
        )
        client.create_bucket(Bucket="ledger")
        for name, file in FILES.items():
            client.put_object(Bucket="ledger", Key=f"{name}.csv", Body=file.read_bytes())
        prefix = "SNAKEMAKE_STORAGE_S3_"
        settings = {"ENDPOINT_URL": address, "ACCESS_KEY": "any", "SECRET_KEY": "any"}
        yield {prefix + name: value for name, value in settings.items()}, client
    finally:
        server.terminate()
        server.wait()


def test_a_ledger_from_a_store_has_the_bytes_of_local_files(store, tmp_path: Path) -> None:
    environment, client = store
    local, remote = (copy_sources(tmp_path / name) for name in ("local", "remote"))
    assert snakemake(local, "ledger").code == 0
    run = snakemake(remote, *PROFILE, *USAGE, **environment)
    assert run.code == 0, run.said
    for name in ("costs/00.parquet", "totals/1.csv", "coverage.csv"):
        place = Path("results/ledger") / name
        assert (remote / place).read_bytes() == (local / place).read_bytes(), name
    assert '"s3://ledger/jobs.csv": "' in (remote / "results/ledger/record.json").read_text()
    again = snakemake(remote, *PROFILE, *USAGE, **environment)
    assert "Nothing to be done" in again.said
    time.sleep(1)
    dearer = FILES["quotes"].read_text().replace("2024-08-24,3.42", "2024-08-24,3.43")
    client.put_object(Bucket="ledger", Key="quotes.csv", Body=dearer.encode())
    run = snakemake(remote, *PROFILE, *USAGE, **environment)
    assert run.code == 0, run.said
    totals = (remote / "results/ledger/totals/1.csv").read_text()
    assert totals != (local / "results/ledger/totals/1.csv").read_text()


def test_a_mistake_names_the_address(store, tmp_path: Path) -> None:
    environment, client = store
    project = copy_sources(tmp_path / "project")
    wrong = FILES["quotes"].read_text().replace("2024-08-24,3.42", "2024-08-24,cheap")
    client.put_object(Bucket="ledger", Key="quotes.csv", Body=wrong.encode())
    run = snakemake(project, *PROFILE, *USAGE, **environment)
    assert run.code == 1
    assert "s3://ledger/quotes.csv, line 2, column usd_per_gpu_hour: found 'cheap'" in run.said
