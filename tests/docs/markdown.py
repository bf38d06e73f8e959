"""Reading the project's Markdown: fenced blocks, table rows, prose."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("*/README.md"), *ROOT.glob("docs/*.md")])


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The contents of the fenced blocks of a language, without the indent of a list."""
    found = re.findall(rf"^ *```{language}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for block in found]


def rows(text: str, first_heading: str) -> list[list[str]]:
    """The body rows of the table whose first heading cell is `first_heading`."""
    found, inside = [], False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and not inside:
            inside = cells[0] == first_heading
        elif not line.startswith("|"):
            inside = False
        elif inside and not set(line) <= set("|- "):
            found.append(cells)
    assert found, f"no table whose first heading is {first_heading!r}"
    return found


def prose(text: str) -> str:
    """The text without fenced blocks, code spans and link targets, in one line."""
    text = re.sub(r"^ *```.*?^ *```$", " ", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`[^`]*`", " ", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return " ".join(text.split())
