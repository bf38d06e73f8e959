"""A ledger priced by this project, by DuckDB and by pandas: CPU time and peak memory.

    python benchmarks/ledger_data.py /tmp/ledger --jobs 10000000 --quotes 10000000
    python3 -m uv run --group benchmarks python benchmarks/ledger.py /tmp/ledger [--shards 8]

Each from Parquet to Parquet with the same columns, with seconds without a price and
with totals by team and month, in a process of its own; whole processes are measured,
imports too. Cases alternate, so that a busy moment falls on all; medians are printed.
Costs must agree. This project also checks every cell, orders rows by GPU and hashes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "workflow/scripts"
AIMS = {"duckdb": {"cpu": 0.3, "memory": 0.2}, "pandas": {"cpu": 0.35}}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="with jobs.parquet and quotes.parquet")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--shards", type=int, default=1, help="of this project's run")
    parser.add_argument("--only", nargs="+", default=["ours", "duckdb", "pandas"])
    parser.add_argument("--duckdb-memory", default="", help="such as 8GB")
    options = parser.parse_args(arguments)
    measured: dict[str, list[dict[str, float]]] = {name: [] for name in options.only}
    for _ in range(options.rounds):
        for name in options.only:
            measured[name].append(run(name, options))
    print("\n".join(report(measured)))


def run(name: str, options: argparse.Namespace) -> dict[str, float]:
    """One case in a fresh process, or a process per job: seconds of CPU, wall, peak MB."""
    with tempfile.TemporaryDirectory(dir=options.folder) as made:
        commands = {
            "ours": ours(options.folder, Path(made), options.shards),
            "duckdb": other("duckdb", options.folder, Path(made), options.duckdb_memory),
            "pandas": other("pandas", options.folder, Path(made)),
        }[name]
        begin, cpu, peak = time.monotonic(), 0.0, 0.0
        for command in commands:
            # modules are to be compiled once, as on anybody's machine
            environment = {"PYTHONDONTWRITEBYTECODE": "", "POLARS_MAX_THREADS": "1"}
            environment = os.environ | environment | command.pop("env", {})
            process = subprocess.Popen(**command, env=environment)
            _, status, used = os.wait4(process.pid, 0)
            if status:
                raise SystemExit(f"{name} failed; see its messages above")
            cpu += used.ru_utime + used.ru_stime
            peak = max(peak, used.ru_maxrss / 1024)
        found = {"cpu": cpu, "wall": time.monotonic() - begin, "memory": peak}
        if name == "ours":
            found |= reads(Path(made))
        print(name, {key: round(value, 2) for key, value in found.items()}, flush=True)
        return found | checksum(Path(made))


def ours(folder: Path, made: Path, shards: int) -> list[dict]:
    """The jobs of the rules as the workflow starts them, without Snakemake between them."""
    names = [f"{number:02}" for number in range(shards)]
    user = {
        kind: {f"{file}.parquet": str((folder / f"{file}.parquet").resolve())}
        for kind, file in {"usage": "jobs", "quotes": "quotes"}.items()
    }
    parts = {kind: [f"build/ledger/parts/{kind}/{name}.parquet" for name in names] for kind in user}
    config = {"totals": [["team", "month"]], "unpriced": "flag", "shards": shards}
    config["quote_max_age_days"] = 3650
    receipt = "build/receipts/partition_ledger.json"
    requests = [
        {
            "rule": "partition_ledger",
            "input": {"usage": [], "quotes": []},
            "output": parts | {"receipt": receipt},
            "params": {"files": user},
        }
    ][: shards - 1]
    for name in names:
        own = {kind: f"build/ledger/parts/{kind}/{name}.parquet" for kind in user}
        requests.append(
            {
                "rule": "price_ledger",
                "input": (own | {"receipts": [receipt]}) if shards > 1 else {},
                "output": {
                    "costs": f"build/ledger/costs/{name}.parquet",
                    "sums": f"build/ledger/sums/{name}.parquet",
                    "receipt": f"build/receipts/price_ledger-{name}.json",
                },
                "params": {"config": config, "files": {} if shards > 1 else user},
            }
        )
    sys.path.insert(0, str(SCRIPTS))
    from seam.workers import FRUGAL

    environment = FRUGAL | {"PYTHONPATH": str(SCRIPTS)}
    commands = []
    for place, request in enumerate(requests):
        file = made / f"request-{place}"
        log = f"logs/{place}.log"
        file.write_text(json.dumps(request | {"labels": [], "log": log}) + "\n")
        commands.append(
            {
                "args": [sys.executable, "-P", "-c", WORKER.format(file=str(file))],
                "cwd": made,
                "env": environment,
                "stdout": subprocess.DEVNULL,
            }
        )
    return commands


# as a worker does a job; a job that fails ends the process so
WORKER = """
import sys
from seam import worker
answer = worker.answer(open({file!r}, "rb").readline())
sys.exit(answer.get("stopped") or 0)
"""


def other(name: str, folder: Path, made: Path, *more: str) -> list[dict]:
    """A formulation of the same work by another library."""
    script = Path(__file__).with_name(f"ledger_{name}.py")
    out = str(made / "costs.parquet")
    return [
        {"args": [sys.executable, str(script), str(folder.resolve()), out, *filter(None, more)]}
    ]


def checksum(made: Path) -> dict[str, float]:
    """How many jobs were priced, and their costs added up."""
    import polars as pl

    files = list(made.rglob("costs/*.parquet")) or [made / "costs.parquet"]
    frame = pl.scan_parquet(files).select(pl.len(), pl.col("cost_usd").sum()).collect()
    return {"jobs": frame[0, 0], "usd": frame[0, 1]}


def reads(made: Path) -> dict[str, float]:
    """Seconds of CPU to add up all costs, and those of one GPU that began in one month."""
    import polars as pl

    costs = pl.scan_parquet([*made.rglob("costs/*.parquet")])
    month = (pl.col("start_time") >= datetime(2024, 7, 1)) & (
        pl.col("start_time") < datetime(2024, 8, 1)
    )
    cases = {
        "read_all": costs.group_by("gpu", pl.col("start_time").dt.truncate("1mo")),
        "read_few": costs.filter(pl.col("gpu") == "GPU-07", month).group_by("gpu"),
    }
    seconds = {}
    for name, query in cases.items():
        begin = time.process_time()
        query.agg(pl.col("cost_usd").sum()).collect()
        seconds[name] = time.process_time() - begin
    return seconds


def report(measured: dict[str, list[dict[str, float]]]) -> list[str]:
    """One line per case; where there is an aim, the ratio of the medians."""
    cases = {
        name: {key: median(one[key] for one in runs) for key in ("cpu", "wall", "memory")}
        for name, runs in measured.items()
    }
    first = next(iter(measured.values()))[0]
    lines = [f"{first['jobs']:,} jobs", f"{'':8} CPU s  wall s  peak MB"]
    for name, case in cases.items():
        lines.append(f"{name:8} {case['cpu']:5.1f} {case['wall']:7.1f} {case['memory']:8,.0f}")
        for runs in measured[name]:
            if abs(runs["usd"] - first["usd"]) > 1e-9 * first["usd"]:
                raise SystemExit(f"{name} adds up to {runs['usd']}, not {first['usd']}")
    if "ours" in measured:
        few, whole = (
            median(one[key] for one in measured["ours"]) for key in ("read_few", "read_all")
        )
        ratio = few / whole
        lines.append(f"one GPU's month is read in {ratio:.2f} x a full scan (aim: at most 0.25 x)")
    for name, aims in AIMS.items():
        if name in cases and "ours" in cases:
            for key, aim in aims.items():
                ratio = cases["ours"][key] / cases[name][key]
                lines.append(f"{key} is {ratio:.2f} x {name} (aim: at most {aim:g} x)")
    return lines


if __name__ == "__main__":
    main()
