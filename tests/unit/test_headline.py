"""The last words on the terminal."""

from __future__ import annotations

from traincost.headline import headline
from traincost.tables import built_tables
from unit.world import Tables, book, hashes, layers, quotes_csv, standard

FLAT = book("Two dollars", quotes_csv({}))
LATE = book("Late", quotes_csv({"quote_date": "2026-01-01"}))


def told(tables: Tables) -> str:
    changes = built_tables(tables, hashes(tables))[1]["changes"]
    return headline(tables, changes)


def test_it_names_both_runs_their_sum_and_the_book() -> None:
    first, second = told(standard()).splitlines()
    assert first == (
        "DeepSeek-R1 $294,000, V3 $5.58 million, together $5.87 million (DeepSeek's assumed $2)"
    )
    assert second.startswith("together under the other price books: $6.35 million to $")


def test_one_other_book_is_no_span() -> None:
    three = book("Three dollars", quotes_csv({"usd_per_gpu_hour": "3"}))
    lines = told(layers(books={"a": FLAT, "b": three})).splitlines()
    # 2,935,000 hours at 3 dollars
    assert lines[1] == "together under the other price book: $8.81 million"


def test_books_without_a_price_are_not_told() -> None:
    assert len(told(layers(books={"a": FLAT})).splitlines()) == 1
    assert len(told(layers(books={"a": FLAT, "b": LATE})).splitlines()) == 1


def test_a_baseline_without_a_price_is_said_in_words() -> None:
    first = told(layers(books={"late": LATE})).splitlines()[0]
    assert first == "DeepSeek-R1 not priced, V3 not priced, together not priced (Late)"


def test_a_users_book_is_told_beside_the_baseline() -> None:
    dear = book("Mine", quotes_csv({"usd_per_gpu_hour": "3"}), is_users=True)
    lines = told(layers(books={"a": FLAT, "b": dear})).splitlines()
    assert "Mine: R1 $294,000 -> $441,000 (x 1.50), V3 $5.58 million -> $8.36 million (x 1.50)" in (
        lines
    )
    assert "V3 and R1 together: $5.87 million -> $8.81 million (x 1.50)" in lines


def test_a_users_book_that_prices_nothing_is_told_so() -> None:
    late = LATE | {"is_users": True}
    lines = told(layers(books={"a": FLAT, "b": late})).splitlines()
    assert "V3 and R1 together: $5.87 million -> not priced" in lines
