"""Line breaks, commas and quotation marks of CSV, as the strict reader takes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from traincost.compiled import for_rows

NEWLINE, RETURN, QUOTE, COMMA = 10, 13, 34, 44
# where a letter stands
AT_START, BARE, QUOTED, CLOSED = range(4)


def count(block: bytes, sign: int) -> int:
    """How often a sign stands in it."""
    return int(np.count_nonzero(np.frombuffer(block, np.uint8) == sign))


@dataclass(frozen=True)
class Rows:
    """Whole rows at the beginning of some bytes: up to `end`.

    `is_plain`: no line break in a cell, no text behind a closing quotation mark, no carriage
    return without a line feed, no NUL; what is not is for the strict reader. `commas`: how
    many stand between cells, where that was counted on the way.
    """

    end: int
    is_plain: bool
    commas: int | None = None


def whole_rows(data: bytes) -> Rows:
    """The rows that end in `data`."""
    has_no_nul = b"\0" not in data
    if b'"' in data:
        signs = np.frombuffer(data, np.uint8)
        end, is_plain, commas = for_rows(_scan, len(signs))(signs)
        return Rows(int(end), bool(is_plain) and has_no_nul, int(commas))
    is_plain = b"\r" not in data or b"\r" not in data.replace(b"\r\n", b"")
    return Rows(data.rfind(b"\n") + 1, is_plain and has_no_nul)


def _scan(signs: np.ndarray) -> tuple[int, bool, int]:
    """Compiled for long ones: end of the last row, whether all is plain, commas between cells."""
    state, end, is_plain, is_plain_here, between, between_here = AT_START, 0, True, True, 0, 0
    for place in range(len(signs)):
        sign = signs[place]
        if state == QUOTED:
            if sign == QUOTE:
                state = CLOSED
            elif sign in (NEWLINE, RETURN):
                is_plain_here = False
        elif sign == QUOTE and state != BARE:
            # at the start of a cell it opens it; behind another, both stand for one
            state = QUOTED
        elif sign == COMMA:
            between_here += 1
            state = AT_START
        elif sign == NEWLINE:
            end, is_plain, between = place + 1, is_plain_here, between_here
            state = AT_START
        elif sign == RETURN:
            if place + 1 == len(signs) or signs[place + 1] != NEWLINE:
                is_plain_here = False
            state = BARE if state == AT_START else state
        else:
            # text behind a closing mark, or a mark amid text: others read that otherwise
            is_plain_here = is_plain_here and state != CLOSED and sign != QUOTE
            state = BARE
    return end, is_plain, between
