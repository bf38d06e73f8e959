"""R1 beside other reinforcement learning, worked out by hand."""

from __future__ import annotations

import pytest

from unit.world import Tables, standard


def works(tables: Tables, book_id: str = "deepseek-2usd") -> dict[str, dict]:
    frame = tables["estimates.rl_runs"].filter(book_id=book_id)
    return {row["rl_id"]: row for row in frame.to_dicts()}


def test_minimax_m1_is_512_gpus_for_three_weeks() -> None:
    row = works(standard())["minimax-m1"]
    assert row["gpu_hours"] == 512 * 504
    # three weeks are 2.5 to 3.5
    assert (row["gpu_hours_low"], row["gpu_hours_high"]) == (512 * 420, 512 * 588)
    assert row["printed_cost_usd"] == 534_700
    assert row["implied_usd_per_gpu_hour"] == pytest.approx(2.0721, abs=1e-4)
    # 534,650 over 301,056 hours and 534,750 over 215,040
    assert row["implied_usd_per_gpu_hour_low"] == pytest.approx(1.7759, abs=1e-4)
    assert row["implied_usd_per_gpu_hour_high"] == pytest.approx(2.4867, abs=1e-4)


def test_hours_are_multiples_of_r1s() -> None:
    rows = works(standard())
    assert rows["deepmath-103k"]["ratio_to_r1"] == pytest.approx(127 / 147)
    assert rows["olmo-3.1-full"]["gpu_hours"] == 224 * 28 * 24
    assert rows["olmo-3.1-full"]["ratio_to_r1"] == pytest.approx(1.024)
    assert rows["olmo-3.1-extension"]["gpu_hours"] == 112_896
    assert rows["r1-zero"]["ratio_to_r1"] == pytest.approx(101 / 147)


def test_other_cost_stands_beside_the_hours() -> None:
    row = works(standard())["deepmath-103k"]
    assert (row["common_cost_usd"], row["other_cost_usd"]) == (254_000, 138_000)
    assert row["printed_cost_usd"] is row["implied_usd_per_gpu_hour"] is None


def test_the_one_price_is_that_of_v3_and_r1() -> None:
    row = works(standard(), "h800-quotes")["deepmath-103k"]
    assert row["common_cost_usd"] == pytest.approx(127_000 * 3.42)
    assert works(standard(), "a100-list")["deepmath-103k"]["common_cost_usd"] is None
