"""The walk-through's code prints what the page says."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from docs.markdown import ROOT, text_of


def test_the_code_prints_what_the_page_says(
    built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(built)
    text = text_of("docs/walk-through.md")
    test = doctest.DocTestParser().get_doctest(
        text.replace("```", ""), {}, "walk-through", str(ROOT / "docs/walk-through.md"), 0
    )
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(test)
    assert len(test.examples) > 15
    assert runner.summarize(verbose=False).failed == 0, capsys.readouterr().out
