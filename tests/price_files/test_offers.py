"""Which quote counts where a vendor has several on one day, and what stands in for a GPU."""

from __future__ import annotations

from itertools import permutations

import polars as pl
import pytest

from price_files.files import (
    BOOK,
    EPOCH,
    LISTED,
    MACHINE,
    ON_DEMAND,
    ONE_YEAR,
    SKYPILOT,
    csv_of,
    layer,
    own,
    quotes,
)
from traincost.books import stand_ins_frame
from traincost.errors import UserError
from traincost.price import one_offer_a_day, price_stages

BIG = {"Number of GPUs": "8", ON_DEMAND: "3.00"}
SMALL = {"Number of GPUs": "1", ON_DEMAND: "2.00"}
UNKNOWN = {"Number of GPUs": "", ON_DEMAND: "1.50"}


def listed(*changes: dict[str, str]) -> str:
    return csv_of([LISTED | change for change in changes], EPOCH)


def priced(
    text: str, book: dict[str, object] | None = None, file: str = "mine.csv"
) -> pl.DataFrame:
    tables = layer(text, file, book)
    layers = {f"validated.{name}": frame for name, frame in tables.items()}
    return price_stages(layers, max_age_days=180)["stages"]


def v3_price(stages: pl.DataFrame) -> float | None:
    return stages.filter(stage_id="v3.pre-training")["usd_per_gpu_hour"].item()


@pytest.mark.parametrize("order", list(permutations([BIG, SMALL, UNKNOWN])))
def test_the_largest_offer_of_a_day_counts_whatever_its_place(order: tuple[dict, ...]) -> None:
    assert v3_price(priced(listed(*order))) == 3.00


def test_in_a_catalogue_without_dates_all_offers_are_of_one_day() -> None:
    small = {"AcceleratorCount": "1", "Price": "2.00"}
    for order in permutations([MACHINE, MACHINE | small]):
        assert v3_price(priced(csv_of(order, SKYPILOT), LISTS)) == pytest.approx(2.95)


def test_of_equal_offers_the_cheapest_counts() -> None:
    for order in permutations([BIG | {ON_DEMAND: price} for price in ("4", "3", "5")]):
        assert v3_price(priced(listed(*order))) == 3.00


def test_of_equal_prices_the_first_id_counts_and_the_others_do_not() -> None:
    found = quotes(listed({"Notes": "a"}, {"Notes": "b"}, {"Notes": "c"}))
    assert len(found) == 3
    assert one_offer_a_day(found)["quote_id"].to_list() == [found["quote_id"].min()]


def test_vendors_regions_commitments_and_days_do_not_hide_each_other() -> None:
    others = (
        {"Vendor": "B"},
        {"Location": "r"},
        {ONE_YEAR: "2.5"},
        {"Price date": "2024-10-01"},
        {"Hardware model": "NVIDIA H100 SXM5 80GB"},
    )
    # the third has a price on demand too, which is that of the first row
    assert len(one_offer_a_day(quotes(listed({}, *others)))) == 6


def test_the_median_is_over_vendors_not_over_their_offers() -> None:
    cheap = [{"Vendor": "A", ON_DEMAND: "2", "Number of GPUs": str(n)} for n in (1, 2, 4)]
    text = listed(*cheap, {"Vendor": "B", ON_DEMAND: "4"})
    assert v3_price(priced(text)) == 3.00


def test_own_quotes_count_all_of_them() -> None:
    undated = {"quote_date": ""}
    text = own(undated | {"usd_per_gpu_hour": "2"}, undated | {"usd_per_gpu_hour": "3"})
    assert v3_price(priced(text)) == 2.5


LISTS = {
    "stand_ins_of_catalogue": {"H800 SXM 80GB": ["H100 SXM 80GB", "H100 (form factor not stated)"]}
}


def test_the_first_stand_in_that_the_book_quotes_is_used() -> None:
    text = csv_of([MACHINE], SKYPILOT)
    stage = priced(text, LISTS).filter(stage_id="v3.pre-training").row(0, named=True)
    assert stage["quote_gpu"] == "H100 (form factor not stated)"
    assert stage["is_stand_in"]
    assert stage["usd_per_gpu_hour"] == pytest.approx(2.95)
    both = csv_of([MACHINE, MACHINE | {"AcceleratorName": "H100-SXM", "Price": "20"}], SKYPILOT)
    assert v3_price(priced(both, LISTS)) == 2.5


def test_own_quotes_come_before_stand_ins() -> None:
    other = LISTED | {"Hardware model": "NVIDIA H100 SXM5 80GB", ON_DEMAND: "2.00"}
    assert v3_price(priced(csv_of([LISTED, other], EPOCH), LISTS)) == pytest.approx(3.42)


def test_stand_ins_of_catalogues_are_none_for_own_columns() -> None:
    stage = priced(own({"gpu": "H100 SXM 80GB"}), LISTS).filter(stage_id="v3.pre-training")
    assert stage["unpriced_because"].item() == (
        "no quote for H800 SXM 80GB and no stand-in configured"
    )


def test_a_stand_in_without_quotes_is_named_in_the_reason() -> None:
    text = csv_of([MACHINE | {"AcceleratorName": "H200"}], SKYPILOT)
    stage = priced(text, LISTS).filter(stage_id="v3.pre-training")
    assert stage["unpriced_because"].item() == (
        "no quote for H800 SXM 80GB, nor for its stand-in H100 SXM 80GB or H100 (form factor not"
        " stated)"
    )


def test_a_list_of_stand_ins_has_an_order() -> None:
    books = {"b": {"stand_ins": {"X": ["B", "A"], "*": "C"}}}
    frame = stand_ins_frame(books, pl.DataFrame({"book_id": ["b"], "format": ["own"]}))
    assert frame.rows() == [("b", "*", 1, "C"), ("b", "X", 1, "B"), ("b", "X", 2, "A")]


def test_a_book_of_several_commitments_uses_the_one_asked_for() -> None:
    text = csv_of([LISTED | {ONE_YEAR: "2.50"}], EPOCH)
    for commitment, price in (("on-demand", 3.42), ("1-year", 2.50)):
        found = priced(text, {"commitment_of_several": commitment})
        assert v3_price(found) == pytest.approx(price)


def test_a_book_of_one_commitment_uses_it_whatever_is_asked_for() -> None:
    text = csv_of([LISTED | {ON_DEMAND: "", ONE_YEAR: "2.50"}], EPOCH)
    assert v3_price(priced(text, {"commitment_of_several": "on-demand"})) == 2.50


def test_a_commitment_the_book_does_not_hold_is_refused() -> None:
    text = csv_of([LISTED | {ONE_YEAR: "2.50"}], EPOCH)
    with pytest.raises(UserError) as refused:
        layer(text, book={"commitment_of_several": "spot"})
    assert str(refused.value) == (
        "mine.csv holds quotes of several commitments (1-year, on-demand), none of them spot;"
        " say which with prices_commitment in the configuration"
    )


def test_a_run_a_dated_list_does_not_cover_is_flagged_with_the_days() -> None:
    text = csv_of([LISTED | {"Price date": "2024-12-01"}], EPOCH)
    stage = priced(text).filter(stage_id="v3.pre-training")
    assert stage["usd_per_gpu_hour"].item() is None
    assert "no quote for H800 SXM 80GB in force on" in stage["unpriced_because"].item()


def test_the_book_id_is_that_of_the_configuration() -> None:
    assert quotes(own({}))["book_id"].to_list() == [BOOK]
