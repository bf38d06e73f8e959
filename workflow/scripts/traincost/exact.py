"""Exact arithmetic in a cell: `0.14`, `10.2/8/0.7`, `(10/16/0.3 + 1.5/4/0.3) / 2`."""

from __future__ import annotations

import ast
import operator
import re
from fractions import Fraction

OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
MUST = "must be a number such as 0.14, or arithmetic of such numbers with + - * / ( )"
LONGEST = 80
_SIGNS = re.compile(r"[0-9.+\-*/() ]+")


def exact(text: str) -> Fraction:
    """The value of the text, in fractions: rounded once, by who makes it a float.

    Raises ValueError with what must hold.
    """
    if not _SIGNS.fullmatch(text) or len(text) > LONGEST:
        raise ValueError(MUST)
    try:
        return _value(ast.parse(text, mode="eval").body, text)
    except (SyntaxError, RecursionError, MemoryError):
        raise ValueError(MUST) from None
    except ZeroDivisionError:
        raise ValueError("must not divide by zero") from None


def _value(node: ast.AST, text: str) -> Fraction:
    if isinstance(node, ast.Constant):
        # the text itself: no digit passes through binary floating point
        return Fraction(ast.get_source_segment(text, node) or "")
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](_value(node.left, text), _value(node.right, text))
    raise ValueError(MUST)
