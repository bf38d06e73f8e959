"""`traincost diff`: two results folders, number by number."""

from __future__ import annotations

import math
from typing import Any

from traincost_cli.ledger import Ledger, Number
from traincost_cli.why import value

COMPARED = ("value", "low", "high", "date", "unit")


def differences(old: Ledger, new: Ledger) -> dict[str, list[dict[str, Any]]]:
    """Numbers that changed, largest relative change first, and those on one side only."""
    both = [number_id for number_id in old.numbers if number_id in new.numbers]
    changed = [
        _change(old.numbers[number_id], new.numbers[number_id])
        for number_id in both
        if any(old.numbers[number_id][k] != new.numbers[number_id][k] for k in COMPARED)
    ]
    changed.sort(key=lambda row: (-_size(row["ratio"]), row["number_id"]))
    return {
        "changed": changed,
        "only_in_first": _only(old, new),
        "only_in_second": _only(new, old),
    }


def told(found: dict[str, list[dict[str, Any]]], names: tuple[str, str], total: int) -> str:
    """The differences as lines for a terminal."""
    lines = [
        f"{row['number_id']}: {row['was']} -> {row['is']}"
        + (f" (x {row['ratio']:.6g})" if row["ratio"] is not None else "")
        for row in found["changed"]
    ]
    for side, name in zip(("only_in_first", "only_in_second"), names, strict=True):
        lines += [f"only in {name}: {row['number_id']} = {row['is']}" for row in found[side]]
    counts = {side: len(rows) for side, rows in found.items()}
    if not any(counts.values()):
        return f"all {total:,} numbers are the same in {names[0]} and {names[1]}"
    lines.append(
        f"{counts['changed']} of {total:,} numbers differ;"
        f" {counts['only_in_first']} only in {names[0]}, {counts['only_in_second']} only in"
        f" {names[1]}"
    )
    return "\n".join(lines)


def _change(was: Number, now: Number) -> dict[str, Any]:
    old, new = was["value"], now["value"]
    ratio = new / old if old and new is not None else None
    if ratio is not None and not math.isfinite(ratio):
        ratio = None
    return {"number_id": was["number_id"], "was": value(was), "is": value(now), "ratio": ratio}


def _only(here: Ledger, there: Ledger) -> list[dict[str, Any]]:
    return [
        {"number_id": number_id, "is": value(number)}
        for number_id, number in here.numbers.items()
        if number_id not in there.numbers
    ]


def _size(ratio: float | None) -> float:
    return abs(math.log(ratio)) if ratio and ratio > 0 else math.inf
