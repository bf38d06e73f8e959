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
def test_scripts_know_nothing_of_snakemake(file: Path) -> None:
    """What they use reaches them through the rule: files by name, configuration by params."""
    assert not re.search(r"^\s*(import|from) snakemake|snakemake\.", file.read_text(), re.MULTILINE)


def test_every_rule_runs_the_script_of_its_name_and_nothing_else() -> None:
    rules = {}
    for file in RULE_FILES:
        for text in file.read_text().split("\nrule ")[1:]:
            name, body = text.split(":", 1)
            rules[name] = body.partition("    run:\n")[2].strip()
    assert rules.pop("all") == rules.pop("ledger") == ""
    assert set(rules) == {file.stem for file in SCRIPTS}
    assert set(rules.values()) == {"workers.run(rule, input, output, params, log)"}


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


def test_every_unit_test_is_named_after_a_module_that_is_there() -> None:
    package = ROOT / "workflow/scripts/traincost"
    modules = {path.relative_to(package) for path in package.rglob("*.py")}
    tested = {
        path.relative_to(ROOT / "tests/unit").with_name(path.name.removeprefix("test_"))
        for path in (ROOT / "tests/unit").rglob("test_*.py")
    }
    assert len(tested) > 20
    assert tested <= modules, tested - modules
