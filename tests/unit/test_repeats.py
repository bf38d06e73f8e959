"""Keys that repeat are found over any batches, with the row they first stood in."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from traincost.repeats import Repeats


@given(st.lists(st.lists(st.sampled_from("abcde"), max_size=6), min_size=1, max_size=5))
def test_every_repeat_is_found_with_its_first_place(batches: list[list[str]]) -> None:
    repeats, line, first, expected = Repeats(), 0, {}, []
    for keys in batches:
        frame = pl.DataFrame({"key": keys, "line": range(line, line + len(keys))}).cast(
            {"key": pl.String, "line": pl.Int64}
        )
        for key in keys:
            if key in first:
                expected.append((key, line, key, first[key]))
            first.setdefault(key, line)
            line += 1
        repeats.add(frame, pl.col("key"), ["key", "line"])
    assert repeats.found().select("key", "line", "first_key", "first_line").rows() == expected
