"""Errors for the person at the terminal."""

from __future__ import annotations

import pytest

from traincost.errors import SHOWN_CELLS, BadCell, UserError, nearest, quoted, refuse


def said(*cells: BadCell) -> str:
    with pytest.raises(UserError) as refused:
        refuse(cells)
    return str(refused.value)


def test_no_bad_cell_is_no_error() -> None:
    refuse([])


def test_a_bad_cell_says_file_line_column_what_was_found_and_what_must_hold() -> None:
    cell = BadCell("data/x.csv", 7, "price", "'-1'", "must be greater than 0")
    assert said(cell) == (
        "1 bad cell in 1 file; nothing was built from them:\n"
        "  data/x.csv, line 7, column price: found '-1'; must be greater than 0"
    )


def test_a_row_without_column_and_a_cell_without_content_are_said_without_them() -> None:
    assert str(BadCell("x.csv", 2, "", "3 cells", "a row must have 4")) == (
        "x.csv, line 2: found 3 cells; a row must have 4"
    )
    assert str(BadCell("x.csv", 2, "gpu", "", "must not be empty")) == (
        "x.csv, line 2, column gpu: must not be empty"
    )


def test_cells_come_in_the_order_of_files_and_lines_and_once() -> None:
    cells = [BadCell("b.csv", 2, "x", "", "m"), BadCell("a.csv", 10, "x", "", "m")]
    lines = said(*cells, BadCell("a.csv", 9, "x", "", "m"), *cells).splitlines()
    assert lines[0].startswith("3 bad cells in 2 files")
    assert [line.split(", column")[0] for line in lines[1:]] == [
        "  a.csv, line 9",
        "  a.csv, line 10",
        "  b.csv, line 2",
    ]


def test_a_flood_of_bad_cells_is_counted_and_cut() -> None:
    lines = said(*(BadCell("a.csv", line, "x", "", "m") for line in range(100))).splitlines()
    assert len(lines) == 1 + SHOWN_CELLS + 1
    assert lines[0].startswith("100 bad cells")
    assert lines[-1] == f"  ... and {100 - SHOWN_CELLS} more"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("H800 SXM 8OGB", "; did you mean 'H800 SXM 80GB' or 'H100 SXM 80GB'?"),
        ("h800 sxm 80gb", "; did you mean 'H800 SXM 80GB' or 'H100 SXM 80GB'?"),
        ("toaster", ""),
        ("", ""),
    ],
)
def test_a_mistyped_word_is_answered_with_near_ones(word: str, hint: str) -> None:
    assert nearest(word, ["TPU v4", "H100 SXM 80GB", "H800 SXM 80GB"]) == hint


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "'plain'"),
        ("a\u00a0b", "'a\\u00a0b'"),
        ("a\nb\tc", "'a\\u000ab\\u0009c'"),
        ("x" * 61, f"'{'x' * 57}...'"),
        ("", ""),
        ("\u041d800", "'\u041d800' (with CYRILLIC CAPITAL LETTER EN)"),
        (
            "\uff15\u0430\u0430",
            "'\uff15\u0430\u0430' (with FULLWIDTH DIGIT FIVE, CYRILLIC SMALL LETTER A)",
        ),
        ("caf\u00e9", "'caf\u00e9' (with LATIN SMALL LETTER E WITH ACUTE)"),
    ],
)
def test_what_was_found_is_shown_so_that_nothing_hides(text: str, shown: str) -> None:
    assert quoted(text) == shown
