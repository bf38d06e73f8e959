"""Words, headings and rows of a table in LaTeX."""

from __future__ import annotations

import re
import textwrap
from itertools import groupby

from traincost import display
from traincost.tables.spec import PublishedTable, TableColumn, TableRow

COMMANDS = {
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "∞": r"$\infty$",
    "×": r"$\times$",
    "→": r"$\rightarrow$",
    "\N{MINUS SIGN}": "$-$",
}
# two hyphens or quotes in a row are one sign in LaTeX
LIGATURE = re.compile(r"([-`',])(?=\1)")


def escaped(text: str) -> str:
    """Text that LaTeX sets as it stands."""
    return LIGATURE.sub(r"\1{}", "".join(COMMANDS.get(letter, letter) for letter in text))


def head(table: PublishedTable, labels: list[str], widths: list[int]) -> list[str]:
    """The headings, and above them the spanners.

    `labels`: of the columns, as LaTeX; `widths`: of the columns, in letters.
    """
    stub = rf"\multicolumn{{1}}{{@{{}}l}}{{{escaped(table.stub_label)}}}"
    lines = [" & ".join([stub, *labels]) + r" \\"]
    if any(column.spanner for column in table.columns):
        cells, rules, place = [""], "", 2
        for spanner, under in groupby(table.columns, key=lambda column: column.spanner):
            width = len(list(under))
            if spanner:
                words = stacked(spanner, sum(widths[place - 2 : place - 2 + width]), "c")
                cells.append(rf"\multicolumn{{{width}}}{{c}}{{{words}}}")
                rules += rf"\cmidrule(lr){{{place}-{place + width - 1}}}"
            else:
                cells += [""] * width
            place += width
        lines = [" & ".join(cells) + r" \\", rules, *lines]
    return lines


def body(table: PublishedTable, is_airy: bool = False) -> list[str]:
    """The rows, group by group; `is_airy`: with a little space between them."""
    between = [r"\addlinespace[1.5pt]"] if is_airy else []
    lines = []
    for group, rows in groupby(table.rows, key=lambda row: row.group):
        if group:
            space = [r"\addlinespace[4pt]"] if lines else []
            span = rf"\multicolumn{{{len(table.columns) + 1}}}{{@{{}}l}}"
            lines += [*space, rf"{span}{{\textbf{{{escaped(group)}}}}} \\"]
        for row in rows:
            lines += [_row(row, table), *between]
    return lines


def _row(row: TableRow, table: PublishedTable) -> str:
    texts = [row.label, *(row.cells[column.key].display for column in table.columns)]
    cells = [
        rf"\textbf{{{escaped(text)}}}"
        if row.is_total and text not in display.LEGEND
        else escaped(text)
        for text in texts
    ]
    # a bracket or star after the \\ of the row above would be its option
    guard = "{}" if row.label.startswith(("[", "*")) else ""
    return guard + " & ".join(cells) + r" \\"


def label(column: TableColumn, width: int) -> str:
    """A heading, broken into lines as wide as the column."""
    return stacked(column.label, width, "l" if column.is_text else "r")


def lines_of(text: str, width: int) -> list[str]:
    """Text in lines of so many letters; no word is broken."""
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def stacked(text: str, width: int, side: str) -> str:
    """Text in lines of so many letters, one above the other."""
    lines = r"\\".join(escaped(line) for line in lines_of(text, width))
    return rf"\begin{{tabular}}[b]{{@{{}}{side}@{{}}}}{lines}\end{{tabular}}"
