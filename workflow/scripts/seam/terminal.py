"""The last words on the terminal."""

from __future__ import annotations

import shutil
from pathlib import Path

from traincost.errors import UserError

# Snakemake itself writes locks and logs and dies in a traceback where it cannot
NEEDED_BYTES = 4_000_000
HEADLINE = Path("build/headline.txt")
RECORD = Path("results/audit/provenance.json")
LEDGER = Path("results/ledger/record.json")


def refuse_full_disk() -> None:
    """Raise UserError where the disk has no room even to begin."""
    free = shutil.disk_usage(".").free
    if free < NEEDED_BYTES:
        raise UserError(
            f"the disk is full: {free:,} bytes are free here, {NEEDED_BYTES:,} are needed to"
            " begin. Free some space and run snakemake again; nothing was changed"
        )


def success(said: Path) -> str:
    """What the run had to say, or else where the results are and the headline number."""
    if said.is_file():
        return f"\n{said.read_text(encoding='utf-8')}"
    lines = ["", "results/tables/ holds the tables, results/audit/ how to check them."]
    if HEADLINE.is_file():
        lines.append(HEADLINE.read_text(encoding="utf-8"))
    return "\n".join(lines)


def failure(said: Path, log: str | None) -> str:
    """What went wrong, and which results are now on disk."""
    if said.is_file():
        what = said.read_text(encoding="utf-8")
    else:
        what = f"a step was stopped from outside; the log is {log}"
    kept = (
        "results/ still holds the last complete set."
        if RECORD.is_file()
        else f"{LEDGER.parent}/ still holds the last complete ledger."
        if LEDGER.is_file()
        else "results/ holds no complete set yet."
    )
    return f"\n{what}\n{kept}"
