"""Fixtures of the audit's own audit."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.in_memory import Inputs, inputs_of


@pytest.fixture(scope="session")
def inputs(built: Path) -> Inputs:
    """What the built copy of the project was computed from."""
    return inputs_of(built)
