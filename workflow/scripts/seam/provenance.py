"""results/audit/provenance.json: every file's hash and where it came from.

No clock, host or absolute path: two builds of the same inputs write the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from seam import ledger_publish, receipts
from seam.digests import sha256
from traincost.errors import UserError, nearest

RESULTS = Path("results")
RECORD = "audit/provenance.json"
# committed, not made by the workflow
OURS = {"README.md", RECORD}


def record(receipts_read: Iterable[bytes], own: Mapping[str, Any]) -> bytes:
    """The record of all files that the given receipts list, and that the running rule wrote."""
    files: dict[str, Any] = {}
    rules: dict[str, Any] = {}
    for receipt in (*map(json.loads, receipts_read), own):
        rules[receipt["rule"]] = {key: receipt[key] for key in ("config", "inputs", "stack")}
        for output, entry in receipt["outputs"].items():
            if output.count("/") > 1:  # build/<layer>/<file>
                files[output.removeprefix("build/")] = entry | {"rule": receipt["rule"]}
    text = json.dumps(
        {"files": files, "rules": rules}, indent=1, sort_keys=True, ensure_ascii=False
    )
    return text.encode() + b"\n"


def verify() -> str:
    """One sentence saying that results/ is as recorded.

    Raises UserError that names every file changed, missing or undeclared.
    """
    place = RESULTS / RECORD
    of_ledger = ledger_publish.RESULTS / ledger_publish.RECORD
    if not place.is_file() and of_ledger.is_file():
        _refuse(ledger_publish.differences())
        return f"{of_ledger.parent}/ verified: its files have the SHA-256 recorded in {of_ledger}"
    if not place.is_file():
        raise UserError(f"{place} is missing: run snakemake to build the results first")
    try:
        files = json.loads(place.read_bytes())["files"]
    except (ValueError, KeyError, TypeError):
        raise UserError(
            f"{place} was changed: it cannot be read; run snakemake to rebuild"
        ) from None
    _refuse([*_record_itself(place), *_differences(files), *ledger_publish.differences()])
    return f"results/ verified: {len(files)} files have the SHA-256 recorded in {place}"


def _refuse(problems: Iterable[str]) -> None:
    listed = "\n".join(f"  {problem}" for problem in sorted(problems))
    if listed:
        raise UserError(
            f"results/ is not what the workflow wrote:\n{listed}\n"
            "Run snakemake to restore it; copy your own files elsewhere first."
        )


def _record_itself(place: Path) -> Iterable[str]:
    receipt = receipts.read("write_audit")
    entry = receipt["outputs"].get(f"build/{RECORD}") if receipt else None
    if entry and sha256(place) != entry["sha256"]:
        yield f"{place}: changed since it was written"


def _differences(files: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    found = {
        path.relative_to(RESULTS).as_posix()
        for path in RESULTS.rglob("*")
        if (path.is_file() or path.is_symlink()) and ledger_publish.RESULTS not in path.parents
    }
    for name, entry in files.items():
        if name not in found:
            yield f"{RESULTS / name}: missing"
        elif sha256(RESULTS / name) != entry["sha256"]:
            yield f"{RESULTS / name}: changed since {entry['rule']} wrote it"
    for name in found - set(files) - OURS:
        yield f"{RESULTS / name}: no rule wrote it{nearest(name, files, 1)}"
