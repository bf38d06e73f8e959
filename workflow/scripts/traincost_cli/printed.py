"""Finding a number by what a table prints: `5,870,000`, `$5.87 million`, `5.87M`."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from traincost.printed import SUFFIXES

POWERS = SUFFIXES | {"": 0, "%": -2}
_FIGURE = re.compile(
    r"[$]?\s?(?P<number>[0-9][0-9,]*(\.[0-9]+)?|\.[0-9]+)\s?(?P<suffix>[a-z]*|%)", re.IGNORECASE
)


def figure(text: str) -> tuple[Decimal, Decimal] | None:
    """The span of values that are printed so: half a unit of the last digit each way.

    None where the text is no printed figure.
    """
    match = _FIGURE.fullmatch(text.strip())
    suffix = match["suffix"].lower() if match else ""
    if not match or suffix not in POWERS:
        return None
    number = match["number"].replace(",", "")
    scale = Decimal(10) ** POWERS[suffix]
    decimals = len(number.partition(".")[2])
    half = scale.scaleb(-decimals) / 2
    return Decimal(number) * scale - half, Decimal(number) * scale + half


def is_printed_so(cell: Mapping[str, Any], text: str) -> bool:
    """Whether a cell shows a figure: in the same digits, or in another unit."""
    shown = cell["display"].replace("$", "")
    if shown == text.replace("$", "").strip():
        return True
    span, value = figure(text), cell["value"]
    if span is None or value is None or not math.isfinite(value):
        return False
    return span[0] <= Decimal(repr(value)) <= span[1]
