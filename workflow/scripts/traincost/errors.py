"""Errors meant for the person at the terminal, not for a debugger."""

from __future__ import annotations

import difflib
import heapq
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


class UserError(Exception):
    """A mistake in data or configuration that its author can mend.

    The message is complete by itself: what is wrong, where, what must hold.
    """


@dataclass(frozen=True, order=True)
class BadCell:
    """One refused cell of a data file; `line` counts from 1 and includes the header."""

    file: str
    line: int
    column: str
    found: str
    must: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}"
        column = f", column {self.column}" if self.column else ""
        found = f": found {self.found}; " if self.found else ": "
        return f"{where}{column}{found}{self.must}"


SHOWN_CELLS = 40
SHOWN_LETTERS = 60


class BadCells:
    """Refused cells of any number: the first of them by place, and a count of all."""

    def __init__(self) -> None:
        self.first: list[BadCell] = []
        self.count = 0
        self.files: set[str] = set()

    def add(self, cells: Iterable[BadCell]) -> None:
        """Take up cells that were not added before."""
        self.first = heapq.nsmallest(SHOWN_CELLS, [*self.first, *self._counted(cells)])

    def add_many(self, first: list[BadCell], count: int) -> None:
        """Take up cells of which only the first are at hand: SHOWN_CELLS of them, or all."""
        self.add(first)
        self.count += count - len(first)

    def refuse(self, closing: str = "") -> None:
        """Raise one UserError that lists them, or do nothing where there are none."""
        if not self.count:
            return
        head = (
            f"{self.count:,} bad {'cell' if self.count == 1 else 'cells'} in {len(self.files)}"
            f" {'file' if len(self.files) == 1 else 'files'}; nothing was built from them:"
        )
        lines = [f"  {cell}" for cell in self.first]
        if self.count > len(lines):
            lines.append(f"  ... and {self.count - len(lines):,} more")
        raise UserError("\n".join([head, *lines, *filter(None, [closing])]))

    def _counted(self, cells: Iterable[BadCell]) -> Iterator[BadCell]:
        for cell in cells:
            self.count += 1
            self.files.add(cell.file)
            yield cell


def refuse(cells: Iterable[BadCell]) -> None:
    """Raise one UserError that lists every refused cell, sorted by place, or do nothing."""
    bad = BadCells()
    bad.add(set(cells))
    bad.refuse()


def nearest(word: str, known: Iterable[str], many: int = 3) -> str:
    """`; did you mean 'a' or 'b'?` for a mistyped word, or an empty string."""
    lowered = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), list(lowered), n=many, cutoff=0.5)
    names = [f"'{lowered[name]}'" for name in close]
    return f"; did you mean {' or '.join(names)}?" if names else ""


def quoted(text: str) -> str:
    """What was found, in quotes: controls escaped, long text cut, letters that may deceive named.

    A Cyrillic letter looks like the Latin one it was typed for. An empty text stays empty.
    """
    if not text:
        return ""
    visible = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    if len(visible) > SHOWN_LETTERS:
        visible = visible[: SHOWN_LETTERS - 3] + "..."
    letters = dict.fromkeys(c for c in text if not c.isascii() and c.isprintable())
    named = ", ".join(unicodedata.name(letter, "a letter without name") for letter in letters)
    return f"'{visible}'" + (f" (with {named})" if named else "")
