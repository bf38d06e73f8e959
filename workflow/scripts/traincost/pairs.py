"""Formulas that data files hold: their inputs, and their value with bounds."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping

from traincost import formulas
from traincost.verdicts import Estimate


def pairs(text: str | None) -> dict[str, str]:
    """`a=x.y b=z.w` as {a: x.y, b: z.w}. Raises ValueError where a pair is none."""
    found: dict[str, str] = {}
    for part in (text or "").split():
        name, is_pair, number = part.partition("=")
        if not (name.isidentifier() and is_pair and number):
            raise ValueError(f"'{part}' must be name=number, such as hours=v3.total.gpu_hours")
        if name in found:
            raise ValueError(f"the name '{name}' must stand once")
        found[name] = number
    return found


def check(formula: str, known: set[str]) -> None:
    """Raises ValueError where a formula leaves the grammar or does not read just `known` names."""
    read = set(formulas.names(formula))
    if formulas.is_aggregate(formula):
        raise ValueError("must not use sum: it is computed row by row")
    if unknown := sorted(read - known):
        raise ValueError(f"reads '{unknown[0]}', which is not among its inputs")
    if unused := sorted(known - read):
        raise ValueError(f"does not read its input '{unused[0]}'")


def evaluate(formula: str, inputs: Mapping[str, Estimate]) -> Estimate | None:
    """The value of a formula, with bounds by interval arithmetic; None where it has none.

    As `formulas.central` and `formulas.bounds` do for columns; a data file's formula
    is evaluated once per row, each with names of its own.
    """
    found = _value(formulas.parse(formula), inputs)
    return found if math.isfinite(found.value) else None


def _value(node: ast.expr, inputs: Mapping[str, Estimate]) -> Estimate:
    if isinstance(node, ast.Constant):
        return Estimate(*[float(node.value)] * 3)
    if isinstance(node, ast.Name):
        return inputs[node.id]
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, inputs), _value(node.right, inputs)
        return _combined(formulas.OPERATORS[type(node.op)], left, right)
    arguments = [_value(argument, inputs) for argument in node.args]
    name = formulas.function_of(node)
    if name == "power":
        return _corners(math.pow, *arguments)
    rising = {  # as in `formulas`: values at the bounds are the bounds
        "ln": lambda values: math.log(values[0]) if values[0] > 0 else -math.inf,
        "coalesce": lambda values: values[0],  # each input of a quantity has a value
        "least": min,
        "greatest": max,
    }[name]
    ends = zip(*((each.value, each.low, each.high) for each in arguments), strict=True)
    return Estimate(*map(rising, ends))


def _combined(operator: str, left: Estimate, right: Estimate) -> Estimate:
    match operator:
        case "+":
            return Estimate(left.value + right.value, left.low + right.low, left.high + right.high)
        case "-":
            return Estimate(left.value - right.value, left.low - right.high, left.high - right.low)
        case "*":
            return _corners(lambda x, y: x * y, left, right)
        case _:
            return _corners(_quotient, left, right)


def _corners(function: Callable[[float, float], float], one: Estimate, two: Estimate) -> Estimate:
    corners = [function(x, y) for x in (one.low, one.high) for y in (two.low, two.high)]
    # x * inf is fine, 0 * inf is not a number: such a corner has no bound to give
    known = [corner for corner in corners if not math.isnan(corner)]
    low, high = min(known, default=-math.inf), max(known, default=math.inf)
    return Estimate(function(one.value, two.value), low, high)


def _quotient(x: float, y: float) -> float:
    if y:
        return x / y
    return math.copysign(math.inf, x) if x else math.nan
