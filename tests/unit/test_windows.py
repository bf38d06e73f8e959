"""When stages ran, as assumed."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from traincost.windows import NO_COUNT, NO_END, as_time, service_windows, stage_windows

DAY_S = 86_400
END_S = 20_088 * DAY_S  # 2024-12-31

STAGE = {
    "stage_id": pl.String,
    "run_id": pl.String,
    "stage_order": pl.Float64,
    "gpu_hours": pl.Float64,
    "gpu_count": pl.Float64,
    "release_date": pl.Date,
}
WINDOW = {
    "run_id": pl.String,
    "window_end": pl.Date,
    "window_gpu_count": pl.Float64,
    "assumed_days": pl.Float64,
}
RELEASE = date(2024, 12, 31)


def windows(stages: list[tuple], assumed: list[tuple] = ()) -> dict[str, dict]:
    found = stage_windows(
        pl.DataFrame(stages, schema=STAGE, orient="row"),
        pl.DataFrame([(*row, None)[:4] for row in assumed], schema=WINDOW, orient="row"),
    )
    return {row["stage_id"]: row for row in found.iter_rows(named=True)}


def test_a_run_ends_on_its_release_and_lasts_its_hours_over_its_gpus() -> None:
    # 2,400 GPU-hours on 100 GPUs: one day
    row = windows([("s", "r", 1.0, 2400.0, 100.0, RELEASE)])["s"]
    assert (row["start_s"], row["end_s"]) == (END_S - DAY_S, END_S)


def test_stages_follow_in_their_order_without_a_pause() -> None:
    found = windows(
        [
            ("last", "r", 10.0, 1200.0, 100.0, RELEASE),
            ("first", "r", 1.0, 2400.0, 100.0, RELEASE),
            ("second", "r", 2.0, 100.0, 100.0, RELEASE),
        ]
    )
    assert found["last"]["end_s"] == END_S
    assert found["last"]["start_s"] == found["second"]["end_s"] == END_S - DAY_S // 2
    assert found["second"]["start_s"] == found["first"]["end_s"] == END_S - DAY_S // 2 - 3600


def test_an_assumed_length_is_divided_by_hours_of_work_where_a_count_is_missing() -> None:
    found = windows(
        [("a", "r", 1.0, 900.0, None, RELEASE), ("b", "r", 2.0, 100.0, 8.0, RELEASE)],
        [("r", date(2024, 12, 30), None, 10.0)],
    )
    # ten days, nine of them for 900 of 1,000 hours, up to December 30th
    assert (found["a"]["start_s"], found["a"]["end_s"]) == (END_S - 11 * DAY_S, END_S - 2 * DAY_S)
    assert (found["b"]["start_s"], found["b"]["end_s"]) == (END_S - 2 * DAY_S, END_S - DAY_S)


def test_counts_of_all_stages_come_before_an_assumed_length() -> None:
    found = windows([("a", "r", 1.0, 2400.0, 100.0, RELEASE)], [("r", RELEASE, None, 10.0)])
    assert found["a"]["end_s"] - found["a"]["start_s"] == DAY_S


def test_a_serving_day_ends_at_its_hour_utc() -> None:
    days = pl.DataFrame(
        {"window_end": [RELEASE], "window_end_hour_utc": [4.0], "window_hours": [24.0]}
    )
    row = service_windows(days).row(0, named=True)
    assert row["end_s"] == END_S + 4 * 3600
    assert row["end_s"] - row["start_s"] == DAY_S
    assert row["no_window_because"] is None


def test_an_assumed_window_comes_before_the_release_and_fills_in_a_missing_count() -> None:
    found = windows(
        [("a", "r", 1.0, 2400.0, None, RELEASE), ("b", "r", 2.0, 2400.0, 200.0, RELEASE)],
        [("r", date(2024, 12, 30), 50.0)],
    )
    assert found["b"]["end_s"] == END_S - DAY_S
    assert found["b"]["end_s"] - found["b"]["start_s"] == DAY_S // 2
    assert found["a"]["end_s"] - found["a"]["start_s"] == 2 * DAY_S


@pytest.mark.parametrize(
    ("count", "release", "reason"),
    [(None, RELEASE, NO_COUNT), (100.0, None, NO_END), (None, None, NO_COUNT)],
)
def test_without_a_count_or_an_end_a_run_has_no_window_and_the_reason(count, release, reason):
    found = windows([("a", "r", 1.0, 9.0, 100.0, release), ("b", "r", 2.0, 9.0, count, release)])
    for row in found.values():
        assert (row["start_s"], row["end_s"]) == (None, None)
        assert row["no_window_because"] == reason


def test_a_stage_of_less_than_a_second_lasts_a_second() -> None:
    row = windows([("s", "r", 1.0, 1.0, 100_000.0, RELEASE)])["s"]
    assert row["end_s"] - row["start_s"] == 1


def test_runs_do_not_touch_each_other() -> None:
    found = windows(
        [("a", "r", 1.0, 2400.0, 100.0, RELEASE), ("b", "q", 1.0, 2400.0, 100.0, RELEASE)]
    )
    assert found["a"]["end_s"] == found["b"]["end_s"] == END_S


def test_seconds_are_shown_as_utc() -> None:
    shown = pl.DataFrame({"s": [END_S]}).select(as_time("s")).item()
    assert (shown.year, shown.month, shown.day, shown.hour) == (2024, 12, 31, 0)
