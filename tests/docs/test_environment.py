"""One set of versions, everywhere; and no address of a package index anywhere."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib.metadata import PackageNotFoundError, requires, version

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from docs.markdown import ROOT, text_of

CONDA_NAMES = {"matplotlib": "matplotlib-base", "pandera": "pandera-polars"}

PROJECT = tomllib.loads(text_of("pyproject.toml"))
DIRECT = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
CONSTRAINTS = PROJECT["tool"]["uv"]["constraint-dependencies"]


def pins(requirements: list[str]) -> dict[str, str]:
    """Name to pinned version; anything but one `==` is an error."""
    found = {}
    for text in requirements:
        requirement = Requirement(text)
        (specifier,) = requirement.specifier
        assert specifier.operator == "==" and "*" not in specifier.version, text
        found[canonicalize_name(requirement.name)] = specifier.version
    return found


def test_conda_has_the_same_pins() -> None:
    environment = yaml.safe_load(text_of("environment.yml"))
    listed = dict(
        re.fullmatch(r"(\S+) (\S+)", line).groups() for line in environment["dependencies"]
    )
    assert listed.pop("python") == PROJECT["project"]["requires-python"]
    expected = {CONDA_NAMES.get(name, name): f"=={pin}" for name, pin in pins(DIRECT).items()}
    assert listed == expected


def test_every_version_is_pinned_once() -> None:
    direct, others = pins(DIRECT), pins(CONSTRAINTS)
    assert len(direct) == len(DIRECT) and len(others) == len(CONSTRAINTS)
    assert not direct.keys() & others.keys()
    pins(PROJECT["build-system"]["requires"])


def closure() -> dict[str, str]:
    """Everything the direct requirements pull in here, with the installed versions."""
    found: dict[str, str] = {}
    todo = [Requirement(text) for text in DIRECT]
    seen: set[tuple[str, frozenset[str]]] = set()
    while todo:
        wanted = todo.pop()
        name = canonicalize_name(wanted.name)
        extras = frozenset(wanted.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            pytest.fail(f"{name} is required and not installed")
        for text in requires(name) or []:
            needed = Requirement(text)
            markers = [{"extra": extra} for extra in (*extras, "")]
            if not needed.marker or any(needed.marker.evaluate(extra) for extra in markers):
                todo.append(needed)
    return found


def test_what_is_installed_is_what_is_pinned() -> None:
    pinned = pins(DIRECT) | pins(CONSTRAINTS)
    installed = closure()
    assert len(installed) > len(DIRECT)
    assert {name: pinned.get(name) for name in installed} == installed


def test_no_committed_file_holds_an_address_of_a_package_index() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    # put together, so that this file does not find itself
    hosts = ("py" + r"pi\.(org|python)", "python" + "hosted", "ana" + r"conda\.(org|com)")
    options = ("index" + "-url", "find" + "-links", "trusted" + "-host", "//[^ ]*/sim" + "ple")
    pattern = "|".join((*hosts, *options))
    command = ["git", "grep", "-nIiE", "--untracked", "--exclude-standard", pattern]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 1, found.stdout + found.stderr


def test_channels_are_names_and_not_addresses() -> None:
    channels = yaml.safe_load(text_of("environment.yml"))["channels"]
    assert channels and all(re.fullmatch(r"[a-z-]+", channel) for channel in channels)


def test_contributing_names_the_checks_that_the_project_uses() -> None:
    text = text_of("CONTRIBUTING.md")
    for command in (
        "pytest -n 2",
        "ruff check .",
        "ruff format --check .",
        "snakefmt --check Snakefile workflow/rules",
        "snakemake --lint",
        "uv pip compile --universal --python-version 3.11",
    ):
        assert command in text
