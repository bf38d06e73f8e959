"""Formulas over drawn assumptions: how an estimate is computed, and its quantiles.

An estimate is a `Program`: a formula, and for each name a number, an assumption or another
program. One assumption, the one that moves it most, is integrated over in small steps; the others
are drawn at Sobol points. So a few hundred points give what millions of random draws would.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, reduce

import numpy as np

from traincost import formulas
from traincost.draws import REACH, Array, Assumption, scores

LEVELS = (0.05, 0.5, 0.95)
# steps of the assumption that is integrated over, beside drawn ones and alone
STEPS, ALONE = 32, 2048
FEWEST, MOST = 8, 13  # powers of two
# how close a share of draws must come to its level, from how far off, in how many tries
CLOSE, NEAR, TRIES = 1e-6, 1e-3, 30
# steps further from a quantile, as logarithms, count whole
FAR = 0.02
# three digits stand where twice as many points move no quantile by more
STEADY = 5e-4
COMPUTED = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "power": np.power,
    "least": np.minimum,
    "greatest": np.maximum,
}


Near = tuple[float, Array, Array, Array, Array]


@dataclass(frozen=True)
class Program:
    """A formula and what its names stand for."""

    formula: str
    inputs: tuple[tuple[str, float | Assumption | Program | None], ...]


@dataclass(frozen=True)
class Spread:
    """Quantiles of an estimate, at 5, 50 and 95%, and how they were found."""

    quantiles: tuple[float, float, float]
    leading: str
    points: int


def assumptions_of(source: object) -> dict[str, Assumption]:
    """The assumptions that an estimate reads, by id, sorted."""
    found = {each.number_id: each for each in _walk(source, set())}
    return dict(sorted(found.items()))


def _walk(source: object, seen: set[int]) -> Iterator[Assumption]:
    if isinstance(source, Assumption):
        yield source
    elif isinstance(source, Program) and id(source) not in seen:
        seen.add(id(source))
        for _, part in source.inputs:
            yield from _walk(part, seen)


def value(source: object, drawn: Mapping[str, Array | float]) -> Array | float | None:
    """The value of an estimate where assumptions have the values in `drawn`, else their central."""
    return _value(source, drawn, {})


def _value(source: object, drawn: Mapping, known: dict[int, object]) -> object:
    if isinstance(source, Assumption):
        return drawn.get(source.number_id, source.central)
    if not isinstance(source, Program):
        return source
    if id(source) not in known:
        named = {name: _value(part, drawn, known) for name, part in source.inputs}
        with np.errstate(divide="ignore", invalid="ignore"):
            known[id(source)] = _evaluated(formulas.parse(source.formula), named)
    return known[id(source)]


def _evaluated(node: ast.expr, named: Mapping[str, object]) -> object:
    """A formula over arrays and numbers; None where a part is missing."""
    if isinstance(node, ast.Constant):
        return float(node.value)
    if isinstance(node, ast.Name):
        return named[node.id]
    is_call = isinstance(node, ast.Call)
    parts = [
        _evaluated(part, named) for part in (node.args if is_call else (node.left, node.right))
    ]
    name = formulas.function_of(node) if is_call else formulas.OPERATORS[type(node.op)]
    if name == "coalesce":
        return next((part for part in parts if part is not None), None)
    if any(part is None for part in parts):
        return None
    return np.log(parts[0]) if name == "ln" else reduce(COMPUTED[name], parts)


def swings(source: object) -> dict[str, tuple[float, float]]:
    """For each assumption, the estimate with it at its low and at its high end, by id."""
    read = assumptions_of(source)
    drawn = {}
    for place, (number_id, each) in enumerate(read.items()):
        drawn[number_id] = np.full((len(read), 2), each.central, float)
        drawn[number_id][place] = each.low, each.high
    values = np.broadcast_to(np.asarray(value(source, drawn)), (len(read), 2)).tolist()
    return {number_id: tuple(ends) for number_id, ends in zip(read, values, strict=True)}


def by_swing(source: object) -> list[str]:
    """The assumptions that an estimate reads, by id, the one that moves it most first.

    In this order they are drawn, since the first dimensions have the most even points.
    """
    moved = {number_id: abs(high - low) for number_id, (low, high) in swings(source).items()}
    return sorted(moved, key=lambda number_id: (-moved[number_id], number_id))


def spread(source: object) -> Spread | None:
    """The quantiles of an estimate; points are doubled until three digits of each stand.

    None where a draw makes it negative or infinite, as where what is saved by an hour is nothing.
    """
    read = assumptions_of(source)
    leading, *drawn = by_swing(source)
    before = None
    # a single one is integrated over, and nothing is left to draw
    powers, steps = (range(FEWEST, MOST + 1), STEPS) if drawn else (range(1), ALONE)
    for power in powers:
        points = dict(zip(drawn, scores(len(drawn), power), strict=True)) if drawn else {}
        grid = grid_of(source, read, leading, points, steps)
        if not (np.isfinite(grid).all() and (grid > 0).all()):
            return None
        found = quantiles_of(grid, before)
        if before is not None and np.all(abs(found - before) <= STEADY * found):
            break
        before = found
    return Spread(tuple(map(float, found)), leading, 2**power)


@cache
def _steps(count: int) -> tuple[Array, Array, Array]:
    """Ends of the steps as scores, the share of draws in each, and how it bends within."""
    from scipy.special import ndtr

    ends = np.linspace(-REACH, REACH, count + 1)
    below, half = ndtr(ends), ndtr((ends[1:] + ends[:-1]) / 2)
    share = np.diff(below)
    bend = 4 * ((half - below[:-1]) / share - 0.5)
    return ends, share / share.sum(), bend


def grid_of(
    source: object,
    read: Mapping[str, Assumption],
    leading: str,
    points: Mapping[str, Array],
    steps: int = STEPS,
) -> Array:
    """The estimate at each point, a row each, and each end of a step, a column each.

    `points`: scores of each drawn assumption. One draw counts wherever the estimate reads it.
    """
    drawn = {number_id: read[number_id].at(scored)[:, None] for number_id, scored in points.items()}
    drawn[leading] = read[leading].at(_steps(steps)[0])[None, :]
    rows = max((len(scored) for scored in points.values()), default=1)
    return np.broadcast_to(np.asarray(value(source, drawn)), (rows, steps + 1))


def quantiles_of(grid: Array, near: Array | None = None) -> Array:
    """The values that 5, 50 and 95% of the draws do not exceed; `near`: close to these.

    Within a step the logarithm of the estimate is taken as straight.
    """
    logarithms = np.log(grid)
    if near is None:
        near = np.quantile(grid, LEVELS, weights=_weights(grid), method="inverted_cdf")
    starts = np.log(near)
    return np.exp([_quantile(logarithms, *each) for each in zip(LEVELS, starts, strict=True)])


def _weights(grid: Array) -> Array:
    """The share of draws at each end of a step, for a first guess."""
    _, share, _ = _steps(grid.shape[1] - 1)
    at_ends = (np.append(share, 0) + np.append(0, share)) / 2
    return np.broadcast_to(at_ends, grid.shape)


def _quantile(grid: Array, level: float, x: float) -> float:
    """One of them, from a value `x` that is close, by secants."""
    middle, near = x, _near(grid, x)
    before, at_before = x - NEAR, _below(near, x - NEAR) - level
    for _ in range(TRIES):
        if abs(x - middle) > FAR:
            middle, near = x, _near(grid, x)
        at_x = _below(near, x) - level
        if abs(at_x) < CLOSE or at_x == at_before:
            break
        step = at_x * (x - before) / (at_x - at_before)
        before, at_before = x, at_x
        x -= step
    return x


def _below(near: Near, x: float) -> float:
    """The share of draws below `x`, which is no further than FAR from the middle of `near`."""
    whole, start, rise, weight, bend = near
    with np.errstate(over="ignore"):  # of a step that is flat
        part = np.clip((x - start) / rise, 0, 1)
    part += bend * part * (1 - part)
    return whole + float((weight * np.where(rise < 0, 1 - part, part)).sum())


def _near(grid: Array, x: float) -> Near:
    """The share of draws in steps far below `x`; of those near it start, rise, share and bend."""
    _, share, bend = _steps(grid.shape[1] - 1)
    start, end = grid[:, :-1], grid[:, 1:]
    is_below = (start < x - FAR) & (end < x - FAR)
    is_above = (start > x + FAR) & (end > x + FAR)
    rows, steps = np.nonzero(~(is_below | is_above))
    rise = end[rows, steps] - start[rows, steps]
    rise[rise == 0] = np.finfo(float).tiny
    whole = float((is_below.sum(axis=0) * share).sum()) / len(grid)
    return whole, start[rows, steps], rise, share[steps] / len(grid), bend[steps]
