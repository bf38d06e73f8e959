"""Numbers for the series of a ledger: every GPU, region and commitment that stands in it."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import polars as pl

from traincost.compiled import for_rows
from traincost.ledger.inputs import KEY

Array = np.ndarray
# of two numbers with fewer pairs than this, all are laid out
DENSE = 1 << 22
LOW = (1 << 32) - 1
UNSEEN = -1


class Names:
    """Each text of a column as a number, in the order they come; an absent text is empty."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._numbers: dict[str, int] = {}
        self._of_code = np.full(1, UNSEEN, np.int32)
        # polars forgets what its codes mean, and gives them anew, once no column has any
        self._kept = pl.Series([""]).cast(pl.Categorical)

    def numbers(self, column: pl.Series) -> Array:
        """The number of each row. New texts get new numbers."""
        if column.dtype != pl.Categorical:
            column = column.cast(pl.String).cast(pl.Categorical)
        if column.has_nulls():
            column = column.cast(pl.String).fill_null("").cast(pl.Categorical)
        codes = column.to_physical().to_numpy()
        numbers = np.empty(len(codes), np.int32)
        look_up = for_rows(_named, len(codes))
        row = 0
        while (row := look_up(codes, self._of_code, numbers, row)) < len(codes):
            code = int(codes[row])
            if code >= len(self._of_code):
                self._of_code = _grown(self._of_code, code + 1)
            self._of_code[code] = _number(column[row], self._numbers, self.all)
        return numbers


class Pairs:
    """Each pair of two numbers as one number, in the order they come."""

    def __init__(self) -> None:
        self.all: list[tuple[int, int]] = []
        self._numbers: dict[tuple[int, int], int] = {}
        self._laid_out = np.full((1, 1), UNSEEN, np.int32)

    def numbers(self, left: Array, right: Array) -> Array:
        """The number of each row's pair. New pairs get new numbers."""
        numbers = np.empty(len(left), np.int32)
        look_up = for_rows(_paired, len(left))
        row = 0
        while (row := look_up(left, right, self._laid_out, numbers, row)) < len(left):
            pair = int(left[row]), int(right[row])
            shape = [max(old, own + 1) for old, own in zip(self._laid_out.shape, pair, strict=True)]
            if shape[0] * shape[1] > DENSE:
                return self._sparse(left, right)
            if shape != [*self._laid_out.shape]:
                self._laid_out = _grown(self._laid_out, *shape)
            self._laid_out[pair] = _number(pair, self._numbers, self.all)
        return numbers

    def _sparse(self, left: Array, right: Array) -> Array:
        values, places = np.unique(_both(left, right), return_inverse=True)
        pairs = ((value >> 32, value & LOW) for value in values.tolist())
        own = [_number(pair, self._numbers, self.all) for pair in pairs]
        return np.array(own, np.int32)[places]


def _number(key: Any, numbers: dict[Any, int], known: list[Any]) -> int:
    """The number of a text or pair; one that is new is put down behind the others."""
    if key not in numbers:
        numbers[key] = len(known)
        known.append(key)
    return numbers[key]


def _grown(table: Array, *shape: int) -> Array:
    """The table with at least this shape; twice the old one, so that it seldom grows."""
    sides = [
        new if new == old else max(new, 2 * old)
        for new, old in zip(shape, table.shape, strict=True)
    ]
    larger = np.full(sides, UNSEEN, table.dtype)
    larger[tuple(slice(old) for old in table.shape)] = table
    return larger


def _both(left: Array, right: Array) -> Array:
    return (left.astype(np.int64) << 32) | right


# Compiled for many rows: numbers from a table, up to the first row that is not in it.


def _named(codes: Array, of_code: Array, numbers: Array, row: int) -> int:
    for place in range(row, len(codes)):
        code = codes[place]
        if code >= len(of_code) or of_code[code] < 0:
            return place
        numbers[place] = of_code[code]
    return len(codes)


def _paired(left: Array, right: Array, laid_out: Array, numbers: Array, row: int) -> int:
    rows, columns = laid_out.shape
    for place in range(row, len(left)):
        first, second = left[place], right[place]
        if first >= rows or second >= columns or laid_out[first, second] < 0:
            return place
        numbers[place] = laid_out[first, second]
    return len(left)


class Series:
    """Each GPU, region and commitment that occurs together, as one number."""

    def __init__(self) -> None:
        self.names = {name: Names() for name in KEY}
        self._places, self._series = Pairs(), Pairs()

    def __len__(self) -> int:
        return len(self._series.all)

    def numbers(self, frame: pl.DataFrame) -> tuple[Array, Array]:
        """The series of each row, and its GPU alone, as numbers. New ones get new numbers."""
        gpu, region, commitment = (self.names[name].numbers(frame[name]) for name in KEY)
        return self._series.numbers(self._places.numbers(gpu, region), commitment), gpu

    def known(self, number: int) -> tuple[str, ...]:
        """GPU, region and commitment of a series."""
        place, commitment = self._series.all[number]
        parts = (*self._places.all[place], commitment)
        return tuple(self.names[name].all[part] for name, part in zip(KEY, parts, strict=True))

    def shards(self, count: int) -> Array:
        """The shard of every series so far, from its names alone."""
        texts = ("\0".join(self.known(number)) for number in range(len(self)))
        return np.array([zlib.crc32(text.encode()) % count for text in texts], np.int64)
