"""Plain loops over arrays, compiled where there are many rows.

The same text runs either way, and on whole numbers gives the same result. A few
thousand rows are done before the compiler is even imported.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    with _hidden("scipy"):
        import numba
        import numba.np.arraymath  # comes with the first function, and loads all of scipy if it can
    return numba.njit(cache=True, nogil=True)(function)


@contextmanager
def _hidden(package: str) -> Iterator[None]:
    """Have others find a package not installed, unless it is in use already."""
    is_unused = sys.modules.setdefault(package, None) is None
    try:
        yield
    finally:
        if is_unused:
            del sys.modules[package]
