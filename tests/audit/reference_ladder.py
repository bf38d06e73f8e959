"""The rungs from the headline to the company, a second time."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from audit.printed_figures import Number
from audit.reference_claims import Ledger, evaluated
from audit.reference_field import over, own_book

Found = Iterator[tuple[str, Number | None]]
BILL = "v3-r1"


def rungs(ledger: Ledger) -> dict[str, Number | None]:
    """What each rung comes to, in the order of the ladder."""
    data, found = ledger.data, {}
    books = {"baseline": data.baseline, "own": own_book(data, BILL)}
    for row in sorted(data.tables["rungs"], key=lambda row: Fraction(row["rung_order"])):
        inputs = {}
        for part in row["inputs"].split():
            name, base = part.replace("{set}", data.config["assumption_set"]).split("=")
            at_book = ledger.numbers.get(f"{base}@{books[row['book']]}")
            inputs[name] = ledger.numbers.get(base) or at_book
        found[row["rung_id"]] = evaluated(row["formula"], inputs) if inputs else None
    return found


def values_of_rungs(ledger: Ledger) -> Found:
    for rung_id, number in rungs(ledger).items():
        yield f"ladder.{rung_id}.value_usd", number


def multiples_of_rungs(ledger: Ledger) -> Found:
    (_, headline), *others = rungs(ledger).items()
    for rung_id, number in others:
        yield f"ladder.{rung_id}.multiple", over(number, headline)
