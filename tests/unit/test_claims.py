"""The ledger: what a row must be, what it gets, and what happens when prices change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

import polars as pl
import pytest
import yaml
from conftest import ROOT

from traincost.claims import claims_layer
from traincost.declarations import DATA_FILES
from traincost.errors import UserError
from traincost.pipeline import computed, validated
from unit.world import configured_books, ingest

BASELINE = "deepseek-2usd"
BOOKS = (BASELINE, "h800-quotes")
ROW = {
    "claim_id": "mine",
    "kind": "claim",
    "claim": "A claim",
    "printed": "294,000",
    "unit": "USD",
    "quantity": "r1.total.cost_usd",
    "source_id": "asiadaily-unpacked",
    "status": "unverified",
}
Edit = Callable[[dict[str, pl.DataFrame]], None]


@cache
def ingested() -> Mapping[str, pl.DataFrame]:
    return ingest({}, {name: book for name, book in configured_books().items() if name in BOOKS})


def raw() -> tuple[dict[str, pl.DataFrame], dict]:
    """The ingested layer and the configuration, with two price books."""
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    config["price_books"] = {name: config["price_books"][name] for name in BOOKS}
    config["as_of"] = str(date(2026, 11, 24))
    return dict(ingested()), config


@cache
def base() -> dict[str, pl.DataFrame]:
    """All layers of the project's own data."""
    tables, config = raw()
    return computed(validated(tables, config), config)


def claims_of(*rows: Mapping[str, str], edit: Edit | None = None) -> dict[str, dict]:
    """The verdicts on these rows, by id."""
    tables, config = raw()
    blank = dict.fromkeys(DATA_FILES["claims"].raw_header(), "")
    tables["claims"] = pl.DataFrame(
        [
            {"file": "my_claims.csv", "line": line} | blank | ROW | row
            for line, row in enumerate(rows, start=2)
        ]
    )
    if edit:
        edit(tables)
    checked = validated(tables, config)
    layers = computed(checked, config) if edit else base() | checked
    return {row["claim_id"]: row for row in claims_layer(layers)["claims"].to_dicts()}


def claim(**changes: str) -> dict:
    (found,) = claims_of(changes).values()
    return found


def refused(**changes: str) -> str:
    with pytest.raises(UserError) as error:
        claims_of(changes)
    return str(error.value)


def test_a_claim_gets_its_verdict_and_all_it_rests_on() -> None:
    found = claim()
    assert found["verdict"] == "exact"
    assert (found["stated"], found["stated_low"], found["stated_high"]) == (294e3, 293.5e3, 294.5e3)
    assert (found["estimate"], found["estimate_low"], found["estimate_high"]) == (
        294e3,
        291e3,
        297e3,
    )
    assert found["estimate_id"] == f"r1.total.cost_usd@{BASELINE}"
    assert found["deviation"] == 0
    assert not found["is_declared"]


def test_the_books_that_lead_to_another_verdict_are_named() -> None:
    # 147,000 hours at 3.42 dollars are 502,740
    assert claim()["differs_under"] == ["h800-quotes"]
    assert claim(printed="502,740", printed_step="1")["verdict"] == "inconsistent"
    assert claim(quantity="r1.total.gpu_hours", printed="147K", unit="GPU-h")["differs_under"] == []


def test_a_book_without_a_price_is_no_other_verdict() -> None:
    found = claim(quantity="llama-3.1-405b.total.cost_usd", printed="61.68 million")
    assert found["verdict"] == "exact"  # 30.84 million hours at 2 dollars
    assert (found["differs_under"], found["unpriced_under"]) == ([], ["h800-quotes"])


def test_another_price_gives_another_verdict() -> None:
    def dearer(tables: dict[str, pl.DataFrame]) -> None:
        price = pl.when(pl.col("book_id") == BASELINE).then(pl.lit("3"))
        tables["quotes"] = tables["quotes"].with_columns(
            usd_per_gpu_hour=price.otherwise("usd_per_gpu_hour")
        )

    (found,) = claims_of({}, edit=dearer).values()
    assert (found["verdict"], found["estimate"]) == ("inconsistent", 441_000)


def test_a_reading_converts_the_figure_and_its_interval() -> None:
    found = claim(
        printed="well above 51 million",
        reading="printed / gpus",
        inputs="gpus=v3.pre-training.gpu_count",
        quantity="anafrashop-h800-pcie-2025-03-03.usd_per_gpu",
    )
    assert found["verdict"] == "consistent only through the qualifier"
    assert found["stated"] == pytest.approx(24_902.34, abs=0.01)
    assert found["bare_low"] == pytest.approx(50.5e6 / 2048)
    assert found["stated_high"] == float("inf")
    assert found["unit"] == "USD/GPU"


def test_scope_and_what_the_claimed_stages_give() -> None:
    found = claim(printed="5.58 million", quantity="v3.total.cost_usd", scope="v3.pre-training")
    assert (found["numeric_verdict"], found["scope_verdict"]) == ("consistent", "wrong scope")
    assert found["verdict"] == "wrong scope"
    assert (found["scoped"], found["scoped_low"], found["scoped_high"]) == (
        5.328e6,
        5.327e6,
        5.329e6,
    )
    assert found["found"] == "the figure holds v3.context-extension, v3.post-training as well"


@pytest.mark.parametrize("scope", ["v3", "v3.pre-training v3.context-extension v3.post-training"])
def test_a_scope_may_be_a_run_or_its_stages(scope: str) -> None:
    found = claim(printed="5.58 million", quantity="v3.total.cost_usd", scope=scope)
    assert (found["verdict"], found["scope_verdict"]) == ("consistent", "scope holds")


