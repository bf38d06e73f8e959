"""Declared formulas as spreadsheet formulas, worth and text side by side.

The same texts that polars evaluates are read here into cells' formulas. Each
piece knows what it is worth at the printed values, so that whoever writes a cell
can see that the formula gives the number of the pipeline before relying on it.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from traincost import formulas

ADDS, MULTIPLIES, ATOM = 1, 2, 3
# a spreadsheet function takes no more arguments
MOST_ARGUMENTS = 255
WORTH = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "power": operator.pow,
}


class UntranslatableError(Exception):
    """The formula reads what no cell holds, or has no finite worth."""


@dataclass(frozen=True)
class Term:
    """A piece of a formula. `text` is empty where it is infinite: no cell can hold that.

    `is_nonneg`: it stays so whatever a reader may enter. `rank`: how tightly it binds.
    """

    text: str
    worth: float
    is_nonneg: bool
    rank: int = ATOM


# what a name stands for: lower and upper end; for a central value both are the same
Span = tuple[Term, Term]
Leaf = Callable[[str], Sequence[Span]]


def span(formula: str, leaf: Leaf) -> Span:
    """Lower and upper end of a formula by interval arithmetic, as in formulas.bounds.

    `leaf(name)`: the spans of the cells that the formula calls so, none for a
    cell that is empty. Given central values as spans, both ends are the central
    value. Raises UntranslatableError.
    """
    return _span(formulas.parse(formula), leaf)


def constant(value: float) -> Term:
    """A number in a formula."""
    text = repr(value).upper() if math.isfinite(value) else ""
    return Term(text, float(value), value >= 0)


def _span(node: ast.expr, leaf: Leaf) -> Span:
    if isinstance(node, ast.Constant):
        return constant(node.value), constant(node.value)
    if isinstance(node, ast.Name):
        return _only(leaf(node.id), node.id)
    if isinstance(node, ast.BinOp):
        sign = formulas.OPERATORS[type(node.op)]
        return _combined(sign, _span(node.left, leaf), _span(node.right, leaf))
    return _called(formulas.function_of(node), node.args, leaf)


def _called(function: str, arguments: Sequence[ast.expr], leaf: Leaf) -> Span:
    if function == "sum":
        return _sum(arguments[0], leaf)
    if function == "power":
        return _corners("power", *(_span(argument, leaf) for argument in arguments))
    if function == "ln":
        low, high = _span(arguments[0], leaf)
        return _logarithm(low), _logarithm(high)
    lows, highs = zip(*_present(arguments, leaf), strict=True)
    if function == "coalesce":
        return _first(lows), _first(highs)
    name = {"least": "MIN", "greatest": "MAX"}[function]
    return _extreme(name, lows), _extreme(name, highs)


def _only(found: Sequence[Span], name: str) -> Span:
    if len(found) != 1:
        raise UntranslatableError(f"{name} stands for {len(found)} cells")
    return found[0]


def _present(arguments: Sequence[ast.expr], leaf: Leaf) -> list[Span]:
    """The arguments whose cells are all there, as `coalesce`, `least` and `greatest` see them."""
    found = []
    for argument in arguments:
        if _is_there(argument, leaf):
            found.append(_span(argument, leaf))
    if not found:
        raise UntranslatableError("every argument is empty")
    return found


def _is_there(node: ast.expr, leaf: Leaf) -> bool:
    """Whether a part of a formula has a value: of some functions one argument is enough."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name):
        return bool(leaf(node.id))
    is_call = isinstance(node, ast.Call)
    one_is_enough = is_call and formulas.function_of(node) in ("coalesce", "least", "greatest")
    there = (_is_there(part, leaf) for part in (node.args if is_call else (node.left, node.right)))
    return any(there) if one_is_enough else all(there)


def _combined(sign: str, left: Span, right: Span) -> Span:
    (a, b), (c, d) = left, right
    match sign:
        case "+":
            return _needed(_joined(a, "+", c)), _needed(_joined(b, "+", d))
        case "-":
            return _needed(_joined(a, "-", d)), _needed(_joined(b, "-", c))
    if all(term.is_nonneg for term in (a, b, c, d)):
        # which corner is least and which is greatest is known beforehand
        ends = ((a, c), (b, d)) if sign == "*" else ((a, d), (b, c))
        low, high = (_joined(x, sign, y) for x, y in ends)
        if low and high:
            return low, high
    return _corners(sign, left, right)


