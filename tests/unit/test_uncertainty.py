"""What assumptions leave open: quantiles by hand, one draw for all, and what a change moves."""

from __future__ import annotations

import math
from statistics import NormalDist

import polars as pl
import pytest
from audit.numbered import reached, turned

from traincost import display
from traincost.audit import audit_numbers
from traincost.declarations.uncertainty import STEPS
from traincost.draws import Assumption
from traincost.errors import UserError
from traincost.sampled import Program, spread, swings
from traincost.tables import built_tables
from traincost.tables.cells import cells_frame
from unit import world
from unit.world import hashes, layers, standard, text_of, validate

NORMAL = NormalDist()
TO_95 = NORMAL.inv_cdf(0.95)


def found(estimate_id: str, tables=None) -> dict:
    frame = (tables or standard())["estimates.uncertainty"]
    return frame.filter(estimate_id=estimate_id).row(0, named=True)


def assumed(place: int, distribution: str, central: float, low: float, high: float) -> Assumption:
    return Assumption(f"a{place}", distribution, central, low, high)


def test_a_uniform_share_has_its_quantiles_at_parts_of_its_range() -> None:
    """The price of V3's cluster reads the share of the interconnect alone."""
    low, high = 1 - 1 / 1.07, 1 - 1 / 1.32
    row = found("v3.owned.default.cluster_usd")
    for level, part in (("p05", 0.05), ("p50", 0.5), ("p95", 0.95)):
        by_hand = 2048 * 44_750 / (1 - (low + part * (high - low)))
        assert row[level] == pytest.approx(by_hand, rel=5e-4)


def test_the_ladder_shows_what_the_share_of_final_runs_leaves_open() -> None:
    """Final runs are 10% to 30% of R&D, and any share is as likely as another."""
    tables = standard()
    built, _ = built_tables(tables, hashes(tables))
    rows = {row.row_id: row for row in built["scope_ladder"].rows}
    cells = rows["rnd-compute"].cells
    assert cells["p05"].value == pytest.approx(5.87e6 / 0.29, rel=5e-4)
    assert cells["p95"].value == pytest.approx(5.87e6 / 0.11, rel=5e-4)
    assert rows["r1"].cells["p05"].display == display.NOT_APPLICABLE


def test_a_product_of_lognormals_is_lognormal() -> None:
    widths = enumerate((2, 1.5, 1.2))
    factors = [assumed(place, "lognormal", 1, 1 / width, width) for place, width in widths]
    program = Program("100 * a * b * c", tuple(zip("abc", factors, strict=True)))
    width = math.hypot(*(math.log(each.high) / TO_95 for each in factors))
    by_hand = [100 * math.exp(width * NORMAL.inv_cdf(level)) for level in (0.05, 0.5, 0.95)]
    assert spread(program).quantiles == pytest.approx(by_hand, rel=1e-3)


def test_sums_of_a_uniform_and_a_normal_have_three_digits() -> None:
    """Beside the integral of the one over the distribution of the other."""
    program = Program(
        "a + b",
        (("a", assumed(0, "uniform", 10, 8, 12)), ("b", assumed(1, "normal", 10, 9, 11))),
    )

    def below(x: float) -> float:
        steps = 4000
        ends = (8 + 4 * (place + 0.5) / steps for place in range(steps))
        return sum(NORMAL.cdf((x - end - 10) * TO_95) for end in ends) / steps

    quantiles = spread(program).quantiles
    assert [below(each) for each in quantiles] == pytest.approx([0.05, 0.5, 0.95], abs=2e-3)


def test_two_runs_of_one_owner_are_drawn_together() -> None:
    """A dear draw is dear for both: the bounds of the sum are the sums of the bounds."""
    both = found("ladder.v3-r1-owned.value_usd")
    v3, r1 = (found(f"{run}.owned.default.owned_cost_usd") for run in ("v3", "r1"))
    for level in ("p05", "p50", "p95"):
        assert both[level] == pytest.approx(v3[level] + r1[level], rel=2e-3)


