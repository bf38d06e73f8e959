"""Shared fixtures: a built copy of the project, and throwaway copies of it."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# the same examples on every machine; --hypothesis-profile=explore draws new ones
settings.register_profile("fixed", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None, max_examples=2_000)
settings.load_profile("fixed")

# a worker of the tests has a core of its own, not all of them
os.environ.setdefault("POLARS_MAX_THREADS", "1")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """A worker of `-n` that has nothing left takes from the others: some tests are long."""
    if config.option.numprocesses and config.option.dist == "no":
        config.option.dist = "worksteal"


ROOT = Path(__file__).resolve().parent.parent
PARTS = ("Snakefile", "config", "data", "environment.yml", "profiles", "workflow")
# for Chromium as root, and without a word to anyone
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def cases(every: Iterable[Any], often: Container[Any]) -> list[Any]:
    """For `parametrize`: the cases in `often` in every run, the others in the long one."""
    return [
        each
        if each in often
        else pytest.param(*(each if isinstance(each, tuple) else (each,)), marks=pytest.mark.long)
        for each in every
    ]


@dataclass(frozen=True)
class Run:
    """How a command ended: exit code and what it said."""

    code: int
    said: str

    @property
    def last_words(self) -> str:
        """The last paragraph on the terminal."""
        return self.said.rstrip().split("\n\n")[-1]


def snakemake(project: Path, *arguments: str, **environment: str) -> Run:
    """Run the project's own Snakefile."""
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", *arguments],
        cwd=project,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    return Run(done.returncode, done.stdout)


def copy_sources(target: Path) -> Path:
    """A copy of what the workflow needs, without anything built."""
    target.mkdir(parents=True)
    ignore = shutil.ignore_patterns("__pycache__")
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=ignore)
        else:
            shutil.copy2(source, target / part)
    return target


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built copy of the project, made once for all workers; not to be changed."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    project = shared / "built"
    with open(shared / "built.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not project.exists():
            run = snakemake(copy_sources(project))
            assert run.code == 0, run.said
    return project


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    """A built copy of the project that a test may spoil."""
    return Path(shutil.copytree(built, tmp_path / "project", symlinks=True))


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the project with nothing built."""
    return copy_sources(tmp_path / "project")


@pytest.fixture(scope="session")
def browser() -> Iterator:
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("needs Chromium: no `chromium` on the path")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield launched
        launched.close()


@pytest.fixture
def visit(browser) -> Iterator[Callable]:
    """Open a file, with options of a browser context; at the end nothing may have gone wrong."""
    faults: list[str] = []
    contexts = []

    def opened(file: Path, hash_: str = "", **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("console", lambda said: faults.append(f"console {said.type}: {said.text}"))
        page.on("request", lambda request: faults.extend(_foreign(request.url, file)))
        page.goto(f"{file.as_uri()}{hash_}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def _foreign(url: str, file: Path) -> list[str]:
    is_ours = url.startswith((file.as_uri(), "data:"))
    return [] if is_ours else [f"request: {url}"]


@pytest.fixture(scope="session")
def index(built: Path) -> Path:
    """The audit page of the built copy."""
    return built / "results/audit/index.html"
