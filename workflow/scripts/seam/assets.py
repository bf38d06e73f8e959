"""Files of the code that are no modules: templates, stylesheets, scripts of the page.

No import names them. A module may read any file that lies beside it, so all of
these count as used by whoever imports the module.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path


def beside(modules: Iterable[str], root: Path) -> list[str]:
    """The files beside the modules of packages, in folders below that are no packages too.

    Paths below `root`, sorted. Hidden files and compiled modules do not count.
    """
    folders = {module.rpartition("/")[0] for module in modules}
    return sorted(file for file in _files(root) if _package_of(file, root) in folders - {""})


@cache
def _files(root: Path) -> tuple[str, ...]:
    names = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return tuple(
        name.as_posix()
        for name in names
        if name.suffix not in (".py", ".pyc")
        and not any(part.startswith((".", "__pycache__")) for part in name.parts)
    )


@cache
def _package_of(file: str, root: Path) -> str:
    """The nearest folder above a file that is a package; empty where there is none."""
    folder = Path(file).parent
    while folder.parts and not (root / folder / "__init__.py").is_file():
        folder = folder.parent
    return folder.as_posix() if folder.parts else ""
