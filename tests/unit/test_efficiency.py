"""Where a saving comes from: factors that multiply to the ratio, worked out by hand."""

from __future__ import annotations

import math

import pytest

from traincost.efficiency import HOURS_FACTORS
from unit.tables.worlds import FLAT
from unit.world import Tables, layers, standard, text_of


def runs(tables: Tables) -> dict[str, dict]:
    return {row["run_id"]: row for row in tables["estimates.efficiency"].to_dicts()}


def test_v3_computed_six_flop_per_active_parameter_and_token() -> None:
    v3 = runs(standard())["v3"]
    # 6 x 37 billion x 14.8 trillion = 3.2856e24 FLOP in 2,664,000 hours
    assert v3["training_flop"] == pytest.approx(3.2856e24)
    assert v3["flop_per_gpu_hour"] == pytest.approx(3.2856e24 / 2_664_000)
    # 342.6 TFLOP/s: 17.3% of the peak in FP8, 1,979, and 34.6% of that in BF16, 989
    assert v3["achieved_tflops"] == pytest.approx(342.59, abs=0.01)
    assert v3["utilisation"] == pytest.approx(0.17311, abs=1e-5)
    assert v3["utilisation_as_printed"] == pytest.approx(0.34640, abs=1e-5)
    assert all(v3[f"{name}_factor"] is None for name in (*HOURS_FACTORS, "price"))


def test_llama_3_1_405b_by_hand() -> None:
    row = runs(standard())["llama-3.1-405b"]
    # 15 over 14.8 trillion tokens, 405 over 37 billion parameters
    assert row["tokens_factor"] == pytest.approx(15 / 14.8)
    assert row["flop_per_token_factor"] == pytest.approx(405 / 37)
    # 6 x 405e9 x 15e12 = 3.645e25 FLOP in 30.84 million hours: 328.3 TFLOP/s
    assert row["achieved_tflops"] == pytest.approx(328.31, abs=0.01)
    assert row["throughput_factor"] == pytest.approx(342.59 / 328.31, abs=1e-4)
    assert row["hours_ratio"] == pytest.approx(30.84e6 / 2.664e6)
    assert row["leading_factor"] == "flop_per_token"


def test_llama_4_scout_lost_by_its_tokens() -> None:
    row = runs(standard())["llama-4-scout"]
    # 40 over 14.8 trillion tokens, 17 over 37 billion parameters, 5.0 over 2.664 million hours
    assert row["tokens_factor"] == pytest.approx(2.7027, abs=1e-4)
    assert row["flop_per_token_factor"] == pytest.approx(0.45946, abs=1e-5)
    assert row["throughput_factor"] == pytest.approx(1.5114, abs=1e-4)
    assert row["hours_ratio"] == pytest.approx(1.8769, abs=1e-4)
    assert row["leading_factor"] == "tokens"


INDEPENDENT = [
    # Epoch AI: 2.159e22 FLOP in 72,300 hours of an A100
    ("pythia-12b", "utilisation", 0.2659, 5e-5),
    # Patterson and others: 24.6 TFLOP/s, 19.7% of 125
    ("gpt-3-175b", "achieved_tflops", 24.6, 0.05),
    ("gpt-3-175b", "utilisation", 0.1968, 5e-4),
    # 8.4e23 FLOP in 1,720,320 hours of an A100 with 312 TFLOP/s
    ("llama-2-70b", "utilisation", 0.4347, 5e-5),
    # 2.5272e24 FLOP in 6,144 x 1,200 + 3,072 x 336 chip-hours
    ("palm-540b", "achieved_tflops", 83.52, 0.005),
    # 3.78e24 FLOP in 7.0 million hours: the 48% that notes on its blog give
    ("falcon-180b", "utilisation", 0.48, 0.005),
]


@pytest.mark.parametrize(("run_id", "name", "value", "margin"), INDEPENDENT)
def test_others_find_the_same(run_id: str, name: str, value: float, margin: float) -> None:
    assert runs(standard())[run_id][name] == pytest.approx(value, abs=margin)


@pytest.mark.parametrize("run_id", sorted(set(runs(standard())) - {"v3"}))
def test_factors_multiply_to_the_ratio_and_log_points_add_up(run_id: str) -> None:
    row = runs(standard())[run_id]
    product = math.prod(row[f"{name}_factor"] for name in HOURS_FACTORS)
    assert product == pytest.approx(row["hours_ratio"], rel=1e-12)
    points = sum(row[f"{name}_log_points"] for name in HOURS_FACTORS)
    assert points == pytest.approx(row["hours_log_points"], rel=1e-9, abs=1e-9)
    if row["price_factor"] is None:
        assert row["cost_ratio"] is None
    else:
        assert product * row["price_factor"] == pytest.approx(row["cost_ratio"], rel=1e-12)
        whole = points + row["price_log_points"]
        assert whole == pytest.approx(row["cost_log_points"], rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("run_id", sorted(set(runs(standard())) - {"v3"}))
def test_the_ratio_lies_in_its_interval_which_the_factors_only_widen(run_id: str) -> None:
    row = runs(standard())[run_id]
    low, high = row["hours_ratio_low"], row["hours_ratio_high"]
    assert low <= row["hours_ratio"] <= high
    if math.isfinite(high):
        intervals = ("tokens", "throughput")
        assert math.prod(row[f"{name}_factor_low"] for name in intervals) * row[
            "flop_per_token_factor"
        ] <= low * (1 + 1e-9)


def test_the_leading_factor_pushes_in_the_direction_of_the_gap() -> None:
    for row in runs(standard()).values():
        if row["run_id"] != "v3":
            sign = math.copysign(1, row["hours_log_points"])
            pushes = {name: sign * row[f"{name}_log_points"] for name in HOURS_FACTORS}
            assert pushes[row["leading_factor"]] == max(pushes.values()) > 0


def test_two_phases_count_together_with_the_tokens_of_both() -> None:
    palm = runs(standard())["palm-540b"]
    assert palm["gpu_hours"] == 6144 * 1200 + 3072 * 336
    assert palm["tokens"] == 780e9


def test_a_run_on_an_unknown_accelerator_has_factors_and_no_utilisation() -> None:
    arctic = runs(standard())["snowflake-arctic"]
    assert arctic["peak_tflops"] is arctic["utilisation"] is None
    assert arctic["hours_ratio"] == pytest.approx(504 / 2664)


def test_the_price_factor_is_that_of_own_prices() -> None:
    row = runs(standard())["llama-4-maverick"]
    assert row["v3_usd_per_gpu_hour"] == 3.42
    assert row["price_factor"] == pytest.approx(row["usd_per_gpu_hour"] / 3.42)
    # without a marked book there is none, and the rest stands
    flat = runs(layers(books={"a": FLAT}, baseline="a"))["llama-4-maverick"]
    assert flat["price_factor"] is flat["cost_ratio"] is None
    assert flat["hours_ratio"] == row["hours_ratio"]


def test_other_tokens_move_the_factor_of_tokens_and_the_speed_alike() -> None:
    """The hours are as printed: twice the tokens mean twice the speed."""
    stages = text_of("data/stages.csv").replace(
        ",30.84M,,disclosed,~15T,", ",30.84M,,disclosed,~30T,"
    )
    moved = runs(layers({"stages": stages}))["llama-3.1-405b"]
    before = runs(standard())["llama-3.1-405b"]
    assert moved["tokens_factor"] == pytest.approx(2 * before["tokens_factor"])
    assert moved["throughput_factor"] == pytest.approx(before["throughput_factor"] / 2)
    assert moved["hours_ratio"] == before["hours_ratio"]
