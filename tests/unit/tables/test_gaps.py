"""The numbers in the reasons why a stage has no price."""

from __future__ import annotations

import polars as pl

from traincost.tables.gaps import gap_cells


def test_they_are_shown_as_the_reason_tells_them() -> None:
    stages = pl.DataFrame(
        {
            "stage_id": ["a", "b"],
            "book_id": ["mine", "mine"],
            "unpriced_days": [42 / 86_400, None],
            "window_days": [3.000486, None],
        }
    )
    first, second = gap_cells(stages)
    assert (first.display, first.number_id) == ("0.00049", "a.unpriced_days@mine")
    assert (second.display, second.value) == ("3.0", 3.000486)
