r"""A published table as LaTeX.

Written here and not by great-tables, whose LaTeX has neither styles nor column
widths: its tables ran off the page, in one weight and with a vertical rule.
Every word passes `escaped`; the only commands are those of these modules.
"""

from __future__ import annotations

from traincost.tables.long_latex import to_long_latex
from traincost.tables.spec import PublishedTable
from traincost.tables.words_latex import body, escaped, head, label

HEAD = r"""% Needs the packages array, booktabs and caption. Made for a text width of 17 cm.
\begin{table}
\captionsetup{justification=raggedright,singlelinecheck=false}"""

# How many letters 17 cm hold, counting a letter as half an em
FOOTNOTESIZE, SCRIPTSIZE = 118, 138
GAP = 2
NARROWEST_LABEL, WIDEST_TEXT = 8, 32


def to_latex(table: PublishedTable) -> str:
    """A `table` environment; its first line says what it needs.

    Letters that pdflatex does not know, such as Chinese ones, need LuaLaTeX.
    """
    if table.is_long:
        return to_long_latex(table)
    widths = _widths(table)
    labels = [label(column, width) for column, width in zip(table.columns, widths[1:], strict=True)]
    size = r"\footnotesize" if _needed(widths) <= FOOTNOTESIZE else r"\scriptsize"
    parts = [
        HEAD,
        rf"\caption*{{\normalsize\textbf{{{escaped(table.title)}}}\\[2pt]",
        rf"\footnotesize {escaped(table.subtitle)}}}",
        size,
        r"\setlength{\tabcolsep}{2pt}\renewcommand{\arraystretch}{1.2}",
        rf"\begin{{tabular*}}{{\linewidth}}{{{_columns(table, widths)}}}",
        r"\toprule",
        *head(table, labels),
        r"\midrule",
        *body(table),
        r"\bottomrule",
        r"\end{tabular*}",
        r"\par\vspace{4pt}",
        r"\begin{minipage}{\linewidth}\raggedright\scriptsize",
        "\\par\\vspace{2pt}\n".join(escaped(note) for note in table.notes),
        r"\end{minipage}",
        r"\end{table}",
    ]
    return "\n".join(parts) + "\n"


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
    for heading, shown, wraps in zip(labels, [stub, *texts], is_text, strict=True):
        longest = max((len(text) for text in shown), default=0) + 2 * wraps
        word = max(len(word) for word in heading.split())
        widths.append(
            min(max(longest, word), WIDEST_TEXT) if wraps else max(longest, word, NARROWEST_LABEL)
        )
    over = _needed(widths) - SCRIPTSIZE
    share = -(-max(over, 0) // sum(is_text))
    return [width - share * wraps for width, wraps in zip(widths, is_text, strict=True)]


def _needed(widths: list[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)
