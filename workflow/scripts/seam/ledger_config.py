"""Which ledger is priced, and how: from the configuration."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import Any

from seam.digests import REMOTE, shown_path
from traincost.errors import UserError

# the project's own small ledger
EXAMPLE = {"usage": "data/ledger/jobs.csv", "prices": "data/ledger/quotes.csv"}

# by kind, how messages call each file and where it is
FILES: dict[str, dict[str, str]] = {}
REMOTE_FILES: dict[str, list[str]] = {}
SHARDS: list[str] = []
# what a total holds beside the columns it is by
OF_TOTALS = ("jobs", "priced_jobs", "gpu_hours", "priced_gpu_hours", "priced_cost_usd", "cost_usd")


def settings(config: dict[str, Any]) -> dict[str, Any]:
    """What jobs are told, as one plain mapping; fills FILES, REMOTE_FILES and SHARDS.

    Raises UserError where there are no such files.
    """
    ledger = config["ledger"]
    own = {"usage": ledger["usage"] or EXAMPLE["usage"]}
    own["quotes"] = ledger["prices"] or EXAMPLE["prices"]
    for kind, files in together({kind: named_files(place) for kind, place in own.items()}).items():
        FILES[kind] = files
        REMOTE_FILES[kind] = [place for place in FILES[kind].values() if place.startswith(REMOTE)]
    totals = [[*dict.fromkeys(columns)] for columns in ledger["totals"]]
    for name in (name for columns in totals for name in columns if name in OF_TOTALS):
        raise UserError(f"ledger_totals: {name} stands in every total; name other columns")
    count = ledger["shards"]
    SHARDS[:] = [f"{number:0{len(str(count - 1)) + 1}}" for number in range(count)]
    return {
        "totals": totals,
        "unpriced": ledger["unpriced"],
        "shards": count,
        "quote_max_age_days": config["quote_max_age_days"],
        "is_users": bool(ledger["usage"]),
    }


def together(files: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Files by kind, by names that no two have: where two do, the kind stands before both."""
    usage, quotes = files.values()
    twice = {name for name in usage.keys() & quotes.keys() if usage[name] != quotes[name]}
    return {
        kind: {f"{kind}/{name}" if name in twice else name: file for name, file in own.items()}
        for kind, own in files.items()
    }


def named_files(place: str) -> dict[str, str]:
    """How messages call each file of a path, and where it is.

    A folder's files go by the folder and their place in it, which tells those of one name apart.
    """
    if place.startswith(REMOTE):
        return {place: place}
    root = Path(shown_path(place))
    files = files_of(place)
    return {(root / os.path.relpath(file, place)).as_posix(): file for file in files}


def files_of(place: str) -> list[str]:
    """The files that a path of the configuration names: itself, or all of a folder in order."""
    if place.startswith(REMOTE) or not os.path.isdir(place):
        return [place]
    found = [
        file
        for file in sorted(glob.glob("**", root_dir=place, recursive=True))
        if file.lower().endswith((".csv", ".parquet", ".pq"))
        and os.path.isfile(os.path.join(place, file))
    ]
    if not found:
        raise UserError(f"{place} is a folder without a file *.csv or *.parquet")
    return [os.path.join(place, file) for file in found]
