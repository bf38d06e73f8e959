"""A formula spelled out: which of its words stand for which numbers.

For the terminal and the audit page. Imports no polars: the terminal is quick.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# a name; not that of a function
NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*\b(?!\s*\()")

# a piece of text, or in its place the id of the number that stands there
Piece = tuple[str, str | None]


def spelled(number: Mapping[str, Any]) -> list[Piece]:
    """The formula of a row of `numbers`, in pieces; a sum as its terms.

    A name that stands for no number, passed over by a `coalesce`, reads `none`.
    """
    formula: str = number["formula"]
    pairs = list(zip(number["input_names"], number["input_ids"], strict=True))
    if match := re.fullmatch(r"sum\((\w+)\)", formula):
        terms: list[Piece] = [(match[1], each) for name, each in pairs if name == match[1]]
        pieces = [piece for term in terms for piece in ((" + ", None), term)]
        return pieces[1:] or [("0, there is none to add up", None)]
    known: dict[str, Piece] = {name: (name, each) for name, each in pairs}
    pieces, end = [], 0
    for word in NAME.finditer(formula):
        pieces += [(formula[end : word.start()], None), known.get(word[0], ("none", None))]
        end = word.end()
    return [piece for piece in [*pieces, (formula[end:], None)] if piece[0]]
