"""Find the figures of a table's sentences in their text.

A sentence is plain text; the table says which numbers its sentences hold, not
where. A figure is placed only where there can be no doubt: its text belongs to
one number, and it is either unmistakable or stands as often as it is named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from traincost.tables.spec import Cell

Piece = str | Cell

# from here on a text such as `5.87` or `$294,000` is no page number or place in a list
UNMISTAKABLE = 4


class Words:
    """The sentences of a table and the cells of the numbers in them.

    `unplaced`: cells that could not be found without doubt, one per number.
    """

    def __init__(self, texts: Iterable[str], said: Iterable[Cell]) -> None:
        said = [cell for cell in said if cell.number_id]
        named = Counter(cell.display for cell in said)
        ids: dict[str, set[str]] = {}
        for cell in said:
            ids.setdefault(cell.display, set()).add(cell.number_id)
        single = {cell.display: cell for cell in said if len(ids[cell.display]) == 1}
        found = Counter(
            match for text in texts if single for match in _pattern(single).findall(text)
        )
        self._placed = {
            text: cell
            for text, cell in single.items()
            if found[text] and (found[text] <= named[text] or len(text) >= UNMISTAKABLE)
        }
        placed = {cell.number_id for cell in self._placed.values()}
        left = {cell.number_id: cell for cell in said if cell.number_id not in placed}
        self.unplaced = tuple(left.values())

    def pieces(self, text: str) -> list[Piece]:
        """The text in pieces, cells in place of its figures."""
        if not self._placed:
            return [text]
        parts = re.split(f"({_pattern(self._placed).pattern})", text)
        return [self._placed.get(part, part) for part in parts if part]


def _pattern(displays: Iterable[str]) -> re.Pattern[str]:
    """Any of the texts, standing by itself: not inside a longer figure or word."""
    longest_first = sorted(displays, key=lambda text: (-len(text), text))
    either = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<![\w$.,/−-])(?:{either})(?![\w/]|[.,−-]\w)")
