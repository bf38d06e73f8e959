"""Hands each rule's job to a warm process beside Snakemake, where imports are paid once.

A worker does one job at a time, so that jobs in parallel share nothing. It is
used again only after a job that passed: one that failed may hold anything.
When a worker is killed or runs out of memory, Snakemake lives on and says so.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from seam import receipts

SCRIPTS = Path(__file__).resolve().parent.parent
FRUGAL = {
    # polars would read some groups of rows of a large file ahead, at the price of their memory
    "POLARS_ROW_GROUP_PREFETCH_SIZE": "1",
    # allocators would hand memory back after every batch, only to have it cleared anew; in large
    # pages that takes less of both (names of glibc's and of polars' own allocator)
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.trim_threshold=268435456"
    ":glibc.malloc.mmap_threshold=33554432",
    "_RJEM_MALLOC_CONF": "thp:always,dirty_decay_ms:5000,muzzy_decay_ms:5000",
    # numpy would start threads for algebra of which there is none here
    "OPENBLAS_NUM_THREADS": "1",
}
LAST_WORDS = Path("build/last-words.txt")

_idle: list[subprocess.Popen[bytes]] = []


def run(rule: str, input: Any, output: Any, params: Any, log: Any) -> None:
    """Do the job of a rule: the script with the rule's name. The one line of every `run:`.

    Input and output reach the script by their names; unnamed params are labels.
    Raises what Snakemake takes for a failed job, all being said.
    """
    request = {
        "rule": rule,
        "input": _named(rule, input),
        "output": _named(rule, output),
        "params": dict(params.items()),
        "labels": [label for label in params if isinstance(label, str)],
        "log": str(log),
    }
    try:
        worker = _idle.pop()
    except IndexError:
        worker = _start()
    answer = _ask(worker, request)
    if answer.get("said"):
        _last_words(answer["said"])
    if answer.get("stopped"):
        _last_words(answer["stopped"])
        _fail()
    _idle.append(worker)


def _named(rule: str, files: Any) -> dict[str, str | list[str]]:
    named = {name: [*value] if isinstance(value, list) else value for name, value in files.items()}
    if sum(len(value) if isinstance(value, list) else 1 for value in named.values()) != len(files):
        raise ValueError(f"rule {rule}: every input and output needs a name")
    return named


def _start() -> subprocess.Popen[bytes]:
    """A worker that imports from this folder, even where another checkout is installed."""
    paths = filter(None, [str(SCRIPTS), os.environ.get("PYTHONPATH")])
    return subprocess.Popen(
        # -P: nothing that lies in the user's folder is imported by accident
        [sys.executable, "-P", "-m", "seam.worker"],
        env=FRUGAL | os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _ask(worker: subprocess.Popen[bytes], request: dict[str, Any]) -> dict[str, str]:
    """The worker's answer, or what became of it."""
    with suppress(BrokenPipeError):
        worker.stdin.write(json.dumps(request).encode() + b"\n")
        worker.stdin.flush()
    line = worker.stdout.readline()
    if line:
        return json.loads(line)
    code = worker.wait()
    how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    why = f"{request['rule']} was stopped from outside ({how}); run snakemake again"
    return {"stopped": why}


def _last_words(text: str) -> None:
    """What the run has to say in the end; a file, since a job may run in a Snakemake of its own."""
    try:
        receipts.write_whole(LAST_WORDS, text.encode())
    except OSError:  # a full disk: the terminal is all that is left
        print(text, file=sys.stderr)


def _fail() -> NoReturn:
    from snakemake.exceptions import SpawnedJobError

    class JobStoppedError(SpawnedJobError):
        """A failed job about which Snakemake prints no trace of its own."""

        # it looks here for the rule file, and prints where in it the error was
        __traceback__ = property(lambda _: None, lambda _, trace: None)

    raise JobStoppedError
