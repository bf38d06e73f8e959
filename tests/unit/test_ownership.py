"""What owning hardware costs: the worked check, the choice of a quote, bad assumptions."""

from __future__ import annotations

import polars as pl
import pytest

from traincost.errors import UserError
from traincost.exact import exact
from traincost.rent_or_buy import rent_or_buy
from traincost.scope_ladder import scope_ladder
from traincost.tables import BUILDERS
from unit.world import hashes, layers, refusal, standard, text_of, validate

CHECKED = {
    "aged_days": 638,
    "start_usd_per_gpu": 14_165.05,
    "server_cost_usd": 29_691_721,
    "interconnect_cost_usd": 6_964_725,
    "energy_cost_usd": 3_499_488,
    "owned_cost_usd": 40_155_934,
}


def owned(work_id: str, set_id: str, tables=None) -> dict:
    frame = (tables or standard())["estimates.ownership"]
    return frame.filter(work_id=work_id, set_id=set_id).row(0, named=True)


def test_the_published_arithmetic_comes_out_to_the_dollar() -> None:
    row = owned("gpt-4-epoch", "epoch-2025")
    assert {name: round(row[name], 2 if "gpu" in name else 0) for name in CHECKED} == CHECKED
    assert str(row["available_date"]) == "2020-08-12"


def test_it_comes_out_by_hand_to_a_billionth() -> None:
    row = owned("gpt-4-epoch", "epoch-2025")
    value = 24_875 * 10 ** (-0.14 * 638 / 365.25)
    servers = value * 0.14 * 2.302585092994046 / 8766 * 57e6
    energy = 0.4 * (6.5 / 8) / 0.4 * 0.75 * 1.25 * 57e6 * 0.0806
    assert row["owned_cost_usd"] == pytest.approx(servers / 0.81 + energy, rel=1e-9)
    assert row["cluster_usd"] == pytest.approx(25_000 * 24_875 / 0.81, rel=1e-9)


def test_the_cost_is_price_times_what_was_left_times_what_was_used() -> None:
    row = owned("gpt-4-epoch", "default")
    bridged = row["cluster_usd"] * row["value_share"] * row["used_share"]
    assert bridged == pytest.approx(row["hardware_cost_usd"], rel=1e-12)


def test_sets_differ_where_the_default_says_so() -> None:
    """DeepSeek's data centre, Chinese power, an H800 server that draws what one of H100 does."""
    ours, theirs = owned("v3", "default"), owned("v3", "epoch-2025")
    assert (ours["pue"], theirs["pue"]) == (1.3, 1.25)
    assert (ours["usd_per_kwh"], theirs["usd_per_kwh"]) == (0.088, 0.0771)
    assert ours["server_power_factor"] == pytest.approx(10.2 / 8 / 0.7)
    assert theirs["server_power_factor"] == 1.8
    assert ours["server_cost_usd"] == theirs["server_cost_usd"]


def quotes(*changed: tuple[str, str]) -> dict[str, str]:
    text = text_of("data/purchase_quotes.csv")
    for old, new in changed:
        assert old in text
        text = text.replace(old, new)
    return {"purchase_quotes": text}


def purchase(work_id: str, tables=None) -> dict:
    frame = (tables or standard())["estimates.purchases"]
    return frame.filter(work_id=work_id).row(0, named=True)


def test_a_quote_dated_after_the_run_is_used_and_said() -> None:
    row = purchase("v3")
    assert row["quote_id"] == "abrmicro-h800-sxm-2025-02-21"
    # from 2024-10-30 to 2025-02-21
    assert row["quote_distance_days"] == -114
    assert row["rule"] == "asked or paid, its own, later than the start, server"


def test_a_doubtful_quote_is_never_used() -> None:
    doubtful = validate()["purchase_quotes"].filter(is_doubtful="yes")["quote_id"]
    chosen = standard()["estimates.purchases"]
    assert len(doubtful) == 3
    assert not set(doubtful) & set(chosen["considered_quote_ids"].explode().drop_nulls())


def test_the_order_of_the_rows_decides_nothing() -> None:
    head, *rows = text_of("data/purchase_quotes.csv").rstrip("\n").split("\n")
    turned = layers({"purchase_quotes": "\n".join([head, *reversed(rows), ""])})
    names = ["work_id", "quote_id", "rule"]
    ours = standard()["estimates.purchases"]
    assert turned["estimates.purchases"].select(names).equals(ours.select(names))