def test_parts_of_a_cost_and_real_dollars_have_quantiles_too() -> None:
    """What is a cost times a known number has its quantiles times that number."""
    cost = found("v3.owned.default.owned_cost_usd")
    real = found("v3.owned.default.real.real_owned_cost_usd")
    per_hour = found("v3.owned.default.owned_usd_per_gpu_hour")
    index = standard()["estimates.real_dollars"].filter(work_id="v3", set_id="default")
    rise = (index["real_index"] / index["quote_index"]).item()
    for level in ("p05", "p50", "p95"):
        assert real[level] == pytest.approx(cost[level] * rise, rel=1e-9)
        assert per_hour[level] == pytest.approx(cost[level] / 2_788_000, rel=1e-9)
    # electricity in China: 0.088 USD, from 0.6 to 1.7 times that, and the PUE and draw of V3
    energy = found("v3.owned.default.energy_cost_usd")
    hardware = found("v3.owned.default.hardware_cost_usd")
    assert energy["p05"] < energy["central_value"] < energy["p95"]
    assert energy["p95"] + hardware["p95"] > cost["p95"] > hardware["p95"]


def test_all_that_formulas_make_of_uncertain_assumptions_has_quantiles() -> None:
    """By the lineage, and not by the list of what is sampled."""
    tables = standard()
    none = cells_frame([])
    known = {**tables, "tables.cells": none}
    numbers = {row["number_id"]: row for row in audit_numbers(known).iter_rows(named=True)}
    drawn = tables["validated.assumptions"].filter(pl.col("distribution") != "fixed")
    reads: set[str] = set()
    for row in drawn.iter_rows(named=True):
        reads |= reading(numbers, f"{row['set_id']}.{row['assumption_id']}.central", "input_ids")
    computed = {
        each
        for each in reads
        if numbers[each]["formula"]
        and numbers[each]["layer"] == "estimates"
        and numbers[each]["table"] not in ("uncertainty", "tornado")
        and numbers[each]["column"] not in STEPS
    }
    assert computed == set(tables["estimates.uncertainty"]["number_id"])


def test_an_assumption_for_others_moves_no_quantile(monkeypatch) -> None:
    """One more row of a set, for a maker of its own."""
    header, *lines = text_of("data/assumptions.csv").splitlines()
    more = next(line for line in lines if line.startswith("default,pue.other,"))
    more = more.replace("pue.other", "a-pue.openai").replace(",*,", ",OpenAI,")
    tables = layers({"assumptions": "\n".join([header, *lines, more]) + "\n"})
    base, now = (each["estimates.uncertainty"] for each in (standard(), tables))
    moved = base.join(
        now, on=["estimate_id", "book_id", "p05", "p95"], how="anti", nulls_equal=True
    )
    assert {row["estimate_id"].split(".owned.")[0] for row in moved.to_dicts()} <= {
        "gpt-4", "gpt-4-epoch", "gpt-3-175b"
    }  # fmt: skip


def test_the_seed_is_fixed() -> None:
    program = Program(
        "a * b", (("a", assumed(0, "normal", 3, 2.5, 3.5)), ("b", assumed(1, "uniform", 2, 1, 3)))
    )
    assert spread(program) == spread(program)


def test_a_set_without_bounds_has_no_quantiles() -> None:
    sets = standard()["estimates.uncertainty"]["set_id"].unique().to_list()
    assert sets == ["default"]


def test_what_a_draw_makes_negative_has_no_quantiles() -> None:
    """Where an hour may save nothing, no number of hours is enough."""
    saved = Program("1 / (1 - a)", (("a", assumed(0, "normal", 0.8, 0.6, 1.1)),))
    assert spread(saved) is None


def test_the_widest_bar_comes_first() -> None:
    program = Program(
        "a - b", (("a", assumed(0, "uniform", 10, 9, 12)), ("b", assumed(1, "uniform", 1, 0.5, 2)))
    )
    assert swings(program) == {"a0": (8, 11), "a1": (9.5, 8)}
    bars = standard()["estimates.tornado"].filter(estimate_id="ladder.v3-r1-owned.value_usd")
    ordered = bars.sort(pl.col("place").cast(pl.Int64))
    assert ordered["swing"].to_list() == sorted(bars["swing"], reverse=True)
    assert ordered["parameter"][0] == "price_performance_growth"


def my_set(monkeypatch, old: str, new: str) -> dict[str, str]:
    """The data files with the project's set once more as `mine`, one text of it changed."""
    header, *lines = text_of("data/assumptions.csv").splitlines()
    mine = [line.replace("default,", "mine,", 1) for line in lines if line.startswith("default,")]
    changed = "\n".join(mine).replace(old, new, 1)
    assert changed != "\n".join(mine)
    monkeypatch.setitem(world.CONFIG, "assumption_set", "mine")
    return {"assumptions": "\n".join([header, *lines, changed]) + "\n"}


