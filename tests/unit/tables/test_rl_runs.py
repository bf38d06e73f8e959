"""rl_runs under the configured and under other books."""

from __future__ import annotations

import pytest

from unit.tables.worlds import WORLDS, table, with_stages, world
from unit.world import standard


def cells(shown, row_id: str) -> dict[str, str]:
    (row,) = [row for row in shown.rows if row.row_id == row_id]
    return {key: cell.display for key, cell in row.cells.items()}


def test_r1_stands_first_part_by_part_and_as_a_whole() -> None:
    shown = table("rl_runs", standard())
    first = ["rl.r1-zero", "rl.r1-data", "rl.r1-training", "r1.total"]
    assert [row.row_id for row in shown.rows[:4]] == first
    whole = cells(shown, "r1.total")
    assert (whole["gpu_hours"], whole["common_cost_usd"], whole["implied"]) == (
        "147.0",
        "294.0",
        "2.00",
    )


def test_minimax_m1_and_the_price_it_implies() -> None:
    assert cells(table("rl_runs", standard()), "rl.minimax-m1") == {
        "gpu": "H800",
        "gpu_hours": "258.0",
        "gpu_hours_low": "215.0",
        "gpu_hours_high": "301.1",
        "ratio": "1.76",
        "common_cost_usd": "516.1",
        "printed_cost_usd": "534.7",
        "implied": "2.07",
        "implied_low": "1.78",
        "implied_high": "2.49",
        "other_cost_usd": "[z]",
        "basis": "GPUs times duration. The base model is not counted",
    }


def test_fees_stand_beside_the_hours_of_deepmath() -> None:
    found = cells(table("rl_runs", standard()), "rl.deepmath-103k")
    assert (found["gpu"], found["ratio"], found["other_cost_usd"]) == ("H20", "0.86", "138.0")


def test_the_title_counts_the_larger_works() -> None:
    start = " other disclosed runs of reinforcement learning, fine-tuning or data creation took"
    assert table("rl_runs", standard()).title == f"4 of 12{start} more GPU-hours than R1"
    # R1-Zero with ten times the hours
    shown = table("rl_runs", with_stages((",101K,", ",1010K,")))
    assert shown.title == f"0 of 12{start} more GPU-hours than R1"


@pytest.mark.parametrize("name", WORLDS)
def test_hours_do_not_depend_on_prices(name: str) -> None:
    found = cells(table("rl_runs", world(name)), "rl.minimax-m1")
    assert (found["gpu_hours"], found["ratio"], found["printed_cost_usd"]) == (
        "258.0",
        "1.76",
        "534.7",
    )


def test_unlike_accelerators_are_told_by_their_peaks() -> None:
    (note,) = [note for note in table("rl_runs", standard()).notes if "unlike" in note]
    assert "H20 148" in note and "H800 SXM 80GB 989" in note
