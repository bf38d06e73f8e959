"""Files of the package that are no modules: templates, stylesheets, scripts of the page.

No import names them. A package's modules may read any of them, so all that lie
beside an imported module count as used by whoever imports it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path


def beside(modules: Iterable[Path]) -> list[Path]:
    """The files beside the given modules, sorted; those in folders below that are no packages too.

    Hidden files and compiled modules do not count.
    """
    folders = {module.parent for module in modules}
    return sorted(file for folder in folders for file in _files_in(folder))


@cache
def _files_in(folder: Path) -> tuple[Path, ...]:
    found: list[Path] = []
    for entry in os.scandir(folder):
        path = Path(entry.path)
        if entry.name.startswith((".", "__pycache__")):
            continue
        if not entry.is_dir():
            found += [] if path.suffix in (".py", ".pyc") else [path]
        elif not (path / "__init__.py").is_file():
            found += _files_in(path)
    return tuple(found)
