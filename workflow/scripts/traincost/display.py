"""Numbers as a reader sees them: rounded once, half up, in decimal.

The same cell shows the same string in every format, so everything that prints a
number asks here.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal

MISSING = "[x]"
NOT_APPLICABLE = "[z]"

LEGEND = {
    MISSING: "not printed by the source, or not computable for the reason given",
    NOT_APPLICABLE: "does not apply",
}


def number(value: float | None, decimals: int = 0, per: float = 1) -> str:
    """`value / per` with thousands separators, rounded half up to `decimals` places.

    A missing value is `[x]`, an unbounded one an infinity sign.
    """
    if value is None:
        return MISSING
    if math.isinf(value):
        return "∞"
    # repr is the shortest text that reads back as the same float: 2.675 stays 2.675
    scaled = Decimal(repr(value)) / Decimal(repr(per))
    rounded = scaled.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{rounded:,f}".replace("-", "\N{MINUS SIGN}")


def plain(value: float | None) -> str:
    """The value to 12 significant digits, for whoever checks: no more than the computer holds."""
    if value is None:
        return "none"
    if math.isinf(value):
        return number(value)
    kept = Context(prec=12, rounding=ROUND_HALF_UP).create_decimal(repr(value)).normalize()
    return f"{kept:,f}".replace("-", "\N{MINUS SIGN}")


def percent(value: float | None, decimals: int = 1) -> str:
    """A share as percent, without the sign."""
    return number(value, decimals, per=0.01)


def money(value: float | None) -> str:
    """Dollars in running text: `$294,000`, `$5.87 million`."""
    if value is None:
        return MISSING
    if abs(value) >= 1e9:
        return f"${number(value, 2, per=1e9)} billion"
    if abs(value) >= 1e6:
        return f"${number(value, 2, per=1e6)} million"
    return f"${number(value)}"


def times(value: float | None) -> str:
    """A ratio in running text: `1.7 times`."""
    return f"{number(value, 1)} times"
