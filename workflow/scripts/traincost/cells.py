"""Read the text of a column by its declaration: what each cell says, or why it cannot be read.

Text that is plainly all right passes as it is. Of everything else each distinct
text is read once, so that a column of millions of cells costs what it holds.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import polars as pl

from traincost import printed
from traincost.columns import KINDS, Column

EMPTY = "must not be empty"
# letters, digits and signs of ASCII, with single spaces between words
_PLAIN_TEXT = r"^[!-~]+( [!-~]+)*$"

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DECIMAL = re.compile(r"[0-9]+(\.[0-9]{1,6})?")
_LARGEST = 1e12

Cell = dict[str, object]


def read_column(raw: pl.DataFrame, column: Column) -> tuple[list[pl.Series], pl.Series]:
    """The physical columns of a declared one, and a text per row: why it cannot be read, or null.

    An unreadable cell is null in all of them. Rows stay in order.
    """
    names = [part.name for part in column.expanded()]
    step = pl.col(column.raw_step) if column.raw_step else pl.lit("")
    cells = raw.select(text=column.raw_name, step=step)
    is_plain_text = column.kind == "text" and not column.reading
    odd = pl.lit(True) if not is_plain_text else ~pl.col("text").str.contains(_PLAIN_TEXT)
    read = _read(cells.filter(odd).unique(maintain_order=True), column)
    joined = cells.join(
        read, on=["text", "step"], how="left", validate="m:1", maintain_order="left"
    )
    if is_plain_text:
        passed = pl.when(odd).then("value:" + column.name).otherwise("text")
        joined = joined.with_columns(passed.alias("value:" + column.name))
    return [joined[f"value:{name}"].alias(name) for name in names], joined["why"]


def _read(distinct: pl.DataFrame, column: Column) -> pl.DataFrame:
    parts = list(column.expanded())
    schema = {"text": pl.String, "step": pl.String}
    schema |= {f"value:{part.name}": KINDS[part.kind][0] for part in parts} | {"why": pl.String}
    rows = []
    for text, step in distinct.iter_rows():
        cell, why = dict.fromkeys(part.name for part in parts), None
        try:
            cell |= _read_cell(column, text, step)
        except ValueError as error:
            why = str(error)
        rows.append((text, step, *cell.values(), why))
    return pl.DataFrame(rows, schema=schema, orient="row")


def _read_cell(column: Column, text: str, step: str) -> Cell:
    if text == "":
        if not column.optional:
            raise ValueError(EMPTY)
        return {}
    _refuse_hidden_characters(text)
    if column.is_name and "  " in text:
        raise ValueError("must not hold two spaces in a row: it would look like another name")
    name = column.name
    match column.reading or column.kind:
        case "text":
            return {name: text}
        case "date":
            return {name: _date(text)}
        case "decimal":
            return {name: float(_decimal(text))}
        case "count":
            return {name: float(printed.count(text).value), f"{name}_text": text}
        case "measured":
            figure = printed.measured(text, step)
        case _:
            figure = printed.duration_hours(text, step)
    return {
        name: float(figure.value),
        f"{name}_low": float(figure.low),
        f"{name}_high": figure.high_number,
        f"{name}_step": None if figure.step is None else float(figure.step),
        f"{name}_text": text,
    }


def _date(text: str) -> date:
    try:
        if not _ISO_DATE.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a date of the calendar, written YYYY-MM-DD") from None


def _decimal(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise ValueError(
            "must be a plain number such as 3.42: digits, a point, at most six decimals"
            + _why_not_decimal(text)
        )
    value = Decimal(text)
    if value > _LARGEST:
        raise ValueError("must be a plain number such as 3.42; this has too many digits")
    return value


def _why_not_decimal(text: str) -> str:
    """What kind of mistake a number is, where it is a common one."""
    found = {
        r"[-−–].*": f"; this begins with {_sign(text[0])}, and a price is above zero",
        r"[$€£¥].*|.*[$€£¥]|.*\b(USD|EUR|CNY|RMB)\b.*": "; leave the currency out",
        r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?": "; leave the thousands comma out",
        r"[0-9]+,[0-9]+": "; the decimal sign is a point",
        r"(?i)[+]?(nan|inf|infinity|n/?a|null|none|-)": "; this is no number",
        r"[0-9]+\.[0-9]{7,}": "; round it",
        r"[0-9.]+[eE][-+]?[0-9]+": "; write it without an exponent",
        r"(?=.*[^\x00-\x7f])\w+([.]\w+)?": "; these are not the digits 0 to 9",
    }
    return next((why for pattern, why in found.items() if re.fullmatch(pattern, text)), "")


def _sign(character: str) -> str:
    return "a minus" if character == "-" else f"the sign U+{ord(character):04X}"


def _refuse_hidden_characters(text: str) -> None:
    if text != text.strip() or "\xa0" in text:
        raise ValueError("must not begin or end with a space or hold a no-break space")
    if not text.isprintable():
        raise ValueError("must not hold control or invisible characters")
