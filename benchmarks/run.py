"""How long a build takes, beside the same work in one process and Snakemake's own start.

    python benchmarks/run.py [--rounds 5]

Works on throwaway copies of the project. Every round measures every case once,
so that a busy moment of the machine falls on all of them; medians are printed.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("Snakefile", "config", "data", "profiles", "workflow")
MADE = ("build", "results", "logs", ".snakemake")
BOOK = "data/prices/h800_quotes.csv"

START, PROCESS = "Snakemake's own start", "one Python process"
# case -> what it is compared with, and how many times as long it may take
AIMS = {
    "nothing changed": (START, 1.3),
    "one price changed": (PROCESS, 2.0),
    "full build": (PROCESS, 4.0),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print one line per case."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each case (5)")
    rounds = parser.parse_args(arguments).rounds
    with tempfile.TemporaryDirectory() as folder:
        empty, project = Path(folder, "empty"), Path(folder, "project")
        prepare(empty, project)
        cases = {
            START: lambda: snakemake(empty),
            "nothing changed": lambda: snakemake(project, "Nothing to be done"),
            "one price changed": lambda: snakemake(project, "(100%) done"),
            "full build": lambda: snakemake(project, "(100%) done"),
            PROCESS: lambda: one_process(project),
        }
        before = {
            "one price changed": lambda: change_a_price(project / BOOK),
            "full build": lambda: clear(project),
            PROCESS: lambda: clear(project),
        }
        measured = measure(cases, before, rounds)
    print("\n".join(report(measured)))


def prepare(empty: Path, project: Path) -> None:
    """A built copy of the project, and a workflow of nothing with the same options."""
    ignore = shutil.ignore_patterns("__pycache__")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, project / part, ignore=ignore)
        else:
            project.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / part, project / part)
    shutil.copytree(project / "profiles", empty / "profiles")
    (empty / "Snakefile").write_text("rule all:\n    input: []\n", encoding="utf-8")
    snakemake(project, "(100%) done")


def measure(
    cases: Mapping[str, Callable[[], None]], before: Mapping[str, Callable[[], None]], rounds: int
) -> dict[str, list[float]]:
    """Seconds of each case, one per round; what must be done before a case is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            before.get(name, lambda: None)()
            start = time.perf_counter()
            case()
            seconds[name].append(time.perf_counter() - start)
    return seconds


def snakemake(folder: Path, expected: str = "") -> None:
    """Run Snakemake, which must say what is expected."""
    done = subprocess.run(
        [sys.executable, "-m", "snakemake"], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode or expected not in done.stderr:
        raise SystemExit(f"snakemake was to say '{expected}' but said:\n{done.stderr}")


def one_process(project: Path) -> None:
    """Do the jobs of the last build again, one after the other, without Snakemake."""
    requests = (project / "requests").read_bytes()
    done = subprocess.run(
        [sys.executable, "-P", "-m", "seam.worker"],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(project / "workflow/scripts")},
        input=requests,
        capture_output=True,
        check=False,
    )
    answers = done.stdout.splitlines()
    if len(answers) != len(requests.splitlines()) or b"stopped" in done.stdout:
        raise SystemExit(f"one process failed: {done.stdout.decode()}{done.stderr.decode()}")


def clear(project: Path) -> None:
    """Remove all that was built, but keep what the jobs were asked: the heads of their logs."""
    logs = sorted((project / "logs").glob("*.log"), key=lambda log: log.stat().st_mtime_ns)
    heads = [log.read_bytes().splitlines(keepends=True)[0] for log in logs]
    (project / "requests").write_bytes(b"".join(heads))
    for made in MADE:
        shutil.rmtree(project / made)


def change_a_price(book: Path) -> None:
    """Raise the first price of a book by a cent."""
    header, first, *others = csv.reader(io.StringIO(book.read_text(encoding="utf-8")))
    column = header.index("usd_per_gpu_hour")
    first[column] = f"{float(first[column]) + 0.01:.2f}"
    with open(book, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, first, *others])


def report(measured: Mapping[str, Sequence[float]]) -> list[str]:
    """One line per case: median, lowest, and where there is an aim, the ratio of the medians."""
    rounds = len(measured[START])
    lines = [
        f"median of {rounds}, {platform.system()} {platform.machine()},"
        f" {os.cpu_count()} cores, Python {platform.python_version()}",
        f"{'':22} seconds  lowest",
    ]
    for name in (START, "nothing changed", PROCESS, "one price changed", "full build"):
        line = f"{name:22} {median(measured[name]):7.2f} {min(measured[name]):7.2f}"
        if name in AIMS:
            other, aim = AIMS[name]
            ratio = median(measured[name]) / median(measured[other])
            line += f"  {ratio:.2f} x {other} (aim: at most {aim:g} x)"
        lines.append(line)
    return lines


if __name__ == "__main__":
    main()