def _corners(sign: str, left: Span, right: Span) -> Span:
    found = [_joined(x, sign, y) for x in left for y in right]
    there = [term for term in found if term]
    if not there:
        raise UntranslatableError("no corner is a number")
    return _extreme("MIN", there), _extreme("MAX", there)


def _joined(x: Term, sign: str, y: Term) -> Term | None:
    """Two terms and what is between them; None where that is no number, as 0 times infinity."""
    worth = _worth(x.worth, sign, y.worth)
    if math.isnan(worth):
        return None
    if math.isinf(worth) or not x.text or not y.text:
        return constant(worth)
    if sign == "power":
        return Term(f"POWER({x.text},{y.text})", worth, x.is_nonneg)
    rank = ADDS if sign in "+-" else MULTIPLIES
    left = f"({x.text})" if x.rank < rank else x.text
    is_loose = y.rank < rank or (y.rank == rank and sign in "-/")
    right = f"({y.text})" if is_loose else y.text
    is_nonneg = sign != "-" and x.is_nonneg and y.is_nonneg
    return Term(f"{left}{sign}{right}", worth, is_nonneg, rank)


def _worth(x: float, sign: str, y: float) -> float:
    """What it comes to, with infinity where polars has it."""
    try:
        worth = WORTH[sign](x, y)
    except ZeroDivisionError:
        return math.copysign(math.inf, x) if x and sign == "/" else math.nan
    except OverflowError:
        return math.inf
    # a root of a negative number is no number here
    return math.nan if isinstance(worth, complex) else float(worth)


def _logarithm(term: Term) -> Term:
    """Nothing below zero has one: an interval that reaches there has no lower bound."""
    if term.worth <= 0 or not term.text:
        return constant(math.log(term.worth) if term.worth > 0 else -math.inf)
    return Term(f"LN({term.text})", math.log(term.worth), False)


def _needed(term: Term | None) -> Term:
    if term is None:
        raise UntranslatableError("infinity less infinity is no number")
    return term


def _sum(argument: ast.expr, leaf: Leaf) -> Span:
    if not isinstance(argument, ast.Name):
        raise UntranslatableError("only a column can be summed")
    found = leaf(argument.id)
    return _total([low for low, _ in found]), _total([high for _, high in found])


def _total(terms: Sequence[Term]) -> Term:
    if not terms:
        return constant(0)
    worth = sum(term.worth for term in terms)
    if not all(term.text for term in terms):
        return constant(worth)
    is_nonneg = all(term.is_nonneg for term in terms)
    texts = [term.text for term in terms]
    while len(texts) > MOST_ARGUMENTS:
        parts = [texts[at : at + MOST_ARGUMENTS] for at in range(0, len(texts), MOST_ARGUMENTS)]
        texts = [f"SUM({','.join(part)})" for part in parts]
    return Term(f"SUM({','.join(texts)})" if len(terms) > 1 else texts[0], worth, is_nonneg)


def _first(terms: Sequence[Term]) -> Term:
    """The first that is there; all of them are, at the printed values."""
    if not all(term.text for term in terms):
        return terms[0]
    text = terms[-1].text
    for term in reversed(terms[:-1]):
        text = f"IFERROR({term.text},{text})"
    return Term(text, terms[0].worth, all(term.is_nonneg for term in terms))


def _extreme(name: str, terms: Sequence[Term]) -> Term:
    worth = {"MIN": min, "MAX": max}[name](term.worth for term in terms)
    by_text = {term.text: term for term in terms if term.text}
    if math.isinf(worth) or not by_text:
        return constant(worth)
    is_nonneg = all(term.is_nonneg for term in terms)
    if len(by_text) == 1:
        (term,) = by_text.values()
        return Term(term.text, worth, is_nonneg, term.rank)
    return Term(f"{name}({','.join(by_text)})", worth, is_nonneg)
