"""A process that does jobs, one after another, for seam.workers.

Reads requests from standard input, a line of JSON each, and answers each with
a line on standard output. Whatever else a job prints goes to its log, below
the request. To do one job by hand, for a profiler:

    head -1 logs/price_stages.log | PYTHONPATH=workflow/scripts python -m seam.worker
"""

from __future__ import annotations

import errno
import gc
import json
import os
import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path

from seam import progress
from seam.job import Job
from traincost.errors import UserError


def serve() -> None:
    """Answer requests until there are no more."""
    progress.keep_terminal()
    sys.stdout = sys.stderr
    with os.fdopen(os.dup(1), "wb") as answers:
        for line in sys.stdin.buffer:
            answers.write(json.dumps(answer(line)).encode() + b"\n")
            answers.flush()


def answer(line: bytes) -> dict[str, str]:
    """Do one job. `said`: what it has to say; `stopped`: why it failed, in a sentence."""
    request = json.loads(line)
    log = Path(request.pop("log"))
    try:
        _print_into(log, line)
    except OSError as error:
        return {"stopped": f"{request['rule']} stopped: {_reason(error, log)}"}
    job = Job(**request)
    # a tenth of the time of imports would go into looking for circles among what they make
    gc.set_threshold(100_000, 50, 50)
    try:
        script = import_module(job.rule)
        # Ctrl-C ends the process at once; polars, when imported, would have it wait
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        script.run(job)
        job.write_receipt()
    except BaseException as error:  # polars may raise PanicException, which is no Exception
        traceback.print_exception(error)
        return {"stopped": f"{job.rule} stopped: {_reason(error, log)}"}
    return {"said": job.said}


def _print_into(log: Path, first: bytes) -> None:
    """Have everything printed from now on end in the log, messages of compiled code too."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "wb") as file:
        file.write(first)
        file.flush()
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)


def _reason(error: BaseException, log: Path) -> str:
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, OSError):
        name = error.filename or "a file"
        match error.errno:
            case errno.ENOSPC | errno.EDQUOT:
                return f"the disk is full, {name} was not written. Free space, run snakemake again"
            case errno.EROFS | errno.EACCES | errno.EPERM:
                why = str(error.strerror).lower()
                return f"{name}: {why}. Mend that and run snakemake again"
            case errno.ENOENT:
                return f"{name} is missing"
    return f"an error in the program, not in your data: {type(error).__name__}: {error} (see {log})"


if __name__ == "__main__":
    serve()
