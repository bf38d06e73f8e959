"""Labelled digests of what a rule depends on besides its input files.

Snakemake compares file times and, for small files, contents; it does not look
into imported modules, schemas or installed versions. Every rule therefore
carries labels such as `code:traincost/pricing.py:3f9c01a2b4d5` among its params:
whatever changes changes a label, and Snakemake's reason names it.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from seam.assets import beside
from seam.imports import closure

SCRIPTS = Path(__file__).resolve().parent.parent
# what brings a rule's files and params to its script
RUNNERS = ("seam/worker.py", "seam/workers.py")
# what computes, checks, writes, dresses or draws a result, and what these dress and draw with
STACK = (
    "babel",
    "great-tables",
    "htmltools",
    "jinja2",
    "llvmlite",
    "markupsafe",
    "matplotlib",
    "numba",
    "numpy",
    "pandera",
    "pillow",
    "polars",
    "polars-runtime-32",
    "pyarrow",
    "snakemake",
    "xlsxwriter",
)
SHORT = 12
# from here on hashing takes longer than reading a Snakefile may
HUGE_BYTES = 64_000_000
MEMORY = Path("build/digests.json")
REMOTE = "s3://"
# Snakemake reads these in params: a label has them percent-encoded
READ_IN_PARAMS = {ord(sign): f"%{ord(sign):02X}" for sign in "{}<>%"}

# labels of every rule of the workflow being read, in the order the rules run
REGISTERED: dict[str, list[str]] = {}


def sha256(path: Path | str) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remembered(path: Path | str) -> str:
    """SHA-256 of a file; that of a huge one as it was the last time.

    A huge file is hashed again when its size, time of change, inode or time of any
    change of these differs. `snakemake verify` hashes in full.
    """
    found = os.stat(path)
    if found.st_size < HUGE_BYTES:
        return sha256(path)
    mark = [found.st_size, found.st_mtime_ns, found.st_ino, found.st_ctime_ns]
    known = _memory()
    place = os.path.abspath(path)
    if known.get(place, {}).get("mark") != mark:
        entry = {"mark": mark, "sha256": sha256(path)}
        kept = {name: old for name, old in _memory().items() if os.path.exists(name)}
        part = MEMORY.with_name(f".{MEMORY.name}.{os.getpid()}")
        MEMORY.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(kept | {place: entry}, indent=1), encoding="utf-8")
        os.replace(part, MEMORY)
        return entry["sha256"]
    return known[place]["sha256"]


def _memory() -> dict[str, dict[str, Any]]:
    try:
        return json.loads(MEMORY.read_bytes())
    except (OSError, ValueError):
        return {}


def shown_path(path: Path | str) -> str:
    """How a file is named in results: relative inside the project, else its bare name."""
    path = Path(path)
    inside = not path.is_absolute() and ".." not in path.parts
    return path.as_posix() if inside else path.name


def of_rule(
    rule: str, sources: Iterable[str] = (), config: object = None, parts: Iterable[str] = ("",)
) -> list[str]:
    """The labels of a rule: versions, its script and what that imports, sources, configuration.

    The script has the rule's name; what lies beside an imported module of a package
    is used too. The labels are remembered in REGISTERED, for
    the comparison with the receipts; `parts` end the names of those, where a rule
    has a job for each part. A source in an object store is known by its address.
    """
    modules = closure([f"{rule}.py", *RUNNERS], SCRIPTS)
    labels = [*_of_stack(), *map(_of_file, [*modules, *beside(modules, SCRIPTS)])]
    for file in dict.fromkeys(sources):
        name = shown_path(file).translate(READ_IN_PARAMS)
        digest = "stored" if file.startswith(REMOTE) else remembered(file)[:SHORT]
        labels.append(f"source:{name}:{digest}")
    if config is not None:
        text = json.dumps(config, ensure_ascii=False)
        labels.append(f"config:{hashlib.sha256(text.encode()).hexdigest()[:SHORT]}")
    REGISTERED.update({f"{rule}{part}": labels for part in parts})
    return labels


@cache
def _of_stack() -> tuple[str, ...]:
    """Labels of the installed versions that can change a result."""
    python = ".".join(platform.python_version_tuple()[:2])
    return (f"stack:python=={python}", *(f"stack:{name}=={version(name)}" for name in STACK))


@cache
def _of_file(file: str) -> str:
    """The label of one file of the code; most modules are imported by several scripts."""
    return f"code:{file}:{sha256(SCRIPTS / file)[:SHORT]}"