def test_another_row_of_the_same_day_moves_only_who_uses_it() -> None:
    row = next(
        line for line in text_of("data/purchase_quotes.csv").splitlines() if "nvidia-a100" in line
    )
    doubled = row.replace("nvidia-a100", "nvidia-b-a100").replace("24875.00", "24874.00")
    tables = layers({"purchase_quotes": text_of("data/purchase_quotes.csv") + doubled + "\n"})
    # the smaller id of two alike
    assert purchase("gpt-4", tables)["quote_id"] == "nvidia-a100-sxm-40gb-2020-05-21"
    assert tables["estimates.ownership"].equals(standard()["estimates.ownership"])


def test_what_is_missing_is_said_and_not_filled() -> None:
    row = owned("palm-540b", "default")
    assert row["owned_cost_usd"] is None
    assert "a purchase quote" in row["missing"]


def assumptions(old: str, new: str) -> dict[str, str]:
    text = text_of("data/assumptions.csv")
    assert old in text
    return {"assumptions": text.replace(old, new, 1)}


def test_another_pue_moves_energy_of_its_developers_and_nothing_else() -> None:
    base = standard()["estimates.ownership"]
    moved = layers(assumptions(",1.3,1.12,1.5,", ",1.4,1.12,1.5,"))["estimates.ownership"]
    differs = {
        name
        for name in base.columns
        if base.schema[name] == pl.Float64 and not base[name].equals(moved[name])
    }
    assert differs == {
        "pue",
        *(f"{name}{end}" for name in ("energy_kwh", "energy_cost_usd", "owned_cost_usd")
          for end in ("", "_low", "_high")),
        "owned_usd_per_gpu_hour",
        "cluster_to_owned",
        "rental_to_owned",
    }  # fmt: skip
    who = base.filter(base["pue"] != moved["pue"])
    assert {"v3", "r1", "minimax-m1"} <= set(who["work_id"])
    assert set(who["set_id"]) == {"default"}
    assert "gpt-4" not in set(who["work_id"])


