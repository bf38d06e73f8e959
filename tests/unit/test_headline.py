"""The last words on the terminal."""

from __future__ import annotations

from traincost.headline import headline
from unit.world import book, layers, quotes_csv, standard

FLAT = book("Two dollars", quotes_csv({}))
LATE = book("Late", quotes_csv({"quote_date": "2026-01-01"}))


def test_it_names_both_runs_their_sum_and_the_book() -> None:
    first, second = headline(standard()).splitlines()
    assert first == (
        "DeepSeek-R1 $294,000, V3 $5.58 million, together $5.87 million (DeepSeek's assumed $2)"
    )
    assert second.startswith("together under the other price books: $6.35 million to $")


def test_one_other_book_is_no_span() -> None:
    three = book("Three dollars", quotes_csv({"usd_per_gpu_hour": "3"}))
    lines = headline(layers(books={"a": FLAT, "b": three})).splitlines()
    # 2,935,000 hours at 3 dollars
    assert lines[1] == "together under the other price book: $8.81 million"


def test_books_without_a_price_are_not_told() -> None:
    assert len(headline(layers(books={"a": FLAT})).splitlines()) == 1
    assert len(headline(layers(books={"a": FLAT, "b": LATE})).splitlines()) == 1


def test_a_baseline_without_a_price_is_said_in_words() -> None:
    first = headline(layers(books={"late": LATE})).splitlines()[0]
    assert first == "DeepSeek-R1 not priced, V3 not priced, together not priced (Late)"
