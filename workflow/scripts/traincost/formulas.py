"""Declared formulas: one text, evaluated three ways.

A formula is SQL arithmetic over column names in a closed grammar:
`+ - * / ( )`, numbers, `power ln coalesce least greatest sum`. polars evaluates the
text itself for the central value (`pl.sql_expr`); this module reads the same
text into a small tree for interval bounds, and for whoever must translate it
(workbook, page, prose).

The grammar is a subset of Python's expressions, so Python's parser reads it.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable
from functools import cache

import polars as pl

FUNCTIONS = {"power": 2, "ln": 1, "coalesce": None, "least": None, "greatest": None, "sum": 1}
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?(e[0-9]+)?")

Bounds = tuple[pl.Expr, pl.Expr]


@cache
def parse(text: str) -> ast.expr:
    """The formula as a tree of Name, Constant, BinOp and Call.

    Raises ValueError where the text leaves the grammar.
    """
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"formula {text!r} cannot be read: {error.msg}") from None
    for node in ast.walk(tree):
        _check(node, text)
        _check_constants(node, text)
    return tree


@cache
def names(text: str) -> tuple[str, ...]:
    """The columns a formula reads, in order of first use."""
    tree = parse(text)
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    found = [
        (node.lineno, node.col_offset, node.id)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and id(node) not in functions
    ]
    return tuple(dict.fromkeys(name for _, _, name in sorted(found)))


def is_aggregate(text: str) -> bool:
    """Whether the formula sums over the rows of a group."""
    return any(
        isinstance(node, ast.Call) and function_of(node) == "sum" for node in ast.walk(parse(text))
    )


def central(text: str) -> pl.Expr:
    """The central value. A sum with a missing member is missing, never partial."""
    expression = pl.sql_expr(text)
    if is_aggregate(text):
        gaps = [pl.col(name).is_null().any() for name in names(text)]
        return pl.when(pl.any_horizontal(gaps)).then(None).otherwise(expression)
    return expression


def bounds(text: str, has_interval: Callable[[str], bool]) -> Bounds:
    """Low and high of a formula by interval arithmetic over `x_low`, `x_high`.

    `has_interval(name)` says whether a column carries bounds; one that does not
    is taken as exact. Missing where the central value is missing.
    """

    def leaf(name: str) -> Bounds:
        if has_interval(name):
            return pl.col(f"{name}_low"), pl.col(f"{name}_high")
        exact = pl.col(name)
        return exact, exact

    low, high = _bounds(parse(text), leaf)
    known = central(text).is_not_null()
    return pl.when(known).then(low), pl.when(known).then(high)


def _bounds(node: ast.expr, leaf: Callable[[str], Bounds]) -> Bounds:
    if isinstance(node, ast.Constant):
        number = pl.lit(float(node.value))
        return number, number
    if isinstance(node, ast.Name):
        return leaf(node.id)
    if isinstance(node, ast.BinOp):
        left, right = _bounds(node.left, leaf), _bounds(node.right, leaf)
        return _combine(OPERATORS[type(node.op)], left, right)
    arguments = [_bounds(argument, leaf) for argument in node.args]
    if function_of(node) == "power":
        # rises or falls with each argument, as long as the base is not negative
        return _corners(lambda x, y: x.pow(y), *arguments, is_open=arguments[0][0] < 0)
    rising = {  # rises with each argument: its bounds are its values at the bounds
        "sum": lambda values: values[0].sum(),
        # nothing below zero has one: an interval that reaches there has no lower bound
        "ln": lambda values: pl.when(values[0] > 0).then(values[0].log()).otherwise(-math.inf),
        "coalesce": pl.coalesce,
        "least": pl.min_horizontal,
        "greatest": pl.max_horizontal,
    }[function_of(node)]
    return rising([low for low, _ in arguments]), rising([high for _, high in arguments])


def _combine(operator: str, left: Bounds, right: Bounds) -> Bounds:
    (a, b), (c, d) = left, right
    match operator:
        case "+":
            return _both(a is b and c is d, a + c, b + d)
        case "-":
            return _both(a is b and c is d, a - d, b - c)
        case "*":
            return _corners(lambda x, y: x * y, left, right)
        case _:
            # + 0.0 makes a zero positive: the divisor comes from above it
            return _corners(lambda x, y: x / (y + 0.0), left, right, is_open=(c < 0) & (d >= 0))


def _both(is_exact: bool, low: pl.Expr, high: pl.Expr) -> Bounds:
    return (low, low) if is_exact else (low, high)


def _corners(
    function: Callable, left: Bounds, right: Bounds, is_open: pl.Expr | None = None
) -> Bounds:
    """The least and the greatest value at the corners; without a bound where `is_open`."""
    values = [function(x, y) for x in _ends(left) for y in _ends(right)]
    # x * inf is fine, 0 * inf is not a number: such a corner has no bound to give
    values = [value.fill_nan(None) for value in values]
    low, high = pl.min_horizontal(values), pl.max_horizontal(values)
    if len(values) == 1:  # exact of exact: one expression, so that long products stay short
        low = high = values[0]
    if is_open is None or low is high:
        return low, high
    return (
        pl.when(is_open).then(-math.inf).otherwise(low),
        pl.when(is_open).then(math.inf).otherwise(high),
    )


def _ends(bounds: Bounds) -> tuple[pl.Expr, ...]:
    """The different ends of an interval: one where it is exact."""
    low, high = bounds
    return (low,) if low is high else bounds


def function_of(node: ast.Call) -> str:
    """The name of the function that is called."""
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _check(node: ast.AST, text: str) -> None:
    allowed = (ast.Name, ast.Load, ast.operator)
    ok = isinstance(node, allowed)
    if isinstance(node, ast.Constant):
        ok = type(node.value) in (int, float)
    elif isinstance(node, ast.BinOp):
        ok = type(node.op) in OPERATORS
    elif isinstance(node, ast.Call):
        arity = FUNCTIONS.get(function_of(node), 0)
        is_called_right = not node.keywords and node.args and arity in (None, len(node.args))
        ok = function_of(node) in FUNCTIONS and bool(is_called_right)
    if not ok:
        raise ValueError(f"formula {text!r} leaves the grammar at {ast.unparse(node)!r}")


def _check_constants(node: ast.AST, text: str) -> None:
    """What SQL reads otherwise: 0x10, 1_000; 1.0 / 3, which it rounds; products of whole numbers
    that overflow."""
    if isinstance(node, ast.Constant):
        written = ast.get_source_segment(text, node) or ""
        if not _NUMBER.fullmatch(written):
            raise ValueError(f"formula {text!r} leaves the grammar at {written!r}")
    elif isinstance(node, ast.BinOp | ast.Call):
        operands = (node.left, node.right) if isinstance(node, ast.BinOp) else node.args
        if not any(isinstance(part, ast.Name) for one in operands for part in ast.walk(one)):
            raise ValueError(
                f"formula {text!r} combines constants only at {ast.unparse(node)!r};"
                " write their result"
            )
