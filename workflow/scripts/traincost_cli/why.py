"""`traincost why`: a number, its formula, and what that read, down to the source."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from traincost import display
from traincost.spelled import spelled
from traincost_cli.ledger import Cell, Ledger, Number, place

SHOWN_CONSIDERED, SHOWN_OTHERS = 3, 8


def tree(ledger: Ledger, number: Number, seen: set[str] | None = None) -> dict[str, Any]:
    """A number and its inputs as plain data; a number met before is not opened again.

    JSON knows no infinity: what has no bound is the text `Infinity`.
    """
    seen = set() if seen is None else seen
    kept = {key: plain(part) for key, part in number.items() if part not in (None, [], "")}
    if number["number_id"] in seen:
        return {key: kept[key] for key in ("number_id", "value", "date") if key in kept} | {
            "is_above": True
        }
    seen.add(number["number_id"])
    inputs = dict.fromkeys(number["input_ids"])
    if inputs:
        kept["inputs"] = [tree(ledger, ledger.number(each), seen) for each in inputs]
    return kept


def plain(part: Any) -> Any:
    """A part of a number as JSON has it."""
    if isinstance(part, float) and math.isinf(part):
        return "Infinity" if part > 0 else "-Infinity"
    return part.isoformat() if isinstance(part, date) else part


def told(ledger: Ledger, number: Number, considered: bool = False) -> str:
    """The tree of a number as lines for a terminal."""
    return "\n".join(_branch(ledger, number, "", "", set(), considered))


def others(figure: str, found: Mapping[str, list[Cell]]) -> str:
    """That tables print a figure for other numbers too, as lines; empty where for one alone."""
    rest = list(found)[1:]
    if not rest:
        return ""
    lines = [f"tables print {figure} for {len(found)} numbers; below is that of most cells. Also:"]
    lines += [f"  {each}, in {place(found[each][0])}" for each in rest[:SHOWN_OTHERS]]
    if len(rest) > SHOWN_OTHERS:
        lines.append(f"  and {len(rest) - SHOWN_OTHERS} more")
    return "\n".join([*lines, "", ""])


def used_by(ledger: Ledger, number: Number) -> str:
    """The numbers made of a number, step by step, as lines; and the cells that show them."""
    start = number["number_id"]
    steps: dict[str, tuple[int, str]] = {start: (0, "")}
    todo = [start]
    for number_id in todo:
        depth = steps[number_id][0] + 1
        for users, note in ((ledger.users, ""), (ledger.lookers, ", which only looked at it")):
            for user in users.get(number_id, []):
                if user not in steps:
                    steps[user] = (depth, note)
                    todo.append(user)
    lines = [f"{start} = {value(number)}"]
    lines += [
        f"{'  ' * depth}{number_id} = {value(ledger.numbers[number_id])}{note}"
        for number_id, (depth, note) in steps.items()
        if depth
    ]
    shown = [f"  {place(cell)}: {cell['display']}" for cell in ledger.shown_in(steps)]
    return "\n".join([*lines, "shown in:" if shown else "shown in no table", *shown])


def value(number: Number) -> str:
    """Value, unit and interval for a reader; not rounded beyond 12 digits."""
    if number["date"]:
        return str(number["date"])
    text = f"{display.plain(number['value'])} {number['unit']}".removesuffix(" 1")
    low, high = number["low"], number["high"]
    if low is None or low == high:
        return text
    return f"{text} [{display.plain(low)} to {display.plain(high)}]"


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
    for order, each in enumerate(inputs):
        is_last = order == len(inputs) - 1
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
        text if number_id is None else display.plain(ledger.number(number_id)["value"])
        for text, number_id in spelled(number)
    )
