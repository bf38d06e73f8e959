"""What the rebuild promise rests on, read from the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOT

RULE_FILES = [ROOT / "Snakefile", *sorted((ROOT / "workflow/rules").glob("*.smk"))]
SCRIPTS = sorted((ROOT / "workflow/scripts").glob("*.py"))
RULES = ROOT / "workflow/rules"


@pytest.mark.parametrize("file", RULE_FILES, ids=lambda file: file.name)
def test_rule_files_define_no_functions(file: Path) -> None:
    """A helper in a rule file would be tracked by nobody."""
    assert not re.search(r"^\s*def |lambda ", file.read_text(), re.MULTILINE)


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_scripts_take_configuration_through_params_only(file: Path) -> None:
    assert "snakemake.config" not in file.read_text()


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_every_script_is_the_script_of_a_rule(file: Path) -> None:
    used = "".join(rule_file.read_text() for rule_file in RULE_FILES)
    assert f"../scripts/{file.name}" in used


def test_the_package_knows_nothing_of_snakemake_paths_or_configuration() -> None:
    for file in (ROOT / "workflow/scripts/traincost").rglob("*.py"):
        text = file.read_text()
        assert not re.search(
            r"import (snakemake|seam|pathlib)|from (snakemake|seam|pathlib)", text
        ), file


def test_every_rule_carries_its_labels() -> None:
    for file in RULES.glob("*.smk"):
        for name in re.findall(r"^rule (\w+):", file.read_text(), re.MULTILINE):
            if name != "verify":
                assert f'digests.of_rule("{name}"' in file.read_text().replace(
                    "of_rule(\n            ", "of_rule("
                ), name


def test_every_module_of_the_package_has_a_unit_test_of_its_name() -> None:
    package = ROOT / "workflow/scripts/traincost"
    modules = {path.relative_to(package) for path in package.rglob("*.py")}
    tested = {
        path.relative_to(ROOT / "tests/unit").with_name(path.name.removeprefix("test_"))
        for path in (ROOT / "tests/unit").rglob("test_*.py")
    }
    declarations = {path for path in modules if path.parts[0] == "declarations"}
    told = {path for path in modules if path.name != "__init__.py"} - declarations
    assert sorted(map(str, told)) == sorted(map(str, tested))
