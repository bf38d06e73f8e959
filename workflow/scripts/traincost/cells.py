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
from traincost.claimed import stated
from traincost.columns import KINDS, Column
from traincost.exact import exact

EMPTY = "must not be empty"
# letters, digits and signs of ASCII, with single spaces between words
_PLAIN_TEXT = r"^[!-~]+( [!-~]+)*$"

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DECIMAL = re.compile(r"[0-9]+(\.[0-9]{1,6})?")
_LARGEST = 1e12

Cell = dict[str, object]


def read_column(raw: pl.DataFrame, column: Column) -> tuple[list[pl.Series], dict[str, pl.Series]]:
    """The physical columns of a declared one; and by column of the file, why cells are unreadable.

    An unreadable cell is null in all of them; elsewhere the reason is null. Rows
    stay in order.
    """
    if column.reading == "assumed":
        return _read_assumed(raw, column)
    step = pl.col(column.raw_step) if column.raw_step else pl.lit("")
    cells = raw.select(text=column.raw_name, step=step)
    is_text = column.kind == "text" and not column.reading
    odd = ~pl.col("text").str.contains(_PLAIN_TEXT) if is_text else pl.lit(True)
    read = _read(cells.filter(odd).unique(maintain_order=True), column)
    joined = cells.join(
        read, on=["text", "step"], how="left", validate="m:1", maintain_order="left"
    )
    if is_text:
        value = f"value:{column.name}"
        joined = joined.with_columns(pl.when(odd).then(value).otherwise("text").alias(value))
    why = {column.raw_name: joined["why"]}
    if column.raw_step:
        why[column.raw_step] = joined["why_step"]
    return [joined[f"value:{part.name}"].alias(part.name) for part in column.expanded()], why


def _read_assumed(
    raw: pl.DataFrame, column: Column
) -> tuple[list[pl.Series], dict[str, pl.Series]]:
    """An assumed number and the bounds it has, each from a column of its own; as `read_column`."""
    found, why = [], {}
    for part in (part for part in column.expanded() if part.kind == column.kind):
        source = {f"{column.name}_low": column.raw_low, f"{column.name}_high": column.raw_high}
        name = source.get(part.name, column.raw_name)
        cells = [_read_exact(text) for text in raw[name]]
        found.append(pl.Series(part.name, [value for value, _ in cells], pl.Float64))
        why[name] = pl.Series([reason for _, reason in cells], dtype=pl.String)
    return [*found, raw[column.raw_name].alias(f"{column.name}_text")], why


def _read_exact(text: str) -> tuple[float | None, str | None]:
    """The value of arithmetic, or why it has none."""
    try:
        return (float(exact(text)), None) if text else (None, EMPTY)
    except ValueError as error:
        return None, str(error)


def _read(distinct: pl.DataFrame, column: Column) -> pl.DataFrame:
    """What each distinct text says. Grain kept; columns `value:<name>`, `why`, `why_step`."""
    parts = {part.name: KINDS[part.kind][0] for part in column.expanded()}
    rows = []
    for text, step in distinct.iter_rows():
        cell, why, why_step = dict.fromkeys(parts), None, None
        try:
            _check_step(column, text, step)
        except ValueError as error:
            why_step, step_used = str(error), ""
        else:
            step_used = step
        try:
            cell |= _read_cell(column, text, step_used)
        except ValueError as error:
            why = str(error)
        rows.append((text, step, *cell.values(), why, why_step))
    schema = {
        **dict.fromkeys(("text", "step"), pl.String),
        **{f"value:{name}": kind for name, kind in parts.items()},
        **dict.fromkeys(("why", "why_step"), pl.String),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _check_step(column: Column, text: str, step: str) -> None:
    if step and not text:
        raise ValueError(f"must be empty where {column.raw_name} is")
    if step:
        printed.declared_step(step)


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
        case "stated":
            figure = stated(text, step)
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
            _why_not_decimal(text)
            + "must be a plain number such as 3.42: digits, a point, at most six decimals"
        )
    value = Decimal(text)
    if value > _LARGEST:
        raise ValueError("must be a plain number such as 3.42; this has too many digits")
    return value


def _why_not_decimal(text: str) -> str:
    """What kind of mistake a number is, where it is a common one."""
    found = {
        r"[-−–].*": f"begins with {_sign(text[0])}, and nothing here is below zero; ",
        r"[$€£¥].*|.*[$€£¥]|.*\b(USD|EUR|CNY|RMB)\b.*": "has the currency with it; ",
        r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?": "has a comma for the thousands; ",
        r"[0-9]+,[0-9]+": "has a comma for a decimal point; ",
        r"(?i)[+]?(nan|inf|infinity|n/?a|null|none|-)": "is no number; ",
        r"[0-9]+\.[0-9]{7,}": "has more decimals; ",
        r"[0-9.]+[eE][-+]?[0-9]+": "has an exponent; ",
        r"(?=.*[^\x00-\x7f])\w+([.]\w+)?": "has other digits than 0 to 9; ",
    }
    return next((why for pattern, why in found.items() if re.fullmatch(pattern, text)), "")


def _sign(character: str) -> str:
    return "a minus" if character == "-" else f"the sign U+{ord(character):04X}"


def _refuse_hidden_characters(text: str) -> None:
    if text != text.strip() or "\xa0" in text:
        raise ValueError("must not begin or end with a space or hold a no-break space")
    if not text.isprintable():
        raise ValueError("must not hold control or invisible characters")
