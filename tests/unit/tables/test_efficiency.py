"""efficiency: the table from which a reader learns which factor explains the advantage."""

from __future__ import annotations

import pytest

from traincost.tables.efficiency import CHEAPER, DEARER, REFERENCE
from unit.tables.worlds import WORLDS, table, with_stages, world
from unit.world import standard


def row_of(shown, row_id: str):
    (row,) = [row for row in shown.rows if row.row_id == row_id]
    return row


def displays(row) -> dict[str, str]:
    return {key: cell.display for key, cell in row.cells.items()}


def test_each_peer_has_its_factors_and_the_one_that_leads() -> None:
    assert displays(row_of(table("efficiency", standard()), "llama-3.1-405b")) == {
        "tokens": "15.00",
        "active_params_b": "405.00",
        "gpu_hours": "30,840.0",
        "gpu": "H100 SXM 80GB, BF16",
        "achieved_tflops": "328",
        "peak_tflops": "990",
        "utilisation": "33.2",
        # 15 / 14.8, 405 / 37, 342.6 / 328.3, and 30,840 / 2,664
        "tokens_factor": "1.014",
        "flop_per_token_factor": "10.946",
        "throughput_factor": "1.044",
        "hours_ratio": "11.577",
        "leading": "FLOP per token",
        "tokens_log_points": "1",
        "flop_per_token_log_points": "239",
        "throughput_log_points": "4",
        "hours_log_points": "245",
        "price_factor": "1.071",
        "cost_ratio": "12.399",
    }


def test_v3_stands_first_with_its_speed_and_no_factor() -> None:
    shown = table("efficiency", standard())
    assert shown.rows[0].row_id == "v3"
    v3 = displays(shown.rows[0])
    assert (v3["gpu"], v3["achieved_tflops"], v3["utilisation"]) == (
        "H800 SXM 80GB, FP8",
        "343",
        "17.3",
    )
    assert v3["hours_ratio"] == v3["leading"] == v3["price_factor"] == "[z]"


def test_peers_are_parted_by_who_took_more_hours() -> None:
    shown = table("efficiency", standard())
    groups = {row.row_id: row.group for row in shown.rows}
    assert groups["v3"] == REFERENCE
    assert groups["llama-4-scout"] == DEARER
    assert groups["llama-4-maverick"] == CHEAPER


def test_the_title_counts_which_factor_leads() -> None:
    assert table("efficiency", standard()).title == (
        "Against the 9 peers that took more GPU-hours, V3's advantage comes first from fewer FLOP"
        " per token in 6, higher speed in 2 and fewer tokens in 1"
    )


def test_other_figures_make_another_title() -> None:
    # with a tenth of the hours Scout took fewer than V3
    shown = table("efficiency", with_stages((",5.0M,", ",0.5M,")))
    assert shown.title.endswith("FLOP per token in 6 and higher speed in 2")
    # V3 with a hundred times the hours: no peer took more
    shown = table("efficiency", with_stages((",2664K,", ",266400K,")))
    assert shown.title == "No peer with known work took more GPU-hours than V3"


@pytest.mark.parametrize("name", WORLDS)
def test_hours_and_their_factors_do_not_depend_on_prices(name: str) -> None:
    standard_row = displays(row_of(table("efficiency", standard()), "llama-3.1-405b"))
    row = displays(row_of(table("efficiency", world(name)), "llama-3.1-405b"))
    for key in ("tokens_factor", "flop_per_token_factor", "throughput_factor", "hours_ratio"):
        assert row[key] == standard_row[key]
    # no book is marked own_price here
    assert row["price_factor"] == row["cost_ratio"] == "[x]"


def test_printed_utilisation_stands_beside_ours() -> None:
    (note,) = [n for n in table("efficiency", standard()).notes if n.startswith("Utilisation")]
    assert "Llama 3.1 405B 38.0 to 43.0 (here 33.2)" in note
    assert "DeepSeek-V3 38.9 to 43.7 (here 34.6)" in note
    assert "PaLM 540B 46.2 (here 30.4)" in note


def test_the_convention_names_the_sparse_peers() -> None:
    note = table("efficiency", standard()).notes[0]
    for model in ("Llama 4 Scout", "Llama 4 Maverick", "Snowflake Arctic 480B", "JetMoE-8B"):
        assert model in note
    assert "Llama 3.1 405B" not in note


def test_an_assumed_number_format_is_marked() -> None:
    shown = table("efficiency", standard())
    assert displays(row_of(shown, "llama-3-8b"))["gpu"] == "H100 SXM 80GB, BF16, assumed"
    # an A100 has no other format for this
    assert displays(row_of(shown, "llama-65b"))["gpu"] == "A100 80GB, BF16"
    arctic = displays(row_of(shown, "snowflake-arctic"))
    assert (arctic["peak_tflops"], arctic["utilisation"]) == ("[x]", "[x]")