@pytest.mark.parametrize(
    ("assumption", "old", "new"),
    [
        ("pue.china", 'Zhipu; Weibo AI",1.3,1.12,1.5', 'Zhipu; Weibo AI",1.4,1.2,1.6'),
        ("depreciation", "depreciation_years,*,5,4,6", "depreciation_years,*,5.5,4.5,6.5"),
    ],
)
def test_every_number_that_reads_a_changed_assumption_moves_and_only_those(
    monkeypatch, assumption: str, old: str, new: str
) -> None:
    tables = layers(my_set(monkeypatch, old, new))
    built, moves = built_tables(tables, hashes(tables))
    changes = moves["assumption_changes"]
    moved = set(changes.filter("has_moved")["your_id"])
    cells = cells_frame(built.values())
    known = {**tables, "tables.cells": cells, **{f"tables.{k}": v for k, v in moves.items()}}
    numbers = {row["number_id"]: row for row in audit_numbers(known).iter_rows(named=True)}
    read = reading(numbers, f"mine.{assumption}.central")
    of_layers = {each for each in read if numbers[each]["layer"] != "tables"}
    shown = {each for each in of_layers if numbers[each]["is_shown"]}
    assert moved <= shown
    # how far another assumption moves an estimate may not depend on this one
    assert [each for each in shown - moved if ".swing" not in each] == []
    listed = {row.row_id for row in built["assumption_change"].rows}
    assert listed == moved
    assert f"{len(moved)} of " in built["assumption_change"].title


def reading(numbers: dict, start: str, *by: str) -> set[str]:
    """All numbers that a number leads to, itself included; `by`: only what was used."""
    return reached(turned(numbers, *(by or ("input_ids", "considered_ids"))), start)


def test_what_a_set_gives_no_number_for_is_listed_too(monkeypatch) -> None:
    """Nothing of epoch-2025 is drawn, and no life of hardware is in it."""
    monkeypatch.setitem(world.CONFIG, "assumption_set", "epoch-2025")
    tables = layers()
    built, moves = built_tables(tables, hashes(tables))
    changes = moves["assumption_changes"]
    gone = changes.filter(pl.col("your_value").is_null())
    assert "spread.ladder.v3-r1-owned.value_usd.p50" in gone["base_id"]
    assert "buy.abrmicro-h800-sxm-2025-02-21.owned_usd_per_month" in gone["base_id"]
    assert gone["has_moved"].all() and gone["your_id"].is_null().all()
    # as many as tables show under the project's set, and no fewer
    _, of_project = built_tables(standard(), hashes(standard()))
    assert of_project["assumption_changes"].is_empty()
    rows = {row.row_id: row for row in built["assumption_change"].rows}
    shown = rows["ladder.rnd-compute.value_usd"].cells
    assert shown["project"].display == "29.350" and shown["yours"].display == display.MISSING
    assert f" of {len(changes):,} numbers" in built["assumption_change"].title


def test_with_the_projects_set_nothing_has_moved() -> None:
    tables = standard()
    built, moves = built_tables(tables, hashes(tables))
    assert moves["assumption_changes"].is_empty()
    assert built["assumption_change"].rows == ()
    assert "nothing moved" in built["assumption_change"].title


WRONG = {
    "a normal one that reaches zero": (
        ("*,0.14,0.10,0.18,normal", "*,0.14,0.01,0.18,normal"),
        "distribution: found 'normal'; must not be `normal` with a low this far below central",
    ),
    "a share without ends": (
        ("0.2,0.1,0.3,uniform", "0.2,0.1,0.3,lognormal"),
        "distribution: found 'lognormal'; must be `uniform` or `fixed`",
    ),
    "days that are drawn": (
        ("default,availability,availability_days,*,90,90,90,fixed",
         "default,availability,availability_days,*,90,60,120,uniform"),
        "distribution: found 'uniform'; must be `fixed`: it moves a date",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_distribution_that_cannot_be_is_refused(case: str) -> None:
    (old, new), said = WRONG[case]
    text = text_of("data/assumptions.csv")
    assert old in text
    with pytest.raises(UserError, match=r"data/assumptions\.csv, line \d+") as refused:
        validate({"assumptions": text.replace(old, new)})
    assert said in str(refused.value)
