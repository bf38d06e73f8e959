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

NEEDS = "% Needs the packages {packages}. Made for a text width of 17 cm."
CAPTION = r"\captionsetup{justification=raggedright,singlelinecheck=false}"
SPACING = r"\setlength{\tabcolsep}{2pt}\renewcommand{\arraystretch}{1.2}"
FULL_WIDTH = r"\setlength{\LTleft}{0pt}\setlength{\LTright}{0pt}"
# a page holds about as many; longer tables break across pages
ROWS_ON_A_PAGE = 40

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

# How many letters 17 cm hold, counting a letter as half an em
FOOTNOTESIZE, SCRIPTSIZE = 118, 138
GAP = 2
NARROWEST_LABEL, SHORT_TEXT, WIDEST_TEXT = 8, 14, 32


def to_latex(table: PublishedTable) -> str:
    """A `table` environment, a `longtable` if it is long; its first line says what it needs.

    Letters that pdflatex does not know, such as Chinese ones, need LuaLaTeX.
    """
    widths = _widths(table)
    size = r"\footnotesize" if _needed(widths) <= FOOTNOTESIZE else r"\scriptsize"
    title = [
        rf"\normalsize\textbf{{{escaped(table.title)}}}\\[2pt]",
        rf"\footnotesize {escaped(table.subtitle)}",
    ]
    columns = _columns(table, widths)
    head = [r"\toprule", *_head(table, widths), r"\midrule"]
    body = [*_body(table), r"\bottomrule"]
    notes = [
        r"\par\vspace{4pt}\noindent",
        r"\begin{minipage}{\linewidth}\raggedright\scriptsize",
        "\\par\\vspace{2pt}\n".join(escaped(note) for note in table.notes),
        r"\end{minipage}",
    ]
    if len(table.rows) > ROWS_ON_A_PAGE:
        needs = NEEDS.format(packages="array, booktabs and longtable")
        start = [r"\begingroup", r"\noindent\raggedright", *title, r"\par\nopagebreak"]
        start += [size, SPACING, FULL_WIDTH, rf"\begin{{longtable}}{{{columns}}}"]
        parts = [*start, *head, r"\endhead", *body, r"\end{longtable}", *notes, r"\endgroup"]
    else:
        needs = NEEDS.format(packages="array, booktabs and caption")
        start = [r"\begin{table}", CAPTION, r"\caption*{", *title, "}", size, SPACING]
        start += [rf"\begin{{tabular*}}{{\linewidth}}{{{columns}}}"]
        parts = [*start, *head, *body, r"\end{tabular*}", *notes, r"\end{table}"]
    return "\n".join([needs, *parts]) + "\n"


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
    # rows of several lines need air between them
    between = [r"\addlinespace[1.5pt]"] if max(_longest(table)) > WIDEST_TEXT else []
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


def _label(column: TableColumn, width: int) -> str:
    """A heading, broken into lines as wide as the column."""
    lines = textwrap.wrap(column.label, width, break_long_words=False, break_on_hyphens=False)
    side = "l" if column.is_text else "r"
    stacked = r"\\".join(escaped(line) for line in lines)
    return rf"\begin{{tabular}}[b]{{@{{}}{side}@{{}}}}{stacked}\end{{tabular}}"


def _columns(table: PublishedTable, widths: list[int]) -> str:
    indent = r"\leftskip=0.8em" if any(row.group for row in table.rows) else ""
    rest = "".join(
        _paragraphs(width) if wraps else ("l" if column.is_text else "r")
        for column, width, wraps in zip(table.columns, widths[1:], _wraps(table)[1:], strict=True)
    )
    return rf"@{{\extracolsep{{\fill}}}}@{{}}{_paragraphs(widths[0], indent)}{rest}@{{}}"


def _paragraphs(letters: int, more: str = "") -> str:
    return rf">{{\raggedright\arraybackslash{more}}}p{{{letters / 2:g}em}}"


def _longest(table: PublishedTable) -> list[int]:
    """Letters of the longest text of the stub and of every column."""
    texts = [[row.label for row in table.rows]]
    texts += [[row.cells[column.key].display for row in table.rows] for column in table.columns]
    return [max((len(text) for text in shown), default=0) for shown in texts]


def _wraps(table: PublishedTable) -> list[bool]:
    """Whether the stub and every column break into lines: the stub, and long words."""
    longest = _longest(table)[1:]
    return [
        True,
        *(
            column.is_text and letters > SHORT_TEXT
            for column, letters in zip(table.columns, longest, strict=True)
        ),
    ]


def _widths(table: PublishedTable) -> list[int]:
    """Letters for the stub and every column; text is narrowed until the table fits."""
    wraps = _wraps(table)
    labels = [table.stub_label, *(column.label for column in table.columns)]
    widths = []
    for label, longest, is_broken in zip(labels, _longest(table), wraps, strict=True):
        word = max(len(word) for word in label.split())
        if is_broken:
            widths.append(min(max(longest + 2, word), WIDEST_TEXT))
        else:
            widths.append(max(longest, word, NARROWEST_LABEL))
    share = -(-max(_needed(widths) - SCRIPTSIZE, 0) // sum(wraps))
    return [width - share * is_broken for width, is_broken in zip(widths, wraps, strict=True)]


def _needed(widths: list[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)
