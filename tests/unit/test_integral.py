"""The pricing kernel against plain Python, second by second, compiled and not."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from traincost import compiled, integral
from traincost.integral import Index, cursors, index_of, integrals, repeated

KEYS = 3
NO_STEP = (0, 0, 0, -(10**9))
# the last key never has a price
steps_drawn = st.lists(
    st.tuples(
        st.integers(0, KEYS - 2), st.integers(0, 60), st.integers(0, 9_999), st.integers(1, 30)
    ),
    max_size=25,
    unique_by=lambda step: step[:2],
)
windows_drawn = st.lists(
    st.tuples(st.integers(0, KEYS - 1), st.integers(-10, 90), st.integers(0, 60)),
    min_size=1,
    max_size=12,
)


@pytest.fixture(params=["plain", "compiled"])
def form(request, monkeypatch: pytest.MonkeyPatch) -> str:
    """Few rows as a rule are not compiled: here they are, or never."""
    monkeypatch.setattr(compiled, "FEW_ROWS", 0 if request.param == "compiled" else 10**9)
    return request.param


def index(steps: list[tuple], kind: type = np.int32) -> Index:
    columns = list(zip(*steps, strict=True)) if steps else [()] * 4
    keys, from_s, units, life_s = (np.array(column, kind) for column in columns)
    # in two parts, as from two batches
    half = len(keys) // 2
    parts = ([column[:half], column[half:]] for column in (keys, from_s, units, life_s))
    return index_of(*parts, KEYS)


def priced(of: Index, windows: list[tuple], kind: type = np.int32) -> list[tuple[int, int]]:
    keys, start_s, length = (np.array(column, kind) for column in zip(*windows, strict=True))
    sums, missed = integrals(of, keys, start_s, start_s + length)
    return list(zip(sums.tolist(), missed.tolist(), strict=True))


def naive(steps: list[tuple], key: int, start: int, length: int) -> tuple[int, int]:
    """Unit-seconds and seconds without a price: one second after the other."""
    total = missed = 0
    for second in range(start, start + length):
        before = [step for step in steps if step[0] == key and step[1] <= second]
        _, from_s, units, life_s = max(
            before, key=lambda step: step[1], default=(0, 0, 0, -(10**9))
        )
        if second < from_s + life_s:
            total += units
        else:
            missed += 1
    return total, missed


@given(steps_drawn, windows_drawn)
@pytest.mark.usefixtures("form")
def test_an_integral_is_the_sum_over_the_seconds(steps, windows) -> None:
    assert priced(index(steps), windows) == [naive(steps, *window) for window in windows]


@given(steps_drawn, windows_drawn, st.randoms(use_true_random=False))
@pytest.mark.usefixtures("form")
def test_the_order_of_steps_and_rows_changes_nothing(steps, windows, random) -> None:
    mixed = random.sample(range(len(windows)), len(windows))
    found = priced(index(random.sample(steps, len(steps))), [windows[place] for place in mixed])
    straight = priced(index(steps), windows)
    assert found == [straight[place] for place in mixed]


@given(steps_drawn, windows_drawn)
def test_exact_fractions_go_through_the_same_function(steps, windows) -> None:
    third = [(key, from_s, Fraction(units, 3), life_s) for key, from_s, units, life_s in steps]
    columns = list(zip(*third, strict=True)) if steps else [()] * 4
    keys, from_s, life_s = (np.array(columns[place], np.int64) for place in (0, 1, 3))
    of = index_of([keys], [from_s], [np.array(columns[2], object)], [life_s], KEYS)
    assert priced(of, windows) == [
        (Fraction(total, 3), missed)
        for total, missed in (naive(steps, *window) for window in windows)
    ]


@pytest.mark.usefixtures("form")
def test_a_long_history_of_dear_prices_loses_no_digit() -> None:
    # a century of hourly changes at up to 2,000 dollars in micro-dollars: 6.3e18 in all
    hours = 876_000
    units = (2_000_000_000 - np.arange(hours) % 7).astype(np.int32)
    from_s = (np.arange(hours, dtype=np.int64) * 3600 - 2**30).astype(np.int32)
    if compiled.FEW_ROWS:
        hours, units, from_s = 300, units[:300], from_s[:300]
    of = index_of([np.zeros(hours, np.int32)], [from_s], [units], 3600, 1)
    end = int(from_s[-1]) + 3600
    (total,), (missed,) = integrals(
        of, np.zeros(1, np.int32), from_s[:1], np.array([end], np.int32)
    )
    assert (int(total), missed) == (sum(units.tolist()) * 3600, 0)


@pytest.mark.usefixtures("form")
def test_batches_that_take_up_where_the_last_one_ended_are_priced_alike() -> None:
    of = index([(0, second, second, 1) for second in range(50)])
    windows = [(0, second, 3) for second in (40, 2, 30, 0, 49)]
    cursor, found = cursors(of), []
    for key, start, length in windows:
        arrays = (np.array([number], np.int32) for number in (key, start, start + length))
        sums, missed = integrals(of, *arrays, cursor)
        found.append((int(sums[0]), int(missed[0])))
    assert found == priced(of, windows)


def test_two_steps_at_one_moment_are_told() -> None:
    of = index([(0, 5, 1, 9), (1, 5, 1, 9), (0, 5, 2, 9), (0, 6, 2, 9)])
    assert repeated(of).tolist() == [1]


def test_few_rows_never_import_the_compiler() -> None:
    assert compiled.for_rows(integral._count, 100) is integral._count
