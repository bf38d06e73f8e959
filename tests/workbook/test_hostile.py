"""Words from data files stay words."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Sequence
from io import BytesIO

import polars as pl
import pytest

from workbook.in_memory import Project
from workbook.reading import Reading

HOSTILE = (
    *('=HYPERLINK("http://x.example","y")', "+1", "-1", "@x", "{=1}", "=1+1", "'=1", "\t=1"),
    "<b>&amp;</b>",
)
LONG = "x" * 40_000
CONTROL = "a\x01b_x0041_c"
SPOILED = {
    "validated.books": ("label",),
    "validated.stages": ("model", "stage", "locator"),
    "validated.quotes": ("locator", "address"),
    "validated.sources": ("title", "note", "address"),
    "validated.scopes": ("label",),
}


def spoiled(read: Project, words: Sequence[str]) -> Reading:
    """A workbook in which these words, in turn, stand wherever a file may hold words."""

    def spoil(layers: dict[str, pl.DataFrame]) -> None:
        for name, columns in SPOILED.items():
            frame = layers[name]
            turn = pl.Series([words[at % len(words)] for at in range(len(frame))])
            layers[name] = frame.with_columns(turn.alias(column) for column in columns)

    return Reading(read.computed(spoil=spoil).workbook())


@pytest.fixture(scope="module")
def hostile(read: Project) -> Reading:
    return spoiled(read, HOSTILE)


def test_no_label_becomes_a_formula(book: Reading, hostile: Reading) -> None:
    plain, found = (
        Counter(formula for _, formula in one.formula_cells()) for one in (book, hostile)
    )
    assert found == plain


@pytest.mark.parametrize("words", HOSTILE)
def test_labels_are_shown_as_they_are(hostile: Reading, words: str) -> None:
    shown = {
        sheet.title
        for sheet in hostile.values
        for row in sheet.iter_rows(values_only=True)
        if words in row
    }
    assert {"Stages", "Quotes", "Sources", "Numbers"} <= shown


def test_a_text_longer_than_a_cell_is_cut_and_says_so(read: Project) -> None:
    long = spoiled(read, [LONG])
    labels = {row[0] for row in long.values["Price books"].iter_rows(values_only=True)}
    assert "x" * 32_766 + "…" in labels


def test_control_characters_are_written_so_that_they_come_back(read: Project) -> None:
    book = spoiled(read, [CONTROL])
    with zipfile.ZipFile(BytesIO(book.data)) as archive:
        # the first is escaped; the second only looks so, and is escaped itself
        assert b"<t>a_x0001_b_x005F_x0041_c</t>" in archive.read("xl/sharedStrings.xml")
