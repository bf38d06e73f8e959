"""Which modules of a folder a script imports, directly or not, found without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_WORD = re.compile(r"\bimport\b")
_STATEMENT = re.compile(
    r"^[ \t]*(?:from[ \t]+(\w[\w.]*)[ \t]+)?import[ \t]+(\([\w\s,]*\)|[\w., \t]+)(?:#.*)?$",
    re.MULTILINE,
)


def closure(scripts: Iterable[str], root: Path) -> list[str]:
    """The scripts and all files under `root` they import, as sorted paths below it."""
    found: set[str] = set()
    todo = list(scripts)
    while todo:
        file = todo.pop()
        if file not in found:
            found.add(file)
            todo += imports_of(file, root)
    return sorted(found)


@cache
def imports_of(file: str, root: Path) -> frozenset[str]:
    """Files under root that a file imports, anywhere in it: a late import counts too."""
    text = (root / file).read_text(encoding="utf-8")
    package = file.split("/")[:-1]
    stems: set[str] = set()
    for module in _plain_imports(text) or _any_imports(text, package):
        parts = module.split(".")  # importing a.b runs a/__init__.py too
        stems |= {"/".join(parts[:length]) for length in range(1, len(parts) + 1)}
    candidates = {name for stem in stems for name in (f"{stem}.py", f"{stem}/__init__.py")}
    return frozenset(candidates & _modules(root))


@cache
def _modules(root: Path) -> frozenset[str]:
    return frozenset(path.relative_to(root).as_posix() for path in root.rglob("*.py"))


def _plain_imports(text: str) -> set[str]:
    """What a module imports, found fast; empty where `import` stands anywhere unusual.

    Each statement that is found holds the word once. With as many statements as
    words there is no other import. Parsing all modules instead would be a tenth
    of a run that has nothing to do.
    """
    statements = _STATEMENT.findall(text)
    if len(statements) != len(_WORD.findall(text)):
        return set()
    modules: set[str] = set()
    for source, names in statements:
        listed = [name.split()[0] for name in names.strip("()").split(",") if name.strip()]
        modules |= {source, *(f"{source}.{name}" for name in listed)} if source else {*listed}
    return modules


def _any_imports(text: str, package: list[str]) -> set[str]:
    """What a module of a package imports, from its syntax tree."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*above, *filter(None, [node.module])])
            modules |= {source, *(f"{source}.{alias.name}" for alias in node.names)}
    return modules