def test_a_scope_that_is_too_wide_is_wrong_too() -> None:
    found = claim(printed="5.58 million", quantity="v3.total.cost_usd", scope="v3-r1")
    assert found["verdict"] == "wrong scope"
    assert found["found"].startswith("the figure does not hold r1.sft-data")


def test_a_figure_that_fails_is_not_judged_by_its_scope() -> None:
    found = claim(printed="7.58 million", quantity="v3.total.cost_usd", scope="v3.pre-training")
    assert (found["verdict"], found["scope_verdict"]) == ("inconsistent", "wrong scope")


def test_a_declared_verdict_stays_and_is_marked() -> None:
    found = claim(
        quantity="",
        declared_verdict="not checkable",
        reason="Nobody says.",
        evidence_id="llama-4-card",
    )
    assert (found["verdict"], found["is_declared"], found["reason"]) == (
        "not checkable",
        True,
        "Nobody says.",
    )


ERRORS = [
    ({"quantity": ""}, "column quantity: must be there, or declared_verdict and reason"),
    ({"printed": ""}, "column printed: must be there: it is what the quantity is compared with"),
    ({"unit": ""}, "column unit: must be there"),
    ({"printed": "a lot"}, "column printed: found 'a lot'; must be a figure such as"),
    ({"printed": "80 hours"}, "column printed: found '80 hours'; is a time"),
    ({"printed_step": "ten"}, "its printed step must be a plain number"),
    (
        {"quantity": "r1.total.cost_us"},
        "my_claims.csv, line 2, column quantity: found 'r1.total.cost_us'; must be the id of a"
        " number, without its price book; did you mean 'r1.total.cost_usd'",
    ),
    ({"quantity": "R1 total"}, "column quantity: found 'R1 total'; must match"),
    (
        {"unit": "GPU-h"},
        "column unit: found 'GPU-h'; must be USD, the unit of r1.total.cost_usd, or a reading",
    ),
    ({"reading": "printed * 2 +"}, "column reading: found 'printed * 2 +'; formula"),
    ({"reading": "printed / gpus"}, "reads 'gpus', which is not among its inputs"),
    (
        {"reading": "printed * 2", "inputs": "gpus=v3.pre-training.gpu_count"},
        "does not read its input 'gpus'",
    ),
    ({"reading": "sum(printed)"}, "must not use sum"),
    (
        {"reading": "printed * x", "inputs": "x=v3.total.cost"},
        "column inputs: found 'v3.total.cost'; must be the id of a number",
    ),
    ({"reading": "printed * x", "inputs": "x"}, "'x' must be name=number"),
    ({"reading": "printed", "inputs": "printed=v3.total.cost_usd"}, "must not name an input"),
    ({"inputs": "x=v3.total.cost_usd"}, "must be empty where there is no reading"),
    (
        {"scope": "v3.pretraining"},
        "must name stages, runs or scopes; did you mean 'v3.pre-training'",
    ),
    (
        {
            "scope": "v3",
            "quantity": "cny-per-usd.value",
            "printed": "7.2",
            "unit": "RMB/USD",
        },
        "column scope: found 'v3'; must be empty: cny-per-usd.value is made of no stages",
    ),
    ({"quantity": "", "declared_verdict": "not checkable"}, "column reason: must be there"),
    (
        {"declared_verdict": "not checkable", "reason": "x", "evidence_id": "llama-4-card"},
        "column quantity: found 'r1.total.cost_usd'; must be empty where a verdict is declared",
    ),
    ({"declared_verdict": "wrong"}, "column declared_verdict: found 'wrong'; must be one of"),
    ({"kind": "guess"}, "column kind: found 'guess'; must be one of: claim, misreading"),
    ({"source_id": "my-paper"}, "column source_id: found 'my-paper'; must stand in"),
]


@pytest.mark.parametrize(("changes", "sentence"), ERRORS, ids=lambda part: str(part)[:60])
def test_a_row_that_cannot_be_judged_is_refused_in_words(
    changes: dict[str, str], sentence: str
) -> None:
    assert sentence in refused(**changes)


def test_all_wrong_rows_come_at_once() -> None:
    with pytest.raises(UserError) as error:
        claims_of({"quantity": "r1.total.x"}, {"claim_id": "other", "quantity": "v3.total.x"})
    assert "line 2" in str(error.value) and "line 3" in str(error.value)


def test_an_id_may_stand_once() -> None:
    with pytest.raises(UserError, match="column claim_id: found 'mine'; must be unique"):
        claims_of({}, {})


@pytest.mark.parametrize("name", ["select", "order", "case", "all", "left", "value", "x_low"])
def test_any_name_may_stand_in_a_reading(name: str) -> None:
    found = claim(reading=f"printed * {name} / {name}", inputs=f"{name}=v3.pre-training.gpu_count")
    assert found["stated"] == pytest.approx(294_000)


def test_a_claim_in_words_is_judged_and_off_from_nothing() -> None:
    found = claim(printed="far more", unit="1", quantity="llama-3.1-405b-to-v3.value")
    assert (found["verdict"], found["deviation"]) == ("consistent", None)
    assert (found["stated_low"], found["apart"]) == (1, 0)


def test_how_far_the_intervals_are_apart() -> None:
    # 300,000 less half a unit of 100,000 ends at 350,000; 500 thousand begins at 499,500
    found = claim(printed="500 thousand")
    assert found["verdict"] == "inconsistent"
    assert found["apart"] == pytest.approx((499_500 - 297_000) / 294_000)


def test_one_factor_is_a_number_and_several_are_none() -> None:
    assert claim(printed="29.4K")["factor"] == 10
    several = claim(printed="30 thousand", printed_step="20000")
    assert (several["verdict"], several["factor"]) == ("ambiguous unit", None)
