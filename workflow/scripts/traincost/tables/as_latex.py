r"""A published table as LaTeX.

Written here and not by great-tables, whose LaTeX has neither styles nor column
widths: its tables ran off the page, in one weight and with a vertical rule.
Every word passes `escaped`; the only commands are those of this module.
"""

from __future__ import annotations

import re
import textwrap
from itertools import groupby

from traincost import display
from traincost.tables.spec import PublishedTable, TableColumn, TableRow

HEAD = r"""% Needs the packages array, booktabs and caption. Made for a text width of 17 cm.
\begin{table}
\captionsetup{justification=raggedright,singlelinecheck=false}"""

COMMANDS = {
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "∞": r"$\infty$",
    "×": r"$\times$",
    "\N{MINUS SIGN}": "$-$",
}
# two hyphens or quotes in a row are one sign in LaTeX
LIGATURE = re.compile(r"([-`',])(?=\1)")

# How many letters 17 cm hold, counting a letter as half an em
FOOTNOTESIZE, SCRIPTSIZE = 118, 138
GAP = 2
NARROWEST_LABEL, WIDEST_TEXT = 8, 32


def to_latex(table: PublishedTable) -> str:
    """A `table` environment; its first line says what it needs.

    Letters that pdflatex does not know, such as Chinese ones, need LuaLaTeX.
    """
    widths = _widths(table)
    size = r"\footnotesize" if _needed(widths) <= FOOTNOTESIZE else r"\scriptsize"
    parts = [
        HEAD,
        rf"\caption*{{\normalsize\textbf{{{escaped(table.title)}}}\\[2pt]",
        rf"\footnotesize {escaped(table.subtitle)}}}",
        size,
        r"\setlength{\tabcolsep}{2pt}\renewcommand{\arraystretch}{1.2}",
        rf"\begin{{tabular*}}{{\linewidth}}{{{_columns(table, widths)}}}",
        r"\toprule",
        *_head(table, widths),
        r"\midrule",
        *_body(table),
        r"\bottomrule",
        r"\end{tabular*}",
        r"\par\vspace{4pt}",
        r"\begin{minipage}{\linewidth}\raggedright\scriptsize",
        "\\par\\vspace{2pt}\n".join(escaped(note) for note in table.notes),
        r"\end{minipage}",
        r"\end{table}",
    ]
    return "\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Text that LaTeX sets as it stands."""
    return LIGATURE.sub(r"\1{}", "".join(COMMANDS.get(letter, letter) for letter in text))


def _head(table: PublishedTable, widths: list[int]) -> list[str]:
    labels = [
        _label(column, width) for column, width in zip(table.columns, widths[1:], strict=True)
    ]
    stub = rf"\multicolumn{{1}}{{@{{}}l}}{{{escaped(table.stub_label)}}}"
    lines = [" & ".join([stub, *labels]) + r" \\"]
    if any(column.spanner for column in table.columns):
        cells, rules, place = [""], "", 2
        for spanner, under in groupby(table.columns, key=lambda column: column.spanner):
            width = len(list(under))
            if spanner:
                cells.append(rf"\multicolumn{{{width}}}{{c}}{{{escaped(spanner)}}}")
                rules += rf"\cmidrule(lr){{{place}-{place + width - 1}}}"
            else:
                cells += [""] * width
            place += width
        lines = [" & ".join(cells) + r" \\", rules, *lines]
    return lines


def _body(table: PublishedTable) -> list[str]:
    lines = []
    for group, rows in groupby(table.rows, key=lambda row: row.group):
        if group:
            space = [r"\addlinespace[4pt]"] if lines else []
            span = rf"\multicolumn{{{len(table.columns) + 1}}}{{@{{}}l}}"
            lines += [*space, rf"{span}{{\textbf{{{escaped(group)}}}}} \\"]
        lines += [_row(row, table) for row in rows]
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


def _label(column: TableColumn, width: int) -> str:
    """A heading, broken into lines as wide as the column."""
    lines = textwrap.wrap(column.label, width, break_long_words=False, break_on_hyphens=False)
    side = "l" if column.is_text else "r"
    stacked = r"\\".join(escaped(line) for line in lines)
    return rf"\begin{{tabular}}[b]{{@{{}}{side}@{{}}}}{stacked}\end{{tabular}}"


def _columns(table: PublishedTable, widths: list[int]) -> str:
    indent = r"\leftskip=0.8em" if any(row.group for row in table.rows) else ""
    texts = [f"{_paragraphs(width)}" for width in widths]
    rest = [
        text if column.is_text else "r"
        for column, text in zip(table.columns, texts[1:], strict=True)
    ]
    return rf"@{{\extracolsep{{\fill}}}}@{{}}{_paragraphs(widths[0], indent)}{''.join(rest)}@{{}}"


def _paragraphs(letters: int, more: str = "") -> str:
    return rf">{{\raggedright\arraybackslash{more}}}p{{{letters / 2:g}em}}"


def _widths(table: PublishedTable) -> list[int]:
    """Letters for the stub and every column; text is narrowed until the table fits."""
    stub = [row.label for row in table.rows]
    texts = [[row.cells[column.key].display for row in table.rows] for column in table.columns]
    is_text = [True, *(column.is_text for column in table.columns)]
    labels = [table.stub_label, *(column.label for column in table.columns)]
    widths = []
    for label, shown, wraps in zip(labels, [stub, *texts], is_text, strict=True):
        longest = max((len(text) for text in shown), default=0) + 2 * wraps
        word = max(len(word) for word in label.split())
        widths.append(
            min(max(longest, word), WIDEST_TEXT) if wraps else max(longest, word, NARROWEST_LABEL)
        )
    over = _needed(widths) - SCRIPTSIZE
    share = -(-max(over, 0) // sum(is_text))
    return [width - share * wraps for width, wraps in zip(widths, is_text, strict=True)]


def _needed(widths: list[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)
