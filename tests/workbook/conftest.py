"""The workbook of a build, and the computation behind it in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.in_memory import Project, World, project_of
from workbook.reading import Reading


@pytest.fixture(scope="session")
def read(built: Path) -> Project:
    return project_of(built)


@pytest.fixture(scope="session")
def world(read: Project) -> World:
    return read.computed()


@pytest.fixture(scope="session")
def book(built: Path) -> Reading:
    return Reading((built / "results/tables/traincost.xlsx").read_bytes())
