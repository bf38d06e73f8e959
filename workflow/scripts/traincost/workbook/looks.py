"""How cells look: one ink, thin rules, yellow for what a reader may change."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

INK, MUTED = "#1A1A1A", "#5A5A5A"
YELLOW, GREY, WARNING = "#FFF2A8", "#ECECEC", "#9C2A00"
FONT = "Arial"

BASE = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "top"}

NAMED: dict[str, dict[str, Any]] = {
    "text": {},
    "wrapped": {"text_wrap": True},
    "muted": {"font_color": MUTED},
    "muted_wrapped": {"font_color": MUTED, "text_wrap": True},
    "title": {"bold": True, "font_size": 14, "text_wrap": True},
    "heading": {"bold": True, "font_size": 11},
    "status": {"font_color": WARNING, "bold": True, "text_wrap": True},
    "note": {"font_size": 9, "font_color": MUTED, "text_wrap": True},
    "link": {"font_color": "#1F4E9E", "underline": 1},
    "head": {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1},
    "unit": {"font_size": 9, "font_color": MUTED, "text_wrap": True, "bottom": 1},
    "number": {"align": "right"},
    "symbol": {"align": "right", "font_color": MUTED},
    "input": {"align": "right", "bg_color": YELLOW, "border": 1, "border_color": "#C9B458"},
    "fixed": {"align": "right", "bg_color": GREY},
    "date": {"align": "right", "num_format": "yyyy-mm-dd"},
}


class Looks:
    """The formats of one workbook, made once each."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        # what words take on while they need not be true
        self.stepped_back = book.add_format({"font_color": "#757575", "italic": True})

    def __call__(self, name: str, **changes: Any) -> Format:
        """The format of that name, with changes."""
        properties = BASE | NAMED[name] | changes
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]
