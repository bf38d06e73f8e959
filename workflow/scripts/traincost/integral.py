"""The one pricing function: the exact integral of a price between two moments.

Prices are steps: each holds from its moment until the next one of its key, its
`life_s` at most. Every key gets a running integral, so that the integral over any
window is the difference of two look-ups, exact across every change of price and
independent of how many changes lie between.

All of it in whole numbers: seconds, and units of money per hour that the caller
chooses so that they are whole. Sums then lose no digit, in any order. A training
stage and a row of a ledger of a hundred million jobs go through here alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from traincost.compiled import FEW_ROWS, for_rows

Array = np.ndarray


class Index(NamedTuple):
    """Steps of every key in order of time, with what has run up to each.

    `first`: where the steps of a key begin, and at last how many there are.
    `from_s`, `units`, `life_s`: as given. `total`: unit-seconds from the first
    step of the key until this one; `missed`: seconds of that without a price.
    """

    first: Array
    from_s: Array
    units: Array
    life_s: Array
    total: Array
    missed: Array


def index_of(
    keys: Sequence[Array],
    from_s: Sequence[Array],
    units: Sequence[Array],
    life_s: Sequence[Array] | int,
    key_count: int,
) -> Index:
    """The index of steps in any order, each column in one or more parts.

    `keys`: a number below `key_count` for each step. `life_s` may be one value for
    all steps. Whole numbers of any signed type; of Python's own (dtype object) exact
    fractions too. Two steps of a key at one moment: see `repeated`.
    """
    rows = sum(map(len, keys))
    first = np.zeros(key_count + 1, np.int64)
    for part in keys:
        for_rows(_count, rows, part)(part, first)
    first = first.cumsum()
    # a plain loop over short numbers would overflow where compiled code does not
    kind = units[0].dtype if keys and rows >= FEW_ROWS else _wide(units)
    moments = np.empty(rows, from_s[0].dtype if keys else np.int64)
    prices = np.empty(rows, kind)
    columns = [(from_s, moments), (units, prices)]
    if isinstance(life_s, int):
        lives = np.broadcast_to(moments.dtype.type(life_s), rows)
    else:
        lives = np.empty(rows, moments.dtype)
        columns.append((life_s, lives))
    for parts, placed in columns:
        at = first[:-1].copy()
        for own, part in zip(keys, parts, strict=True):
            for_rows(_place, rows, prices)(own, at, part, placed)
    shared = isinstance(life_s, int)
    _sort_keys_out_of_order(first, moments, prices, lives, shared)
    total = np.empty(rows, _wide([prices]))
    missed = np.empty(rows, moments.dtype)
    for_rows(_run_up, rows, prices)(first, moments, prices, lives, total, missed)
    return Index(first, moments, prices, lives, total, missed)


def integrals(
    index: Index, keys: Array, start_s: Array, end_s: Array, cursor: Array | None = None
) -> tuple[Array, Array]:
    """Unit-seconds from start to end of every row, and seconds of that without a price.

    Where no price holds nothing is added: a sum counts only if no second is missing.
    Any order of rows gives the same; it is fast where rows near each other are near
    in time. `cursor`, of `cursors`, takes up where the rows before ended.
    """
    rows = len(keys)
    sums = np.zeros(rows, index.total.dtype)
    missed = np.zeros(rows, np.int64)
    place = cursors(index) if cursor is None else cursor
    # many steps are in short numbers, which a plain loop would overflow
    most = max(rows, len(index.from_s))
    for_rows(_look_up, most, index.total)(index, keys, (start_s, end_s), place, sums, missed)
    return sums, missed


def cursors(index: Index) -> Array:
    """Where the next look-up of each key will begin."""
    return index.first[:-1].copy()


def repeated(index: Index) -> Array:
    """Places of steps that stand at the moment of the step before them, of the same key."""
    same = np.flatnonzero(index.from_s[1:] == index.from_s[:-1]) + 1
    return same[~np.isin(same, index.first)]


def _wide(parts: Sequence[Array]) -> type:
    return object if any(part.dtype == object for part in parts) else np.int64


def _sort_keys_out_of_order(
    first: Array, from_s: Array, units: Array, life_s: Array, shared: bool
) -> None:
    """Put the steps of every key in order of time, in place; most files have them so."""
    late = np.flatnonzero(from_s[1:] < from_s[:-1]) + 1
    late = late[~np.isin(late, first)]
    for key in np.unique(np.searchsorted(first, late, side="right") - 1):
        span = slice(first[key], first[key + 1])
        order = np.argsort(from_s[span], kind="stable")
        for array in (from_s, units) if shared else (from_s, units, life_s):
            array[span] = array[span][order]


# What follows is compiled for many rows: plain loops, no calls, all numbers whole.


def _count(keys: Array, first: Array) -> None:
    """How many rows each key has, one place behind its own."""
    for key in keys:
        first[key + 1] += 1


def _place(keys: Array, at: Array, given: Array, placed: Array) -> None:
    """The rows key by key, those of a key in the order they came."""
    for row in range(len(keys)):
        key = keys[row]
        placed[at[key]] = given[row]
        at[key] += 1


def _run_up(
    first: Array, from_s: Array, units: Array, life_s: Array, total: Array, missed: Array
) -> None:
    for key in range(len(first) - 1):
        total_so_far = 0
        missed_so_far = 0
        for place in range(first[key], first[key + 1]):
            if place > first[key]:
                length = int(from_s[place]) - int(from_s[place - 1])
                held = min(length, int(life_s[place - 1]))
                total_so_far += units[place - 1] * held
                missed_so_far += length - held
            total[place] = total_so_far
            missed[place] = missed_so_far


def _look_up(
    index: Index, keys: Array, moments: tuple[Array, Array], cursor: Array, *found: Array
) -> None:
    """The running integrals at the end of every row, less those at its start.

    From where the last look-up of the key ended, strides double, then halve.
    """
    sums, missed = found
    for row in range(len(keys)):
        key = keys[row]
        begin, end = index.first[key], index.first[key + 1]
        if begin == end:  # no price ever
            missed[row] = int(moments[1][row]) - int(moments[0][row])
            continue
        place = cursor[key]
        for edge in range(2):
            moment = int(moments[edge][row])
            stride = 1
            while place >= begin and index.from_s[place] > moment:
                place = max(place - stride, begin - 1)
                stride *= 2
            stride = 1
            while place + stride < end and index.from_s[place + stride] <= moment:
                place += stride
                stride *= 2
            while stride:
                if place + stride < end and index.from_s[place + stride] <= moment:
                    place += stride
                stride //= 2
            is_before = place < begin
            place = max(place, begin)
            length = moment - int(index.from_s[place])
            held = 0 if is_before else min(length, int(index.life_s[place]))
            money = index.total[place] + index.units[place] * held
            gap = int(index.missed[place]) + length - held
            if edge:
                sums[row] += money
                missed[row] += gap
            else:
                cursor[key] = place
                sums[row] -= money
                missed[row] -= gap
