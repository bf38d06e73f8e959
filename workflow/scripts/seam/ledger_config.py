"""Which ledger is priced, and how: from the configuration."""

from __future__ import annotations

import glob
import os
from typing import Any

from seam.digests import REMOTE, shown_path
from traincost.errors import UserError

# the project's own small ledger
EXAMPLE = {"usage": "data/ledger/jobs.csv", "prices": "data/ledger/quotes.csv"}

# by kind, how messages call each file and where it is
FILES: dict[str, dict[str, str]] = {}
REMOTE_FILES: dict[str, list[str]] = {}
SHARDS: list[str] = []


def settings(config: dict[str, Any]) -> dict[str, Any]:
    """What jobs are told, as one plain mapping; fills FILES, REMOTE_FILES and SHARDS.

    Raises UserError where there are no such files.
    """
    ledger = config["ledger"]
    for kind, key in (("usage", "usage"), ("quotes", "prices")):
        FILES[kind] = named_files(ledger[key] or EXAMPLE[key])
        REMOTE_FILES[kind] = [place for place in FILES[kind].values() if place.startswith(REMOTE)]
    count = ledger["shards"]
    SHARDS[:] = [f"{number:0{len(str(count - 1)) + 1}}" for number in range(count)]
    return {
        "totals": ledger["totals"],
        "unpriced": ledger["unpriced"],
        "shards": count,
        "quote_max_age_days": config["quote_max_age_days"],
        "is_users": bool(ledger["usage"]),
    }


def named_files(place: str) -> dict[str, str]:
    """How messages call each file of a path, and where it is."""
    return {file if file.startswith(REMOTE) else shown_path(file): file for file in files_of(place)}


def files_of(place: str) -> list[str]:
    """The files that a path of the configuration names: itself, or all of a folder in order."""
    if place.startswith(REMOTE) or not os.path.isdir(place):
        return [place]
    found = [
        file
        for file in sorted(glob.glob("**", root_dir=place, recursive=True))
        if file.lower().endswith((".csv", ".parquet", ".pq"))
    ]
    if not found:
        raise UserError(f"{place} is a folder without a file *.csv or *.parquet")
    return [os.path.join(place, file) for file in found]
