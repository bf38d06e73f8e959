"""Numbers for the series of a ledger: every GPU, region and commitment that stands in it."""

from __future__ import annotations

import zlib

import numpy as np
import polars as pl

from traincost.ledger.inputs import KEY

Array = np.ndarray
# of two numbers with fewer pairs than this, all are laid out
DENSE = 1 << 22
LOW = (1 << 32) - 1


class Names:
    """Each text of a column as a number, in the order they come; an absent text is empty."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._numbers: dict[str, int] = {}
        self._of_code = np.zeros(0, np.int32)
        # polars forgets what its codes mean, and gives them anew, once no column has any
        self._kept = pl.Series([""]).cast(pl.Categorical)

    def numbers(self, column: pl.Series) -> Array:
        """The number of each row. New texts get new numbers."""
        if column.dtype != pl.Categorical:
            column = column.cast(pl.String).cast(pl.Categorical)
        if column.has_nulls():
            column = column.cast(pl.String).fill_null("").cast(pl.Categorical)
        codes = column.to_physical().to_numpy()
        size = int(codes.max(initial=0)) + 1
        if size > len(self._of_code):
            more = np.full(size - len(self._of_code), -1, np.int32)
            self._of_code = np.concatenate([self._of_code, more])
        numbers = self._of_code.take(codes)
        if numbers.min(initial=0) < 0:
            for text in column.filter(pl.Series(numbers < 0)).unique(maintain_order=True):
                code = pl.Series([text]).cast(pl.Categorical).to_physical()[0]
                self._of_code[code] = self._number(text)
            numbers = self._of_code.take(codes)
        return numbers

    def _number(self, text: str) -> int:
        if text not in self._numbers:
            self._numbers[text] = len(self.all)
            self.all.append(text)
        return self._numbers[text]


class Pairs:
    """Each pair of two numbers as one number, in the order they come."""

    def __init__(self) -> None:
        self.all: list[tuple[int, int]] = []
        self._numbers: dict[tuple[int, int], int] = {}
        self._laid_out = np.full((0, 0), -1, np.int32)

    def numbers(self, left: Array, right: Array) -> Array:
        """The number of each row's pair. New pairs get new numbers."""
        shape = [
            max(old, int(side.max(initial=-1)) + 1)
            for old, side in zip(self._laid_out.shape, (left, right), strict=True)
        ]
        if shape[0] * shape[1] > DENSE:
            return self._sparse(left, right)
        if shape != [*self._laid_out.shape]:
            grown = np.full(shape, -1, np.int32)
            rows, columns = self._laid_out.shape
            grown[:rows, :columns] = self._laid_out
            self._laid_out = grown
        numbers = self._found(left, right)
        if numbers.min(initial=0) < 0:
            is_new = numbers < 0
            for value in np.unique(_both(left[is_new], right[is_new])).tolist():
                pair = value >> 32, value & LOW
                self._laid_out[pair] = self._number(pair)
            numbers = self._found(left, right)
        return numbers

    def _found(self, left: Array, right: Array) -> Array:
        flat = left * np.int32(self._laid_out.shape[1])
        flat += right
        return self._laid_out.ravel().take(flat)

    def _sparse(self, left: Array, right: Array) -> Array:
        values, places = np.unique(_both(left, right), return_inverse=True)
        pairs = ((value >> 32, value & LOW) for value in values.tolist())
        return np.array([self._number(pair) for pair in pairs], np.int32)[places]

    def _number(self, pair: tuple[int, int]) -> int:
        if pair not in self._numbers:
            self._numbers[pair] = len(self.all)
            self.all.append(pair)
        return self._numbers[pair]


def _both(left: Array, right: Array) -> Array:
    return (left.astype(np.int64) << 32) | right


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