# what is changed, into what, and what is said
MISTAKES = {
    "word": (
        ",0.14,0.14,0.14,",
        ",fast,0.14,0.14,",
        "column central: found 'fast'; must be a number",
    ),
    "zero": (
        ",0.14,0.14,0.14,",
        ",0,0.14,0.14,",
        "column central: found '0'; must be greater than 0",
    ),
    "divides": (
        ",0.14,0.14,0.14,",
        ",1/0,0.14,0.14,",
        "must not divide by zero",
    ),
    "empty": (
        ",0.14,0.14,0.14,",
        ",0.14,,0.14,",
        "column low: must not be empty",
    ),
    "bounds": (
        ",0.14,0.14,0.14,",
        ",0.14,0.2,0.2,",
        "column low: found '0.2'; must not be above central",
    ),
    "share": (
        ",0.19,0.19,0.19,",
        ",1.9,1.9,1.9,",
        "column central: must be below 1: it is a share",
    ),
    "unit": (
        "fixed,d,",
        "fixed,h,",
        "column unit: found 'h'; must be 'd', the unit of availability_days",
    ),
    "tag": (
        ",server_overhead,A100,",
        ",server_overhead,A1000,",
        "did you mean 'A100'",
    ),
    "twice": (
        ",server_overhead,V100,",
        ",server_overhead,A100,",
        "must have one value of server_overhead",
    ),
    "fixed": (
        ",0.14,0.14,0.14,fixed",
        ",0.14,0.14,0.14,normal",
        "must be `fixed` where low and high",
    ),
    "parameter": (
        "availability_days",
        "availability_day",
        "column parameter: found 'availability_day'",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_place(mistake: str) -> None:
    old, new, said = MISTAKES[mistake]
    with pytest.raises(UserError) as refused:
        validate(assumptions(old, new))
    assert said in str(refused.value)
    assert "data/assumptions.csv, line" in str(refused.value)


@pytest.mark.parametrize("text", ["", "1e3", "0x10", "2**3", "a", "-1", "1;2", "(", "1" * 90])
def test_what_is_no_arithmetic_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a number"):
        exact(text)


def test_arithmetic_is_exact() -> None:
    assert exact("(10/16/0.3 + 1.5/4/0.3) / 2") == exact("5/3")
    assert exact("0.1 + 0.2") == exact("0.3")


def cluster(quote_id: str, book_id: str, tables=None) -> dict:
    frame = (tables or standard())["estimates.rent_or_buy"]
    return frame.filter(quote_id=quote_id, book_id=book_id).row(0, named=True)


DGX = "abrmicro-h800-sxm-2025-02-21"


def test_the_cluster_of_v3_bought_and_rented_by_hand() -> None:
    row = cluster(DGX, "deepseek-2usd")
    assert row["servers_usd"] == 2048 * 44_750
    assert row["cluster_usd"] == pytest.approx(2048 * 44_750 / 0.81)
    hourly = 0.7 * (10.2 / 8 / 0.7) * 0.75 * 1.3 * 0.088
    assert row["energy_usd_per_gpu_hour"] == pytest.approx(hourly)
    assert row["depreciation_usd_per_month"] == pytest.approx(row["cluster_usd"] / 60)
    hours = row["cluster_usd"] / (2 - hourly)
    assert row["break_even_months"] == pytest.approx(hours / 2048 / 730.5)


def test_a_rent_below_the_electricity_is_never_beaten() -> None:
    tables = layers(assumptions(",0.088,0.088*0.6,0.088*1.7,", ",2,0.088*0.6,2,"))
    row = cluster(DGX, "deepseek-2usd", tables)
    assert row["saved_usd_per_gpu_hour"] < 0
    assert row["break_even_gpu_hours"] is None


def test_the_life_of_hardware_moves_the_write_off_and_nothing_else() -> None:
    base = standard()["estimates.rent_or_buy"]
    moved = layers(assumptions(",5,4,6,", ",4,4,6,"))["estimates.rent_or_buy"]
    differs = {name for name in base.columns if not base[name].equals(moved[name])}
    assert differs == {
        "depreciation_years",
        "depreciation_usd_per_month",
        "owned_usd_per_month",
        "owned_usd_per_gpu_hour",
    }


def test_a_set_without_a_life_of_hardware_says_so_by_leaving_it_out() -> None:
    tables = dict(standard())
    sets = tables["validated.assumption_sets"]
    tables["validated.assumption_sets"] = sets.with_columns(is_chosen=~pl.col("is_chosen"))
    row = rent_or_buy(tables).filter(quote_id=DGX, book_id="deepseek-2usd").row(0, named=True)
    assert row["depreciation_years"] is None and row["owned_usd_per_month"] is None
    assert row["break_even_months"] is not None


def rung(rung_id: str, tables=None) -> dict:
    frame = (tables or standard())["estimates.scope_ladder"]
    return frame.filter(rung_id=rung_id).row(0, named=True)


def test_rungs_of_the_ladder_by_hand() -> None:
    assert rung("r1-printed")["value_usd"] == 294_000
    assert rung("v3-r1")["multiple"] == pytest.approx(5.87e6 / 294e3)
    research = rung("rnd-compute")
    assert research["value_usd"] == pytest.approx(5.87e6 / 0.2)
    # bounds are those of the printed hours; what the share leaves open is drawn
    assert research["value_usd_low"] == pytest.approx(2 * 2_932_000 / 0.2)
    assert research["value_usd_high"] == pytest.approx(2 * 2_938_000 / 0.2)
    owner = owned("v3", "default")["owned_cost_usd"] + owned("r1", "default")["owned_cost_usd"]
    assert rung("v3-r1-owned")["value_usd"] == pytest.approx(owner)
    assert rung("development")["value_usd"] == pytest.approx(owner / 0.2 / 0.61)


def test_what_no_source_prices_has_no_number() -> None:
    unpriced = standard()["estimates.scope_ladder"].filter(basis="none")
    assert len(unpriced) == 3
    assert unpriced["value_usd"].is_null().all() and unpriced["input_ids"].list.len().sum() == 0


def rungs(old: str, new: str) -> dict[str, str]:
    text = text_of("data/rungs.csv")
    assert old in text
    return {"rungs": text.replace(old, new, 1)}


BAD_RUNGS = {
    "an unknown number": (
        "cost=v3-r1.total.cost_usd,",
        "cost=v3-r1.total.cost_us,",
        "must be the id",
    ),
    "an unread input": ("v3 + r1,", "v3,", "does not read its input 'r1'"),
    "no formula": (",cost,cost=r1.total.cost_usd.printed", ",,", "must be there where the basis"),
    "a place taken twice": ("v3-r1,3,", "v3-r1,2,", "must differ from that of the other rungs"),
}


@pytest.mark.parametrize("case", BAD_RUNGS)
def test_a_bad_rung_is_refused(case: str) -> None:
    old, new, said = BAD_RUNGS[case]
    with pytest.raises(UserError, match=r"data/rungs\.csv, line") as refused:
        layers(rungs(old, new))
    assert said in str(refused.value)


def test_a_rung_whose_assumption_the_set_lacks_is_left_out() -> None:
    tables = dict(standard())
    sets = tables["validated.assumption_sets"]
    tables["validated.assumption_sets"] = sets.with_columns(is_chosen=~pl.col("is_chosen"))
    ladder = {"estimates.scope_ladder": scope_ladder(tables)}
    assert rung("rnd-compute", ladder)["value_usd"] is None
    assert rung("v3-r1-owned", ladder)["value_usd"] < rung("v3-r1-owned")["value_usd"]


def test_hours_follow_from_flop_where_none_are_known() -> None:
    row = owned("llama-3.1-405b-flop", "epoch-2025")
    by_hand = 3.8e25 / (989.5e12 * 0.375) / 3600
    assert row["gpu_hours"] == pytest.approx(by_hand, rel=1e-9)
    assert row["known_gpu_hours"] is None
    assert row["gpu_hours_high"] / row["gpu_hours_low"] == pytest.approx(38.5 / 37.5)


def test_a_printed_utilisation_comes_before_the_assumed_one() -> None:
    text = text_of("data/owned_runs.csv")
    tables = layers({"owned_runs": text.replace("peak-bf16-dense,,", "peak-bf16-dense,0.4,", 1)})
    row = owned("llama-3.1-405b-flop", "default", tables)
    assert row["gpu_hours"] == pytest.approx(3.8e25 / (989.5e12 * 0.4) / 3600, rel=1e-9)
    assert row["utilisation"] is None and row["utilisation_id"] is None


def test_known_hours_read_no_utilisation() -> None:
    row = owned("v3", "default")
    assert row["gpu_hours"] == 2_788_000
    assert row["utilisation"] is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",38,h100-sxm", ",,h100-sxm", "column gpu_hours: must be there where flop_e24 is not"),
        ("h100-sxm.peak-bf16-dense", "", "column peak_id: must be there where flop_e24 is"),
    ],
)
def test_work_has_hours_or_flop_with_a_peak(old: str, new: str, said: str) -> None:
    assert said in refusal("owned_runs", old, new)


