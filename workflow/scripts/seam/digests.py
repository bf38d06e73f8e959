"""Labelled digests of what a rule depends on besides its input files.

Snakemake compares file times and, for small files, contents; it does not look
into imported modules, schemas or installed versions. Every rule therefore
carries labels such as `code:traincost/pricing.py:3f9c01a2b4d5` among its params:
whatever changes changes a label, and Snakemake's reason names it.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

from seam.imports import closure

SCRIPTS = Path(__file__).resolve().parent.parent
# what brings a rule's files and params to its script
RUNNERS = ("seam/worker.py", "seam/workers.py")
# what computes, checks, writes, dresses or draws a result, and what these dress and draw with
STACK = (
    "babel",
    "great-tables",
    "htmltools",
    "llvmlite",
    "matplotlib",
    "numba",
    "numpy",
    "pandera",
    "pillow",
    "polars",
    "polars-runtime-32",
    "pyarrow",
    "snakemake",
)
SHORT = 12
# Snakemake reads these in params: a label has them percent-encoded
READ_IN_PARAMS = {ord(sign): f"%{ord(sign):02X}" for sign in "{}<>%"}

# labels of every rule of the workflow being read, in the order the rules run
REGISTERED: dict[str, list[str]] = {}


def sha256(path: Path | str) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def shown_path(path: Path | str) -> str:
    """How a file is named in results: relative inside the project, else its bare name."""
    path = Path(path)
    inside = not path.is_absolute() and ".." not in path.parts
    return path.as_posix() if inside else path.name


def of_rule(rule: str, sources: Iterable[str] = (), config: object = None) -> list[str]:
    """The labels of a rule: versions, its script and what that imports, sources, configuration.

    The script has the rule's name. The labels are remembered in REGISTERED, for
    the comparison with the receipts.
    """
    labels = [*_of_stack(), *map(_of_module, closure([f"{rule}.py", *RUNNERS], SCRIPTS))]
    for file in dict.fromkeys(sources):
        name = shown_path(file).translate(READ_IN_PARAMS)
        labels.append(f"source:{name}:{sha256(file)[:SHORT]}")
    if config is not None:
        text = json.dumps(config, ensure_ascii=False)
        labels.append(f"config:{hashlib.sha256(text.encode()).hexdigest()[:SHORT]}")
    REGISTERED[rule] = labels
    return labels


@cache
def _of_stack() -> tuple[str, ...]:
    """Labels of the installed versions that can change a result."""
    python = ".".join(platform.python_version_tuple()[:2])
    return (f"stack:python=={python}", *(f"stack:{name}=={version(name)}" for name in STACK))


@cache
def _of_module(file: str) -> str:
    """The label of one module; most are imported by several scripts."""
    return f"code:{file}:{sha256(SCRIPTS / file)[:SHORT]}"
