"""A rung of the scope ladder for a terminal: what it includes, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traincost_cli.ledger import Ledger

TABLE, PREFIX, HAS = "scope_ladder", "ladder.", "has_"


def of(number_id: str) -> str:
    """The rung that a number is of; empty for other numbers."""
    return number_id.removeprefix(PREFIX).partition(".")[0] if number_id.startswith(PREFIX) else ""


def told(ledger: Ledger, rung_id: str) -> str:
    """A rung as lines, after a line break."""
    rung = ledger.rungs[rung_id]
    included: dict[str, list[str]] = {}
    for name in (each for each in rung if each.startswith(HAS)):
        included.setdefault(rung[name], []).append(name.removeprefix(HAS).replace("_", " "))
    lines = [
        f"rung {rung['place']}, {rung['label']}: {rung['basis']}, {rung['evidence']}",
        *(f"  {answer}: {', '.join(what)}" for answer, what in included.items()),
        f"  {rung['file']}, line {rung['line']}",
        "  source: "
        + ", ".join(filter(None, (rung[key] for key in ("title", "locator", "address"))))
        + f" ({rung['status']})",
        *([f"  {rung['note']}"] if rung["note"] else []),
    ]
    return "\n" + "\n".join(lines)
