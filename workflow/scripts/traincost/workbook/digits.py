"""Number formats that show the digits which every other format of a table shows."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from traincost import display
from traincost.tables.spec import Cell

MINUS = "\N{MINUS SIGN}"
PRINTED = re.compile(rf"([^\d{MINUS}]*)({MINUS}?[\d,]+(?:\.\d+)?)(\D*)", re.DOTALL)
# what one unit of display may be worth, where the cell does not say
SCALES = (1, 1e3, 1e6, 1e9, 1e12, 0.01, 1e-3)


@dataclass(frozen=True)
class Digits:
    """How a number is shown: divided by `per`, then by the number format."""

    per: float
    number_format: str


def digits_of(cell: Cell) -> Digits | None:
    """How to show the number of a cell; None where no number format gives its string."""
    printed = PRINTED.fullmatch(cell.display)
    if cell.value is None or not printed:
        return None
    before, core, behind = printed.groups()
    decimals = len(core.partition(".")[2])
    scales = (cell.shown.per, *SCALES) if cell.shown else SCALES
    for per in scales:
        if display.number(cell.value, decimals, per) == core and '"' not in before + behind:
            return Digits(per, number_format(decimals, before, behind))
    return None


def number_format(decimals: int = 0, before: str = "", behind: str = "") -> str:
    """Thousands separators, a true minus sign, and words around."""
    body = "#,##0" + ("." + "0" * decimals if decimals else "")
    head, tail = (f'"{words}"' if words else "" for words in (before, behind))
    return f"{head}{body}{tail};{head}{MINUS}{body}{tail}"


def format_of_column(values: Iterable[float], unit: str) -> str:
    """One format for the unrounded numbers of a column, by how large they are."""
    there = [abs(value) for value in values if math.isfinite(value)]
    most = max(there, default=0)
    if most >= 1000 or not unit or all(value.is_integer() for value in there):
        # a price that happens to be whole need not stay so
        return number_format(2 if "/" in unit and most < 1000 else 0)
    return number_format(2 if most >= 1 else 4)


def format_of_number(value: float) -> str:
    """A format for a number that stands among others of other units."""
    if not 1000 <= abs(value) < 1e15:
        return "General"
    return number_format(0 if value.is_integer() else 2)