WRONG = {
    "a PUE in per cent": (
        "assumptions",
        'Zhipu; Weibo AI",1.3,1.12,1.5',
        'Zhipu; Weibo AI",130,112,150',
        "column central: found '130'; must be from 1 to 3, as pue can be",
    ),
    "no server for a bare card": (
        "assumptions",
        "default,server-overhead.other,server_overhead,*",
        "default,server-overhead.other,server_overhead,H800",
        "column set_id: found 'default'; must have a server_overhead for *",
    ),
    "power for a peak": (
        "owned_runs",
        "h100-sxm.peak-bf16-dense",
        "h100-sxm.tdp",
        "column peak_id: found 'h100-sxm.tdp'; must be a peak, but that row",
    ),
    "a peak of another accelerator": (
        "owned_runs",
        "h100-sxm.peak-bf16-dense",
        "a100-sxm-40gb.peak-bf16-dense",
        "must be a peak of H100 SXM 80GB, but that row is of A100 SXM 40GB",
    ),
    "more hours than there were": (
        "owned_runs",
        '"57,000,000"',
        '"257,000,000"',
        "column gpu_hours: found '257,000,000'; must be at most 184,800,000: 25,000 of them",
    ),
    "released before it began": (
        "owned_runs",
        "2022-05-12,2023-03-15",
        "2023-05-12,2023-03-15",
        "column release_date: found '2023-03-15'; must not be before start_date, 2023-05-12",
    ),
    "a maker in small letters": (
        "owned_runs",
        "Llama 3.1 405B,Meta,",
        "Llama 3.1 405B,meta,",
        "column developer: found 'meta'; must be spelled Meta",
    ),
    "a server's price for one of its GPUs": (
        "purchase_quotes",
        "8,24875.00,USD,8-GPU server (price per GPU),server,24875.00",
        "8,199000.00,USD,8-GPU server,server,199000.00",
        "must be the price of one accelerator, from 4,356 to 69,695, 4 times either way",
    ),
    "another price than was printed": (
        "purchase_quotes",
        "8,24875.00,USD,8-GPU server (price per GPU),server,24875.00",
        "8,34875.00,USD,8-GPU server (price per GPU),server,24875.00",
        "found '24875'; must be price_printed, 34875, or that over gpus_in_offer",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_refused(case: str) -> None:
    *change, said = WRONG[case]
    assert said in refusal(*change)


def test_hours_from_flop_have_no_rent() -> None:
    """Other hours were rented than those that follow from the compute."""
    row = owned("llama-3.1-405b-flop", "default")
    assert row["owned_cost_usd"] is not None and row["rental_cost_usd"] is None
    assert owned("gpt-4-epoch", "default")["rental_cost_usd"] is not None


def test_a_set_without_an_assumption_says_which_runs_have_no_cost(monkeypatch) -> None:
    text = text_of("data/assumptions.csv")
    rows = [line for line in text.splitlines() if not line.startswith("default,utilisation,")]
    tables = layers({"assumptions": "\n".join(rows) + "\n"})
    bridge = BUILDERS["method_bridge"](tables, hashes(tables))
    assert "llama-3.1-405b-flop" not in [row.row_id for row in bridge.rows]
    (said,) = [note for note in bridge.notes if note.startswith("Not in this table")]
    assert "Llama 3.1 405B, from FLOP (an assumption on utilisation)" in said
    assert "GPT-3 175B" in said
