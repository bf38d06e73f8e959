r"""A published table as LaTeX.

Written here and not by great-tables, whose LaTeX has neither styles nor column
widths: its tables ran off the page, in one weight and with a vertical rule.
Every word passes `escaped`; the only commands are those of these modules.
"""

from __future__ import annotations

from traincost.tables.long_latex import to_long_latex
from traincost.tables.spec import PublishedTable
from traincost.tables.words_latex import body, escaped, head, label

NEEDS = "% Needs the packages {packages}. Made for a text width of 17 cm."
CAPTION = r"\captionsetup{justification=raggedright,singlelinecheck=false}"
SPACING = r"\setlength{\tabcolsep}{2pt}\renewcommand{\arraystretch}{1.2}"
FULL_WIDTH = r"\setlength{\LTleft}{0pt}\setlength{\LTright}{0pt}"
# a page holds about as many; longer tables break across pages
ROWS_ON_A_PAGE = 40

# How many letters 17 cm hold, counting a letter as half an em
FOOTNOTESIZE, SCRIPTSIZE = 118, 138
GAP = 2
NARROWEST_LABEL, SHORT_TEXT, WIDEST_TEXT = 8, 14, 32


def to_latex(table: PublishedTable) -> str:
    """A `table` environment, a `longtable` if it is long; its first line says what it needs.

    Letters that pdflatex does not know, such as Chinese ones, need LuaLaTeX.
    """
    if table.is_long:
        return to_long_latex(table)
    widths = _widths(table)
    labels = [label(column, width) for column, width in zip(table.columns, widths[1:], strict=True)]
    size = r"\footnotesize" if _needed(widths) <= FOOTNOTESIZE else r"\scriptsize"
    title = [
        rf"\normalsize\textbf{{{escaped(table.title)}}}\\[2pt]",
        rf"\footnotesize {escaped(table.subtitle)}",
    ]
    columns = _columns(table, widths)
    heading = [r"\toprule", *head(table, labels, widths[1:]), r"\midrule"]
    # rows of several lines need air between them
    rows = [*body(table, is_airy=max(_longest(table)) > WIDEST_TEXT), r"\bottomrule"]
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
        parts = [*start, *heading, r"\endhead", *rows, r"\end{longtable}", *notes, r"\endgroup"]
    else:
        needs = NEEDS.format(packages="array, booktabs and caption")
        start = [r"\begin{table}", CAPTION, r"\caption*{", *title, "}", size, SPACING]
        start += [rf"\begin{{tabular*}}{{\linewidth}}{{{columns}}}"]
        parts = [*start, *heading, *rows, r"\end{tabular*}", *notes, r"\end{table}"]
    return "\n".join([needs, *parts]) + "\n"


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
    for heading, longest, is_broken in zip(labels, _longest(table), wraps, strict=True):
        word = max(len(word) for word in heading.split())
        if is_broken:
            widths.append(min(max(longest + 2, word), WIDEST_TEXT))
        else:
            widths.append(max(longest, word, NARROWEST_LABEL))
    share = -(-max(_needed(widths) - SCRIPTSIZE, 0) // sum(wraps))
    return [width - share * is_broken for width, is_broken in zip(widths, wraps, strict=True)]


def _needed(widths: list[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)
