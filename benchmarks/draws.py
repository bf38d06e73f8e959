"""How long three steady digits take: of what V3 and R1 cost their owner, by three ways of drawing.

    python benchmarks/draws.py

Points are doubled until two standard errors of each of the three quantiles, over several seeds,
are below half a unit of the third digit. Medians of the seconds are printed.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("POLARS_MAX_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "workflow/scripts"), str(ROOT / "tests")]

import numpy as np  # noqa: E402
from scipy.special import ndtri  # noqa: E402
from scipy.stats import qmc  # noqa: E402
from unit.world import standard  # noqa: E402

from traincost import sampled  # noqa: E402
from traincost.draws import REACH, Array  # noqa: E402
from traincost.uncertainty import Programs  # noqa: E402

ESTIMATE = "ladder.v3-r1-owned.value_usd"
SEEDS = 8
STEADY = 5e-4
FEWEST, MOST = 5, 23
Way = Callable[[int, int], Array]


def main() -> None:
    """Measure, and print one line per way."""
    programs = Programs(standard())
    source = next(
        each["source"] for each in programs.estimates() if each["estimate_id"] == ESTIMATE
    )
    read = list(sampled.assumptions_of(source).values())
    ways: dict[str, Way] = {
        "Sobol, one assumption integrated over": lambda seed, power: integrated(
            source, sobol(len(read) - 1, seed, power)
        ),
        "Sobol": lambda seed, power: plain(source, read, sobol(len(read), seed, power)),
        "pseudo-random": lambda seed, power: plain(source, read, random(len(read), seed, power)),
    }
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    print(f"{ESTIMATE}, {len(read)} assumptions; {machine}, Python {platform.python_version()}")
    print(f"{'':38} {'points':>10} {'seconds':>9}  two standard errors, %")
    for name, way in ways.items():
        print(line(name, way))


def line(name: str, way: Way) -> str:
    """Points and seconds of one way, or that its digits never stood."""
    for power in range(FEWEST, MOST + 1):
        found, seconds = zip(*(timed(way, seed, power) for seed in range(SEEDS)), strict=True)
        errors = 2 * np.std(found, axis=0, ddof=1) / np.mean(found, axis=0)
        if errors.max() <= STEADY:
            break
    told = " ".join(f"{100 * error:.3f}" for error in errors)
    is_steady = "" if errors.max() <= STEADY else " (not steady)"
    return f"{name:38} {2**power:>10,} {median(seconds):>9.4f}  {told}{is_steady}"


def timed(way: Way, seed: int, power: int) -> tuple[Array, float]:
    """The quantiles by one way, and how long they took."""
    start = time.perf_counter()
    return way(seed, power), time.perf_counter() - start


def sobol(dimensions: int, seed: int, power: int) -> Array:
    """Scores of scrambled Sobol points, a row per assumption."""
    points = qmc.Sobol(dimensions, scramble=True, rng=seed).random_base2(power)
    return np.clip(ndtri(points.T), -REACH, REACH)


def random(dimensions: int, seed: int, power: int) -> Array:
    """Scores drawn at random, a row per assumption."""
    return np.random.default_rng(seed).standard_normal((dimensions, 2**power))


def plain(source: Any, read: list[Any], scores: Array) -> Array:
    """Quantiles of the sorted values."""
    drawn = {each.number_id: each.at(row) for each, row in zip(read, scores, strict=True)}
    return np.quantile(sampled.value(source, drawn), sampled.LEVELS)


def integrated(source: Any, scores: Array) -> Array:
    """Quantiles as the pipeline finds them."""
    named = sampled.assumptions_of(source)
    leading, *drawn = sampled.by_swing(source)
    points = dict(zip(drawn, scores, strict=True))
    return sampled.quantiles_of(sampled.grid_of(source, named, leading, points))


if __name__ == "__main__":
    main()
