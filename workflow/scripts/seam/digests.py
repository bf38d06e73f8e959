"""Labelled digests of what a rule depends on besides its input files.

Snakemake compares file times and, for small files, contents; it does not look
into imported modules, schemas or installed versions. Every rule therefore
carries labels such as `code:traincost/pricing.py:3f9c01a2b4d5` among its params:
whatever changes changes a label, and Snakemake's reason names it.
"""

from __future__ import annotations

import ast
import hashlib
import json
import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent.parent
# what computes, checks, writes, dresses or draws a result, and what these dress and draw with
STACK = (
    "babel",
    "great-tables",
    "htmltools",
    "matplotlib",
    "numpy",
    "pandera",
    "pillow",
    "polars",
    "polars-runtime-32",
    "pyarrow",
    "snakemake",
)
SHORT = 12

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
    labels = [*_of_stack(), *_of_code(SCRIPTS / f"{rule}.py", SCRIPTS)]
    for file in dict.fromkeys(sources):
        labels.append(f"source:{shown_path(file)}:{sha256(file)[:SHORT]}")
    if config is not None:
        text = json.dumps(config, ensure_ascii=False)
        labels.append(f"config:{hashlib.sha256(text.encode()).hexdigest()[:SHORT]}")
    REGISTERED[rule] = labels
    return labels


def _of_code(script: Path, root: Path) -> list[str]:
    """Labels of a script and of every module under `root` it imports, directly or not."""
    return [_code_label(file, root) for file in sorted(_imported(script, root))]


@cache
def _code_label(file: Path, root: Path) -> str:
    """The label of one module; most are imported by several scripts."""
    return f"code:{file.relative_to(root).as_posix()}:{sha256(file)[:SHORT]}"


@cache
def _of_stack() -> tuple[str, ...]:
    """Labels of the installed versions that can change a result."""
    python = ".".join(platform.python_version_tuple()[:2])
    return (f"stack:python=={python}", *(f"stack:{name}=={version(name)}" for name in STACK))


def _imported(script: Path, root: Path) -> set[Path]:
    found: set[Path] = set()
    todo = [script]
    while todo:
        file = todo.pop()
        if file not in found:
            found.add(file)
            todo += _imports_of(file, root)
    return found


@cache
def _imports_of(file: Path, root: Path) -> tuple[Path, ...]:
    """Files under root that a file imports, anywhere in it: a late import counts too."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.add(node.module)
            modules |= {f"{node.module}.{alias.name}" for alias in node.names}
    files: set[Path] = set()
    for module in modules:
        parts = module.split(".")
        for length in range(1, len(parts) + 1):  # importing a.b runs a/__init__.py too
            stem = root.joinpath(*parts[:length])
            files |= {f for f in (stem.with_suffix(".py"), stem / "__init__.py") if f.is_file()}
    return tuple(sorted(files))
