"""What rows of the files on the whole field must hold together."""

from __future__ import annotations

import pytest

from unit.world import refusal

BAD = [
    (
        "hardware",
        "h800-sxm.tdp,H800 SXM 80GB,tdp,700,,W",
        "h800-sxm.tdp,H800 SXM 80GB,tdp,,,W",
        "column value: must be there, unless the unit is `date`",
    ),
    (
        "hardware",
        "h800-sxm.tdp,H800 SXM 80GB,tdp,700,,W",
        "h800-sxm.tdp,H800 SXM 80GB,tdp,700,2023-01-01,W",
        "column value_date: found '2023-01-01'; must hold the day where the unit is `date`",
    ),
    (
        "windows",
        'v3,2024-12-26,"2,048",,',
        "v3,2024-12-26,,,",
        "column assumed_days: must be there where gpu_count is empty, and only there",
    ),
    (
        "windows",
        'v3,2024-12-26,"2,048",,',
        'v3,2024-12-26,"2,048",60,',
        "column assumed_days: found '60.0'; must be there where gpu_count is empty",
    ),
    (
        "training_compute",
        "v3,v3.pre-training,v3.pre-training,FP8",
        "v3,v3.pre-training,v3.post-training,FP8",
        "column tokens_stage_id: found 'v3.post-training'; must be a stage with tokens",
    ),
    (
        "training_compute",
        "v3,v3.pre-training,v3.pre-training,FP8",
        "v3,v3.pretraining,v3.pre-training,FP8",
        "did you mean 'v3.pre-training'",
    ),
    (
        "training_compute",
        "h800-sxm.peak-fp8-dense,0.3894",
        "h800-sxm.memory,0.3894",
        "column peak_id: found 'h800-sxm.memory'; must be a row of data/hardware.csv with the unit",
    ),
    (
        "training_compute",
        "0.3894,0.4373,h800-sxm.peak-bf16-dense",
        "0.3894,0.4373,",
        "column utilisation_peak_id: must be there, as one of",
    ),
    (
        "training_compute",
        "0.3894,0.4373,",
        "0.4373,0.3894,",
        "column utilisation_to: found '0.3894'; must not be below utilisation_from",
    ),
    (
        "serving_days",
        "608B,342B",
        "342B,608B",
        "column cached_tokens: found '608B'; must not be more than input_tokens",
    ),
    ("serving_days", ",24,8,", ",24,8.5,", "column gpus_per_node: found '8.5'"),
    ("rl_runs", ",minimax-m1.rl,", ",minimax.rl,", "did you mean 'minimax-m1.rl'"),
    ("rl_runs", "minimax-m1.total.cost_usd", "minimax-m1.cost_usd", "column check_id"),
    ("cost_estimates", ",gpt-4,GPT-4,", ",gpt-5,GPT-4,", "column run_id: found 'gpt-5'"),
    ("cost_estimates", ",cloud rates,", ",cloud,", "column method: found 'cloud'; must be one of"),
]


@pytest.mark.parametrize(("name", "old", "new", "said"), BAD)
def test_a_bad_cell_is_refused_by_file_line_and_column(
    name: str, old: str, new: str, said: str
) -> None:
    message = refusal(name, old, new)
    assert f"data/{name}.csv, line " in message
    assert said in message


def test_an_unreadable_cell_is_refused_once() -> None:
    message = refusal("windows", 'v3,2024-12-26,"2,048",,', "v3,2024-12-26,many,,")
    assert message.count("data/windows.csv, line 2, column gpu_count") == 1
