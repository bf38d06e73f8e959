"""Numbers as a reader sees them: rounded once, half up, in decimal.

The same cell shows the same string in every format, so everything that prints a
number asks here.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal

MISSING = "[x]"
NOT_APPLICABLE = "[z]"
ESTIMATED = "[e]"

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
        return "∞" if value > 0 else "\N{MINUS SIGN}∞"
    # repr is the shortest text that reads back as the same float: 2.675 stays 2.675
    scaled = Decimal(repr(value)) / Decimal(repr(per))
    rounded = scaled.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    # + 0: what rounds to nothing has no sign
    return f"{rounded + 0:,f}".replace("-", "\N{MINUS SIGN}")


def days(value: float) -> str:
    """Days to one decimal, to more where less than a twentieth of a day would read as none."""
    for decimals in (1, 2, 3):
        if float(number(value, decimals).replace(",", "")):
            return number(value, decimals)
    return number(value, 5)


def plain(value: float | None) -> str:
    """The value to 12 significant digits, for whoever checks: no more than the computer holds.

    What is very large or very small has a power of ten, as in `2.5e24`.
    """
    if value is None:
        return "none"
    if math.isinf(value):
        return number(value)
    kept = Context(prec=12, rounding=ROUND_HALF_UP).create_decimal(repr(value)).normalize()
    power = kept.adjusted()
    # + 0: nothing has no sign
    text = f"{kept + 0:,f}"
    if kept and not -13 < power < 15:
        text = f"{kept.scaleb(-power):f}e{power}"
    return text.replace("-", "\N{MINUS SIGN}")


def percent(value: float | None, decimals: int = 1) -> str:
    """A share as percent, without the sign."""
    return number(value, decimals, per=0.01)


def money(value: float | None) -> str:
    """Dollars in running text: `$294,000`, `$5.87 million`."""
    if value is None:
        return MISSING
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    size = abs(value)
    # from where it rounds up to the next unit: never $1,000.00 million
    if size >= 999_995_000:
        return f"{sign}${number(size, 2, per=1e9)} billion"
    if size >= 999_999.5:
        return f"{sign}${number(size, 2, per=1e6)} million"
    return f"{sign}${number(size)}"


def times(value: float | None) -> str:
    """A ratio in running text: `1.7 times`."""
    return f"{number(value, 1)} times"


def year(value: float | None) -> str:
    """A year in running text: `2023`."""
    return number(value).replace(",", "")


def legend() -> str:
    """What the symbols in a table mean, as a note."""
    return f"{'; '.join(f'{symbol} {meaning}' for symbol, meaning in LEGEND.items())}."
