"""The labels of a rule name every module its script imports, found without running it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from seam import assets, digests, imports

SCRIPTS = ROOT / "workflow/scripts"
RUN = """
import importlib, sys
from pathlib import Path
importlib.import_module(sys.argv[1])
for module in list(sys.modules.values()):
    print(getattr(module, "__file__", None) or "")
"""


def labelled(rule: str) -> set[str]:
    labels = digests.of_rule(rule)
    return {label.split(":")[1] for label in labels if label.startswith("code:")}


@pytest.mark.parametrize("rule", [file.stem for file in SCRIPTS.glob("*.py")])
def test_every_module_that_a_script_really_imports_is_labelled(rule: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN, rule], cwd=SCRIPTS, capture_output=True, text=True, check=True
    )
    loaded = [Path(line) for line in done.stdout.splitlines()]
    ours = {file.relative_to(SCRIPTS).as_posix() for file in loaded if SCRIPTS in file.parents}
    assert f"{rule}.py" in ours
    assert ours - labelled(rule) == set()


STATEMENTS = [
    "import box.thing",
    "import json, box.thing as thing",
    "from box import thing",
    "from box import other, thing  # both",
    "from box import (\n    other,\n    thing,\n)",
    "from box import (  # why (really)\n    thing,\n)",
    "from box import \\\n    thing",
    "from box.thing import *",
    "from . import thing",
    "from .thing import x",
    "import json; import box.thing",
    "if True: import box.thing",
    "def late():\n    import box.thing",
    '"""Words about an import."""\nfrom box import thing',
    '"""\nimport json\n"""\nimport box.thing',
    "try:\n    from box import thing\nexcept ImportError:\n    thing = None",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_an_import_is_found_however_it_is_written(tmp_path: Path, statement: str) -> None:
    box = tmp_path / "box"
    box.mkdir()
    for name in ("__init__.py", "thing.py", "other.py"):
        (box / name).touch()
    (box / "script.py").write_text(f"{statement}\n")
    found = imports.closure(["box/script.py"], tmp_path)
    assert {"box/__init__.py", "box/thing.py"} <= set(found)


def test_files_beside_an_imported_module_count_and_others_do_not(tmp_path: Path) -> None:
    for file in (
        "script.py",
        "beside_the_script.txt",
        "box/__init__.py",
        "box/thing.py",
        "box/page.css",
        "box/.hidden.css",
        "box/__pycache__/thing.cpython-311.pyc",
        "box/texts/deep/words.txt",
        "box/inner/__init__.py",
        "box/inner/inner.css",
        "other/__init__.py",
        "other/other.css",
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    found = assets.beside(["script.py", "box/__init__.py", "box/thing.py"], tmp_path)
    assert found == ["box/page.css", "box/texts/deep/words.txt"]
