"""`traincost why`: a number, its formula, and what that read, down to the source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from traincost.display import plain
from traincost.spelled import spelled
from traincost_cli.ledger import Ledger, Number

SHOWN_CONSIDERED = 3


def tree(ledger: Ledger, number: Number, seen: set[str] | None = None) -> dict[str, Any]:
    """A number and its inputs as plain data; a number met before is not opened again."""
    seen = set() if seen is None else seen
    kept = {key: value for key, value in number.items() if value not in (None, [], "")}
    kept |= {"date": str(number["date"])} if number["date"] else {}
    if number["number_id"] in seen:
        return {"number_id": number["number_id"], "value": number["value"], "is_above": True}
    seen.add(number["number_id"])
    inputs = dict.fromkeys(number["input_ids"])
    if inputs:
        kept["inputs"] = [tree(ledger, ledger.number(each), seen) for each in inputs]
    return kept


def told(ledger: Ledger, number: Number, considered: bool = False) -> str:
    """The tree of a number as lines for a terminal."""
    return "\n".join(_branch(ledger, number, "", "", set(), considered))


def used_by(ledger: Ledger, number: Number) -> str:
    """The numbers made of a number, step by step, as lines; and the cells that show them."""
    reached: dict[str, int] = {number["number_id"]: 0}
    todo = [number["number_id"]]
    for number_id in todo:
        for user in ledger.users.get(number_id, []):
            if user not in reached:
                reached[user] = reached[number_id] + 1
                todo.append(user)
    lines = [f"{number['number_id']} = {value(number)}"]
    lines += [
        f"  {'  ' * (depth - 1)}{number_id} = {value(ledger.numbers[number_id])}"
        for number_id, depth in reached.items()
        if depth
    ]
    shown = [
        f"  {cell['table']}, {cell['row_label'] or 'title and notes'}, {cell['column']}:"
        f" {cell['display']}"
        for cell in ledger.cells
        if cell["number_id"] in reached
    ]
    return "\n".join([*lines, "shown in:" if shown else "shown in no table", *shown])


def value(number: Number) -> str:
    """Value, unit and interval for a reader; not rounded beyond 12 digits."""
    if number["date"]:
        return str(number["date"])
    text = f"{plain(number['value'])} {number['unit']}".removesuffix(" 1")
    low, high = number["low"], number["high"]
    if low is None or low == high:
        return text
    return f"{text} [{plain(low)} to {plain(high)}]"


def _branch(
    ledger: Ledger, number: Number, first: str, rest: str, seen: set[str], considered: bool
) -> Iterator[str]:
    number_id = number["number_id"]
    again = number_id in seen
    seen.add(number_id)
    note = " (opened above)" if again and number["input_ids"] else f", {number['kind']}"
    yield f"{first}{number_id} = {value(number)}{note}"
    if again:
        return
    inputs = [ledger.number(each) for each in dict.fromkeys(number["input_ids"])]
    bar = rest + ("│   " if inputs else "    ")
    yield from (f"{bar}{line}" for line in _how(ledger, number, considered))
    for place, each in enumerate(inputs):
        is_last = place == len(inputs) - 1
        fork, below = ("└── ", "    ") if is_last else ("├── ", "│   ")
        yield from _branch(ledger, each, rest + fork, rest + below, seen, considered)


def _how(ledger: Ledger, number: Number, considered: bool) -> Iterator[str]:
    if number["formula"]:
        yield f"= {number['formula']}"
        yield f"= {with_numbers(ledger, number)}"
    if number["selection"]:
        yield f"rule: {number['selection']}"
    if number["considered_ids"]:
        ids = number["considered_ids"]
        shown = ids if considered else ids[:SHOWN_CONSIDERED]
        more = len(ids) - len(shown)
        tail = f" and {more} more (--considered lists them)" if more else ""
        yield f"it also looked at {', '.join(shown)}{tail}"
    if number["file"]:
        printed = f'printed "{number["printed"]}"; ' if number["printed"] else ""
        yield f"{printed}{number['file']}, line {number['line']}"
    if number["source_id"]:
        parts = (number["source_title"], number["locator"], number["source_address"])
        yield f"source: {', '.join(part for part in parts if part)} ({number['status']})"


def with_numbers(ledger: Ledger, number: Number) -> str:
    """The formula with the values of what it read in place of the names."""
    return "".join(
        text if number_id is None else plain(ledger.number(number_id)["value"])
        for text, number_id in spelled(number)
    )
