"""Swap a complete set of files into results/.

The new set is written beside the old one, inside results/ so that it is the
same disk; only when all of it is safely there do the folders change places.
What goes wrong before that leaves the old set as it was. Files that the
workflow did not write stay; one that it wrote and somebody edited is kept as
`<name>.edited`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping

from seam.digests import sha256
from seam.provenance import RECORD, RESULTS
from seam.receipts import write_whole
from traincost.errors import UserError

NEXT, PREVIOUS = RESULTS / ".next", RESULTS / ".previous"


def swap_in(files: Mapping[str, bytes]) -> None:
    """Replace the folders of results/ by those of `files`: name below results/ to bytes.

    Raises UserError where results/ cannot be written; the old set then stays.
    """
    try:
        RESULTS.mkdir(exist_ok=True)
        _undo_half_a_swap()
        for name, data in files.items():
            write_whole(NEXT / name, data)
    except OSError as error:
        shutil.rmtree(NEXT, ignore_errors=True)
        raise UserError(
            f"{RESULTS}/ cannot take the new set: {str(error.strerror).lower()}."
            " The new set is complete in build/; mend that and run snakemake again,"
            " which repeats the publishing only"
        ) from error
    before = _recorded()
    PREVIOUS.mkdir()
    for folder in sorted({name.split("/")[0] for name in (*before, *files)}):
        if (RESULTS / folder).exists():
            (RESULTS / folder).rename(PREVIOUS / folder)
        if (NEXT / folder).exists():
            (NEXT / folder).rename(RESULTS / folder)
    NEXT.rmdir()
    _keep_foreign(before)
    shutil.rmtree(PREVIOUS)


def _recorded() -> dict[str, str]:
    """Files of the set now in results/, with their recorded hashes."""
    try:
        files = json.loads((RESULTS / RECORD).read_bytes())["files"]
        return {RECORD: ""} | {name: entry["sha256"] for name, entry in files.items()}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _keep_foreign(before: Mapping[str, str]) -> None:
    """Move back what the workflow did not write. Without a record nobody can tell: all goes."""
    for path in sorted(PREVIOUS.rglob("*")) if before else []:
        name = path.relative_to(PREVIOUS).as_posix()
        if not path.is_file() or name == RECORD or before.get(name) == sha256(path):
            continue
        target = RESULTS / (f"{name}.edited" if name in before else name)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)


def _undo_half_a_swap() -> None:
    """After a kill in mid-swap: folders moved aside come back."""
    if PREVIOUS.is_dir():
        for folder in PREVIOUS.iterdir():
            if not (RESULTS / folder.name).exists():
                folder.rename(RESULTS / folder.name)
        shutil.rmtree(PREVIOUS)
    shutil.rmtree(NEXT, ignore_errors=True)
