"""Times and prices in text, letter by letter: a whole number each, or refused.

No digit passes through a binary fraction, and nothing else than the forms named here is
overlooked: no blank, no sign, no missing zero.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from traincost.compiled import for_rows
from traincost.pricing import DAY_S

Array = np.ndarray

# seconds are counted from here; 32 bits hold any length between the first and the last of them
EPOCH = date(2020, 1, 1)
FIRST_YEAR, YEARS = 1990, 67
# days from EPOCH to the first of every month of these years, and to the day behind them
MONTHS = np.array(
    [
        (date(FIRST_YEAR + month // 12, month % 12 + 1, 1) - EPOCH).days
        for month in range(12 * YEARS + 1)
    ],
    np.int32,
)
EPOCH_S = (EPOCH - date(1970, 1, 1)).days * DAY_S
FIRST_S, LAST_S = (int(days) * DAY_S for days in MONTHS[[0, -1]])
MICRO, DECIMALS = 1_000_000, 6
HIGHEST_USD = 2_000

# where the letters of 2026-03-01 and of 2026-03-01T12:00:00 stand
DATE, DATE_LENGTH = (0, 1, 2, 3, 5, 6, 8, 9), 10
CLOCK, LENGTH = (11, 12, 14, 15, 17, 18), 19
NO_FRACTION = r"^\.0{1,9}"
UTC = ("", "Z", " UTC")
ZONE = r"^[+-](0[0-9]|1[0-4]):?[0-5][0-9]$"
ZERO, NINE, DASH, COLON, POINT, BLANK, T = b"09-:. T"


def times(text: pl.Series) -> tuple[Array, Array]:
    """Seconds from EPOCH in UTC, and which rows are refused: no time of these years.

    A time is a day, or a second of it, in UTC or with an offset such as +02:00; no fraction
    of a second but .000 may follow.
    """
    seconds, is_wrong = _bare(text)
    zoned = pl.Series(np.flatnonzero(is_wrong))
    zoned = zoned.filter((text[zoned].str.len_bytes() > LENGTH).fill_null(False))
    if len(zoned):
        rows, found = zoned.to_numpy(), text[zoned]
        bare, is_none = _bare(found.str.head(LENGTH))
        offset = _offset(found.str.slice(LENGTH).str.replace(NO_FRACTION, ""))
        in_utc = bare - offset.fill_null(0).to_numpy()
        is_none |= offset.is_null().to_numpy() | (in_utc < FIRST_S) | (in_utc >= LAST_S)
        seconds[rows] = np.where(is_none, 0, in_utc)
        is_wrong[rows] = is_none
    return seconds, is_wrong


def _offset(zones: pl.Series) -> pl.Series:
    """Seconds that a zone is ahead of UTC, or none where it is no zone."""
    is_zone = zones.str.contains(ZONE)
    hours = zones.str.slice(1, 2).cast(pl.Int32, strict=False)
    minutes = zones.str.tail(2).cast(pl.Int32, strict=False)
    ahead = (hours * 60 + minutes) * 60
    ahead = ahead.zip_with(zones.str.head(1) == "+", -ahead)
    return ahead.set(~is_zone, None).set(zones.is_in(UTC), 0)


def prices(text: pl.Series) -> tuple[Array, Array]:
    """Micro-dollars, and which rows are refused: not digits with up to six decimals."""
    letters, begins = _letters(text)
    micro, is_wrong = np.zeros(len(text), np.int32), np.zeros(len(text), bool)
    for_rows(_prices, len(text))(letters, begins, micro, is_wrong)
    return micro, is_wrong


def _bare(text: pl.Series) -> tuple[Array, Array]:
    letters, begins = _letters(text)
    seconds, is_wrong = np.zeros(len(text), np.int32), np.zeros(len(text), bool)
    for_rows(_times, len(text))(letters, begins, seconds, is_wrong)
    return seconds, is_wrong


def _letters(text: pl.Series) -> tuple[Array, Array]:
    """All letters of a column one behind the other, and where each row begins and ends."""
    filled = text.fill_null("") if text.has_nulls() else text
    array = filled.to_arrow(compat_level=pl.CompatLevel.oldest())
    if not len(array):
        return np.zeros(0, np.uint8), np.zeros(1, np.int64)
    _, begins, letters = array.buffers()
    rows = slice(array.offset, array.offset + len(array) + 1)
    return np.frombuffer(letters or b"", np.uint8), np.frombuffer(begins, np.int64)[rows]


# Compiled for many rows.


def _times(letters: Array, begins: Array, seconds: Array, is_wrong: Array) -> None:
    for row in range(len(seconds)):
        begin = begins[row]
        length = begins[row + 1] - begin
        day, clock, is_right = 0, 0, length in (DATE_LENGTH, LENGTH)
        if is_right:
            is_right = letters[begin + 4] == DASH and letters[begin + 7] == DASH
            for place in DATE:
                digit = int(letters[begin + place]) - ZERO
                is_right &= 0 <= digit <= 9
                day = day * 10 + digit
        if length == LENGTH:
            is_right &= letters[begin + 10] == T or letters[begin + 10] == BLANK
            is_right &= letters[begin + 13] == COLON and letters[begin + 16] == COLON
            for place in CLOCK:
                digit = int(letters[begin + place]) - ZERO
                is_right &= 0 <= digit <= 9
                clock = clock * 10 + digit
        hour, minute, second = clock // 10_000, clock // 100 % 100, clock % 100
        year, month, day = day // 10_000 - FIRST_YEAR, day // 100 % 100, day % 100
        is_right &= 0 <= year < YEARS and 1 <= month <= 12 and day >= 1
        is_right &= hour < 24 and minute < 60 and second < 60
        if is_right:
            first, behind = MONTHS[year * 12 + month - 1], MONTHS[year * 12 + month]
            is_right = first + day <= behind
            seconds[row] = (first + day - 1) * DAY_S + (hour * 60 + minute) * 60 + second
        if not is_right:
            seconds[row] = 0
            is_wrong[row] = True


def _prices(letters: Array, begins: Array, micro: Array, is_wrong: Array) -> None:
    for row in range(len(micro)):
        value, decimals, digits, is_right = 0, -1, 0, True
        for place in range(begins[row], begins[row + 1]):
            letter = letters[place]
            if letter == POINT and decimals < 0:
                decimals = 0
                continue
            digits += 1
            if decimals == DECIMALS:
                is_right = letter == ZERO
            else:
                value = value * 10 + (int(letter) - ZERO)
                decimals += decimals >= 0
                # the second before it grows beyond 64 bits
                is_right = ZERO <= letter <= NINE and value <= HIGHEST_USD * MICRO
            if not is_right:
                break
        for _ in range(max(decimals, 0), DECIMALS):
            value *= 10
        if is_right and digits and value <= HIGHEST_USD * MICRO:
            micro[row] = value
        else:
            is_wrong[row] = True
