"""Drawing assumptions: what each is worth at a point of its distribution, and the points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

SEED = 2405_21015
# points lie within this many standard deviations: what is further out has 0.006%
REACH = 4.0
# standard deviations from the middle of a normal distribution to its 95%
TO_95 = 1.6448536269514722


@dataclass(frozen=True)
class Assumption:
    """An uncertain value: its number's id, its distribution."""

    number_id: str
    distribution: str
    central: float
    low: float
    high: float

    def at(self, score: Array) -> Array:
        """Its values at standard normal scores; low at 5%, central at 50%, high at 95%.

        A uniform one has its ends at low and high. Of others each side has a width of its own.
        """
        if self.distribution == "uniform":
            from scipy.special import ndtr

            return self.low + (self.high - self.low) * ndtr(score)
        if self.distribution == "normal":
            below, above = self.central - self.low, self.high - self.central
            return self.central + score / TO_95 * np.where(score < 0, below, above)
        below, above = np.log(self.central / self.low), np.log(self.high / self.central)
        return self.central * np.exp(score / TO_95 * np.where(score < 0, below, above))


@cache
def scores(dimensions: int, power: int) -> Array:
    """Standard normal scores of the first 2**power scrambled Sobol points, a column each.

    The first half of them are those of one power less: more points refine, and do not replace.
    """
    from scipy.special import ndtri
    from scipy.stats import qmc

    points = qmc.Sobol(dimensions, scramble=True, rng=SEED).random_base2(power)
    return np.clip(ndtri(points.T), -REACH, REACH)
