"""Which quotes price a stage, and why others do not."""

from __future__ import annotations

from unit.world import book, price, quotes_csv, validate

BEFORE, DURING, AFTER = "2024-10-01", "2025-01-10", "2025-03-15"


def used(*quotes: dict, **entry) -> tuple[dict[str, str], dict]:
    """Why quotes are not used, by id; and the counts of the book."""
    tables = price(validate(books={"mine": book("Mine", quotes_csv(*quotes), **entry)}))
    unused = tables["unused_quotes"].to_dicts()
    (counts,) = tables["book_use"].to_dicts()
    return {row["quote_id"]: row["unused_because"] for row in unused}, counts


def test_every_quote_is_used_or_has_its_reason() -> None:
    unused, counts = used(
        {"quote_date": BEFORE},
        {"quote_date": DURING},
        {"quote_date": "2020-01-01"},
        {"quote_date": BEFORE, "gpu": "L40S"},
        {"quote_date": BEFORE, "commitment": "reserved"},
        commitment="on-demand",
    )
    assert unused == {
        "q3": "not in force during any run that is priced",
        "q4": "no run on this accelerator, nor one it stands in for",
        "q5": "its commitment is reserved, not on-demand",
    }
    names = ("quote_count", "used_count", "unused_count")
    assert [counts[name] for name in names] == [5, 2, 3]


def test_a_quote_of_a_run_that_stays_without_price_is_not_used() -> None:
    unused, counts = used({"quote_date": AFTER})
    assert unused == {"q1": "not in force during any run that is priced"}
    assert counts["used_count"] == 0


def test_a_stand_in_is_a_use() -> None:
    unused, _ = used({"quote_date": BEFORE, "gpu": "L40S"}, stand_ins={"H800 SXM 80GB": "L40S"})
    assert unused == {}
