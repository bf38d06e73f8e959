"""results/ledger/: the priced ledger, its totals and the record of both.

The files may be huge: they are the same ones as in build/, under a second name,
where the disk can do that, and not read again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from seam.digests import sha256
from seam.job import Job
from traincost.errors import UserError

BUILT, RESULTS = Path("build/ledger"), Path("results/ledger")
RECORD = "record.json"
NEXT, PREVIOUS = Path("results/.ledger-next"), Path("results/.ledger-previous")


def record(job: Job) -> bytes:
    """What the ledger was made of: settings, versions, and SHA-256 of files read and written."""
    receipt = job.receipt()
    read = {"inputs": receipt["inputs"] | job.read_before()}
    kept = {key: receipt[key] for key in ("config", "outputs", "stack")} | read
    return json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def swap_in(job: Job, paths: Iterable[str]) -> None:
    """Replace results/ledger/ by these files of build/ledger/, all or none of them."""
    for folder in (NEXT, PREVIOUS):
        shutil.rmtree(folder, ignore_errors=True)
    try:
        for path in paths:
            job.record_huge(path)
            target = NEXT / Path(path).relative_to(BUILT)
            target.parent.mkdir(parents=True, exist_ok=True)
            _second_name(path, target)
        if RESULTS.exists():
            RESULTS.rename(PREVIOUS)
        NEXT.rename(RESULTS)
    except OSError as error:
        raise UserError(
            f"{RESULTS}/ cannot take the new set: {str(error.strerror).lower()}. The new set is"
            " complete in build/ledger/; mend that and run snakemake again"
        ) from error
    shutil.rmtree(PREVIOUS, ignore_errors=True)
    for path in paths:
        job.record_huge_output(RESULTS / Path(path).relative_to(BUILT))


def differences() -> Iterable[str]:
    """What in results/ledger/ is not as recorded, each file hashed in full."""
    if not (RESULTS / RECORD).is_file():
        return
    try:
        recorded = json.loads((RESULTS / RECORD).read_bytes())
        files: Mapping[str, Any] = {
            Path(path).relative_to(BUILT).as_posix(): digest
            for path, digest in (
                *((path, entry["sha256"]) for path, entry in recorded["outputs"].items()),
                *((path, digest) for path, digest in recorded["inputs"].items()),
            )
            if path.startswith(f"{BUILT}/") and not path.startswith(f"{BUILT}/parts/")
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        yield f"{RESULTS / RECORD}: cannot be read"
        return
    published = {name for name in files if not name.startswith("sums/")}
    found = {
        path.relative_to(RESULTS).as_posix() for path in RESULTS.rglob("*") if path.is_file()
    } - {RECORD}
    for name in sorted(published | found):
        if name not in found:
            yield f"{RESULTS / name}: missing"
        elif name not in published:
            yield f"{RESULTS / name}: no rule wrote it"
        elif sha256(RESULTS / name) != files[name]:
            yield f"{RESULTS / name}: changed since it was written"


def _second_name(path: str, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:  # another disk, or one that knows no links
        shutil.copyfile(path, target)
