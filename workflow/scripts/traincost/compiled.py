"""Plain loops over arrays, compiled where there are many rows.

The same text runs either way, and on whole numbers gives the same result. A few
thousand rows are done before the compiler is even imported.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

# below this many rows plain Python is faster than importing the compiler
FEW_ROWS = 20_000


def for_rows(function: Callable[..., Any], rows: int, *arrays: Any) -> Callable[..., Any]:
    """`function` itself, or its compiled form where there are many rows.

    Arrays of Python's own numbers, which know no bounds, are never compiled.
    """
    if rows < FEW_ROWS or any(array.dtype == object for array in arrays):
        return function
    return _compiled(function)


@cache
def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    from numba import njit

    return njit(cache=True, nogil=True)(function)
