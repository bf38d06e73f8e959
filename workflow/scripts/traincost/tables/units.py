"""Units in which figures of very different size are shown side by side."""

from __future__ import annotations

import math

from traincost import display
from traincost.columns import bounded
from traincost.tables.spec import Cell, Row, Shown

# decimals by unit, for figures below a million
DECIMALS = {"1": 2, "d": 1, "h": 1, "tCO2eq": 1, "USD/GPU-h": 2, "USD/instance-h": 2}
MILLION = 1e6


def fitting(unit: str, *values: float | None) -> Shown:
    """How figures of that unit are shown together: in millions if all are that large."""
    sizes = [abs(value) for value in values if value and math.isfinite(value)]
    least = min(sizes, default=0)
    if least >= MILLION:
        return Shown(f"million {unit}", decimals=3 if least < 100 * MILLION else 1, per=MILLION)
    if unit == "1":
        return Shown("ratio", decimals=3 if least < 1 else DECIMALS[unit])
    return Shown(unit, DECIMALS.get(unit, 0))


def in_unit(row: Row, name: str, shown: Shown, number_id: str, side: str = "") -> Cell:
    """The cell of a row's number in a unit, or of one of its bounds (`side`: low or high).

    A number without bounds is exact and bounds itself.
    """
    value, low, high = (row[part] for part in bounded(name))
    if side and row[f"{name}_{side}"] is not None:
        value, low, high = row[f"{name}_{side}"], None, None
        number_id = f"{number_id}:{side}" if number_id else ""
    said = display.number(value, shown.decimals, shown.per)
    return Cell(said, number_id, value, low, high, shown.unit, shown=shown)
