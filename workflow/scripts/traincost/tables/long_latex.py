"""A long table on paper: across the page, over several pages, with a head on each."""

from __future__ import annotations

from traincost.tables.spec import PublishedTable, TableColumn
from traincost.tables.words_latex import body, escaped, head, label

NEEDS = "% Needs the packages array, booktabs, caption, longtable and pdflscape."
# letters in a line of a number's heading
NUMBER_HEADING = 11
# more than these are set smaller still
MANY_COLUMNS = 12


def to_long_latex(table: PublishedTable) -> str:
    """A `longtable` in a `landscape` environment; its first line says what it needs."""
    columns = [_column(table.stub_width, is_text=True)]
    columns += [_column(column.width, column.is_text) for column in table.columns]
    heading = [r"\toprule", *head(table, [*map(_heading, table.columns)]), r"\midrule"]
    size = r"\scriptsize" if len(table.columns) <= MANY_COLUMNS else r"\tiny"
    parts = [
        NEEDS,
        r"\begin{landscape}" + size,
        r"\setlength{\tabcolsep}{2.5pt}\setlength{\LTcapwidth}{\linewidth}",
        r"\setlength{\parindent}{0pt}\renewcommand{\arraystretch}{1.15}",
        r"\captionsetup{justification=raggedright,singlelinecheck=false}",
        r"\begin{longtable}{@{}" + "".join(columns) + "@{}}",
        rf"\caption*{{\normalsize\textbf{{{escaped(table.title)}}}\\[2pt]",
        rf"\footnotesize {escaped(table.subtitle)}}}\\",
        *heading,
        r"\endfirsthead",
        *heading,
        r"\endhead",
        *body(table),
        r"\bottomrule",
        r"\end{longtable}",
        r"\raggedright",
        "\\par\\vspace{2pt}\n".join(escaped(note) for note in table.notes),
        r"\end{landscape}",
    ]
    return "\n".join(parts) + "\n"


def _heading(column: TableColumn) -> str:
    return escaped(column.label) if column.width else label(column, NUMBER_HEADING)


def _column(width: float, is_text: bool) -> str:
    if not width:
        return "l" if is_text else "r"
    return r">{\raggedright\arraybackslash}p{" + f"{width:.3f}" + r"\linewidth}"
