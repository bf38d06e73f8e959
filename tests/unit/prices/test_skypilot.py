"""SkyPilot's catalogues: a machine's price over its accelerators, spot apart, no dates."""

from __future__ import annotations

import pytest
from price_files.files import MACHINE, SKYPILOT, csv_of, layer, quotes, read, refusal


def catalogue(*changes: dict[str, str], more: tuple[str, ...] = ()) -> str:
    return csv_of([MACHINE | change for change in changes], (*SKYPILOT, *more))


def test_the_price_of_a_machine_is_shared_by_its_accelerators() -> None:
    (quote,) = quotes(catalogue({})).rows(named=True)
    assert quote["usd_per_gpu_hour"] == 2.95  # 23.60 over 8
    assert quote["gpus_in_offer"] == 8
    assert quote["price_printed"] == "23.60"
    assert quote["gpu"] == "H100 (form factor not stated)"
    assert quote["region"] == "eu-north1"
    assert quote["locator"] == "gpu-8x"
    assert quote["line"] == 2
    assert (
        "AcceleratorName 'H100' read as H100 (form factor not stated)"
        in (quote["normalization_note"])
    )
    assert "Price 23.60 shared by 8 accelerators" in quote["normalization_note"]


def test_spot_is_a_commitment_of_its_own() -> None:
    text = catalogue({"SpotPrice": "10.00"})
    found = quotes(text).select("commitment", "usd_per_gpu_hour", "line").rows()
    assert found == [("on-demand", 2.95, 2), ("spot", 1.25, 2)]


@pytest.mark.parametrize("spot", ["", "0", "0.0", "0.00"])
def test_a_spot_price_of_nothing_is_none(spot: str) -> None:
    assert quotes(catalogue({"SpotPrice": spot}))["commitment"].to_list() == ["on-demand"]


def test_a_machine_sold_on_the_spot_only() -> None:
    assert quotes(catalogue({"Price": "", "SpotPrice": "10.00"}))["commitment"].to_list() == [
        "spot"
    ]


def test_without_dates_it_is_a_flat_book() -> None:
    tables = layer(catalogue({}))
    assert tables["books"]["is_flat"].to_list() == [True]
    assert tables["quotes"]["quote_date"].to_list() == [None]
    assert "no date" in tables["quotes"][0, "normalization_note"]


def test_a_price_that_does_not_divide_is_rounded_and_says_so() -> None:
    (quote,) = quotes(catalogue({"Price": "10", "AcceleratorCount": "3"})).rows(named=True)
    assert quote["usd_per_gpu_hour"] == 3.333333
    assert "rounded to six decimals" in quote["normalization_note"]


def test_a_count_with_a_point_is_a_count() -> None:
    assert quotes(catalogue({"AcceleratorCount": "8.0"}))["gpus_in_offer"].to_list() == [8]


SKIPPED = [
    ({"AcceleratorName": "", "AcceleratorCount": ""}, "gpu-8x", "a machine without an accelerator"),
    (
        {"AcceleratorName": "", "AcceleratorCount": "0"},
        "gpu-8x",
        "a machine without an accelerator",
    ),
    (
        {"InstanceType": ""},
        "H100",
        "the price of an accelerator without its machine",
    ),
    ({"AcceleratorCount": "0.5"}, "gpu-8x: H100", "a part of an accelerator"),
    ({"AcceleratorName": "RTX4090"}, "gpu-8x: RTX4090", "its accelerator is not in data/gpus.csv"),
    ({"Price": "", "SpotPrice": ""}, "gpu-8x: H100", "no price"),
]


@pytest.mark.parametrize(("cells", "what", "reason"), SKIPPED)
def test_rows_no_run_can_use_are_skipped_and_listed(
    cells: dict[str, str], what: str, reason: str
) -> None:
    batch = read(catalogue({}, cells))
    assert batch.quotes["line"].to_list() == [2]
    assert batch.skipped.select("file", "line", "what", "reason").rows() == [
        ("mine.csv", 3, what, reason)
    ]


def test_a_bad_row_that_is_skipped_does_no_harm() -> None:
    """Nobody can mend the rows of a catalogue that no run uses."""
    text = catalogue({}, {"AcceleratorName": "RTX4090", "Price": "$12", "Region": "a\xa0b"})
    assert len(quotes(text)) == 1


REFUSED = [
    ({"Price": "-23.60"}, "column Price: found '-23.60'; begins with a minus"),
    ({"Price": "23,60"}, "column Price: found '23,60'; has a comma for a decimal point"),
    ({"Price": "0"}, "column Price: found '0'; must be greater than 0"),
    ({"SpotPrice": "NaN"}, "column SpotPrice: found 'NaN'; is no number"),
    (
        {"AcceleratorCount": "eight"},
        "column AcceleratorCount: found 'eight'; must be a whole number",
    ),
    ({"AcceleratorCount": ""}, "column AcceleratorCount: found '(empty)'; must be a whole number"),
    ({"AcceleratorCount": "-8"}, "column AcceleratorCount: found '-8'; must be a whole number"),
    ({"AcceleratorName": "\u041d100"}, "column AcceleratorName: found '\u041d100' (with CYRILLIC"),
    ({"Region": "eu\xa0north"}, "column Region: found 'eu\\u00a0north'; must not begin or end"),
    (
        {"Price": "188.80"},
        "column Price: found '188.80'; must be at most 15 USD for one GPU-hour",
    ),
]


@pytest.mark.parametrize(("cells", "sentence"), REFUSED)
def test_a_bad_row_in_use_is_refused_in_the_catalogues_own_words(
    cells: dict[str, str], sentence: str
) -> None:
    assert f"mine.csv, line 3, {sentence}" in refusal(catalogue({}, {"Region": "b"} | cells))


def test_a_missing_column_is_named() -> None:
    text = csv_of([MACHINE], [c for c in SKYPILOT if c != "Region"])
    assert "column 'Region' is missing" in refusal(text)
    assert "a file with SkyPilot's columns" in refusal(text)


def test_columns_come_in_any_order_and_may_be_more() -> None:
    more = ("AvailabilityZone", "Generation")
    text = csv_of([MACHINE | dict.fromkeys(more, "z1")], (*reversed(SKYPILOT), *more))
    (quote,) = quotes(text).rows(named=True)
    assert quote["usd_per_gpu_hour"] == 2.95
    assert quote["locator"] == "gpu-8x, z1"


def test_a_catalogue_without_spot_prices() -> None:
    text = csv_of([MACHINE], [c for c in SKYPILOT if c != "SpotPrice"])
    assert len(quotes(text)) == 1


def test_a_catalogue_of_no_use_says_what_it_holds() -> None:
    text = catalogue({"AcceleratorName": ""}, {"AcceleratorName": "T4"}, {"AcceleratorName": "T4"})
    # the second T4 repeats the first, but is skipped all the same
    said = refusal(text)
    assert "mine.csv: none of its 3 rows is a quote that a run can use: " in said
    assert "a machine without an accelerator (1)" in said
    assert "its accelerator is not in data/gpus.csv (2)" in said


def test_ids_do_not_depend_on_the_order_of_rows() -> None:
    there = catalogue({}, {"Region": "b"}, {"AcceleratorCount": "4", "Price": "12"})
    back = catalogue({"AcceleratorCount": "4", "Price": "12"}, {"Region": "b"}, {})
    assert set(quotes(there)["quote_id"]) == set(quotes(back)["quote_id"])
    assert quotes(there)["quote_id"].is_unique().all()
