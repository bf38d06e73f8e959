"""Cells to whole numbers: exact, or refused."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traincost.compiled import FEW_ROWS
from traincost.ledger.reading import EPOCH_S, counts, micro_usd, seconds, unfilled

DAY = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp()) - EPOCH_S


def refused(wrong) -> list[int]:
    return sorted({int(row) for mask, _ in wrong for row in mask.nonzero()[0]})


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T12:00:00",
        "2026-03-01 12:00:00",
        "2026-03-01T12:00:00Z",
        "2026-03-01T14:00:00+02:00",
        "2026-03-01 12:00:00Z",
        "2026-03-01 06:30:00-0530",
        "2026-03-02T02:00:00+14:00",
        "2026-03-01 12:00:00 UTC",
        "2026-03-01T12:00:00.000",
        "2026-03-01T12:00:00.000000Z",
        "2026-03-01T13:00:00.0+01:00",
    ],
)
def test_times_in_any_form_are_seconds(text: str) -> None:
    found, wrong = seconds(pl.Series(["2026-03-01", text]))
    wanted = int(datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()) - EPOCH_S
    assert (found.tolist(), wrong) == ([wanted - 43_200, wanted], [])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-02-29",
        "2026-04-31",
        "2026-13-01",
        "2026-00-01",
        "2026-03-00",
        "2026-03-01T24:00:00",
        "2026-03-01T12:60:00",
        "2026-03-01T12:00:60",
        "2026-03-01T12-00-00",
        "2026/03/01",
        "٢٠٢٦-03-01",
        "2026-02-30",
        "2026-03-01T12:00:00.5",
        "1989-12-31",
        "2057-01-01",
        "12:00",
        "7",
    ],
)
def test_what_is_no_whole_second_of_these_years_is_refused(text: str) -> None:
    assert refused(seconds(pl.Series(["2026-03-01", text]))[1]) == [1]


@pytest.mark.parametrize(
    "text",
    [
        " 2026-03-01",
        "+2026-03-01",
        "2026-3-1",
        " 2026-03-01T12:00:00Z",
        "2026-03-01T12:00:00 Z",
        "2026-03-01T12:00:00ZZ",
        "2026-03-01T12:00:00+2",
        "2026-03-01T12:00:00+15:00",
        "2026-03-01T12:00:00+02:60",
        "2026-03-01Z",
        "2026-03-01T12:00:00.",
        "2026-03-01T12:00:00.001Z",
        "2026-03-01T12:00:00UTC",
        "1990-01-01T00:00:00+01:00",
        "2056-12-31T23:30:00-01:00",
    ],
)
def test_a_time_has_all_its_digits_and_nothing_else(text: str) -> None:
    assert refused(seconds(pl.Series(["2026-03-01", text]))[1]) == [1]


@pytest.mark.parametrize("repeats", [1, FEW_ROWS])
@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2056, 12, 31, 23, 59, 59)), st.sampled_from("T ")
)
@settings(max_examples=30, deadline=None)
def test_every_second_of_these_years_is_read(repeats: int, moment: datetime, between: str) -> None:
    """By the plain loop and by the compiled one."""
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    text = moment.strftime(f"%Y-%m-%d{between}%H:%M:%S")
    found, wrong = seconds(pl.Series([text, text[:10], f"{text}Z"] * repeats))
    second = int(moment.timestamp()) - EPOCH_S
    assert (found[-3:].tolist(), wrong) == ([second, second - second % 86_400, second], [])


def test_all_rows_of_a_column_are_read_alike_however_it_is_cut() -> None:
    texts = pl.Series(["2026-03-01", None, "", "2026-03-02", "2026-03-03 00:00:01"])
    for cut in (texts[3:], pl.concat([texts[3:4], texts[4:]], rechunk=False), texts[2:][1:]):
        assert seconds(cut)[0].tolist() == [DAY + 86_400, DAY + 172_801]
    assert refused(seconds(texts)[1]) == [1, 2]
    assert seconds(texts[:0])[0].tolist() == micro_usd(texts[:0])[0].tolist() == []
    assert refused(micro_usd(pl.Series([None, "", "3.5"]))[1]) == [0, 1]


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_typed_times_with_parts_of_a_second_are_refused(unit: str) -> None:
    whole = pl.Series([datetime(2026, 3, 1)]).cast(pl.Datetime(unit)).to_physical()
    times = pl.concat([whole, whole + 1]).cast(pl.Datetime(unit))
    assert refused(seconds(times)[1]) == [1]


@given(st.decimals("0", "2000", places=6))
def test_every_price_of_six_decimals_is_exact(price) -> None:
    many = pl.Series([str(price)] * FEW_ROWS)  # by the compiled loop
    assert set(micro_usd(many)[0].tolist()) == {int(price * 1_000_000)}
    for column in (pl.Series([str(price)]), pl.Series([float(price)]), pl.Series([price])):
        found, wrong = micro_usd(column)
        assert (found.tolist(), wrong) == ([int(price * 1_000_000)], [])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "-1",
        "2000.01",
        "1.0000001",
        "2.00000000000000000001",
        "1e3",
        "nan",
        "inf",
        "1,5",
        "$2",
        ".",
        "1..5",
        "1.5.0",
        "+1",
        " 1",
        "1_000",
        "99999999999999999999",
        "0.0000000000000000001",
    ],
)
def test_prices_that_would_lose_a_digit_or_are_none_are_refused(text: str) -> None:
    assert refused(micro_usd(pl.Series(["2.5", text]))[1]) == [1]


def test_zeros_behind_six_decimals_are_no_digits() -> None:
    found, wrong = micro_usd(pl.Series(["2.5000000000000000000", "02.5", ".5", "7"]))
    assert (found.tolist(), wrong) == ([2_500_000, 2_500_000, 500_000, 7_000_000], [])


@pytest.mark.parametrize("value", [1.0000001, float("nan"), float("inf"), -0.5, None, 2000.5])
def test_typed_prices_too(value) -> None:
    assert refused(micro_usd(pl.Series([2.5, value], dtype=pl.Float64))[1]) == [1]


def test_counts_are_whole_numbers_from_one_on() -> None:
    texts = pl.Series(["8", "0", "-1", "1.5", "", "10000001", "x", "8.0", "1.50", ".0"])
    found, wrong = counts(texts)
    assert (found[0], found[7], refused(wrong)) == (8, 8, [1, 2, 3, 4, 5, 6, 8, 9])
    found, wrong = counts(pl.Series([8.0, 1.5, None]))
    assert (found[0], refused(wrong)) == (8, [1, 2])


@pytest.mark.parametrize("column", [pl.Series([True]), pl.Series([[1]]), pl.Series([1])])
def test_columns_of_another_kind_are_refused_whole(column: pl.Series) -> None:
    assert refused(seconds(column)[1]) == [0]
    if column.dtype != pl.Int64:
        assert refused(micro_usd(column)[1]) == refused(counts(column)[1]) == [0]


def test_empty_cells_are_found_in_any_type() -> None:
    for kind in (pl.String, pl.Categorical):
        assert refused(unfilled(pl.Series(["a", "", None]).cast(kind))) == [1, 2]
    assert refused(unfilled(pl.Series([1, None]))) == [1]
    assert unfilled(pl.Series([1, 2])) == []
