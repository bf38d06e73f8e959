"""A long table on paper: across the page, over several pages, with a head on each."""

from __future__ import annotations

from traincost.tables.spec import PublishedTable, TableColumn
from traincost.tables.words_latex import body, escaped, head, label, lines_of

NEEDS = """\
% Needs the packages array, booktabs, caption, longtable and pdflscape.
% Made for a text height, which is its width across the page, of 20.5 cm."""
PAGE_PT = 583
# letters in a line of a number's heading, where its figures are not longer
NUMBER_HEADING = 8
# more columns than these are set smaller still; points of a letter in either size
MANY_COLUMNS = 12
SCRIPTSIZE, TINY = (r"\scriptsize", 4.1), (r"\tiny", 3.4)
GAP_PT, STRETCH = 2, 1.15


def to_long_latex(table: PublishedTable) -> str:
    """A `longtable` in a `landscape` environment; its first line says what it needs."""
    size, letter_pt = SCRIPTSIZE if len(table.columns) <= MANY_COLUMNS else TINY
    letters = [_letters(column, table) for column in table.columns]
    columns = _columns(table, letters, letter_pt)
    labels = [
        escaped(column.label) if column.width else label(column, width)
        for column, width in zip(table.columns, letters, strict=True)
    ]
    heading = [r"\toprule", _widest_figures(table), *head(table, labels, letters), r"\midrule"]
    parts = [
        NEEDS,
        r"\begin{landscape}" + size,
        rf"\setlength{{\tabcolsep}}{{{GAP_PT}pt}}\setlength{{\LTcapwidth}}{{\linewidth}}",
        rf"\setlength{{\parindent}}{{0pt}}\renewcommand{{\arraystretch}}{{{STRETCH}}}",
        r"\captionsetup{justification=raggedright,singlelinecheck=false}",
        r"\begin{longtable}{@{}" + "".join(columns) + "@{}}",
        rf"\caption*{{\normalsize\textbf{{{escaped(table.title)}}}\\[2pt]",
        rf"\footnotesize {escaped(table.subtitle)}}}\\",
        *heading,
        r"\endfirsthead",
        *heading,
        r"\endhead",
        *body(table, is_airy=True),
        r"\bottomrule",
        r"\end{longtable}",
        r"\raggedright",
        "\\par\\vspace{2pt}\n".join(escaped(note) for note in table.notes),
        r"\end{landscape}",
    ]
    return "\n".join(parts) + "\n"


def _widest_figures(table: PublishedTable) -> str:
    """A row that cannot be seen and takes no room.

    LaTeX sets the head before it knows how wide the figures are: a heading over several
    columns would widen the last of them, until LaTeX is run again.
    """
    cells = [""]
    for column in table.columns:
        shown = [row.cells[column.key].display for row in table.rows]
        figure = "" if column.is_text else escaped(max(shown, key=len, default=""))
        cells.append(rf"\hphantom{{{figure}}}" if figure else "")
    return " & ".join(cells) + rf" \\[-{STRETCH}\normalbaselineskip]"


def _letters(column: TableColumn, table: PublishedTable) -> int:
    """Letters of the widest line of a column; of its heading alone where its words wrap."""
    shown = [0 if column.width else len(row.cells[column.key].display) for row in table.rows]
    longest = max(shown, default=0)
    lines = lines_of(column.label, max(longest, NUMBER_HEADING))
    return max(longest, *map(len, lines))


def _columns(table: PublishedTable, letters: list[int], letter_pt: float) -> list[str]:
    """The stub and all columns. Words get their longest word, and a share of what is left."""
    shares = [table.stub_width, *(column.width for column in table.columns)]
    is_text = [True, *(column.is_text for column in table.columns)]
    widest = [_longest_word([table.stub_label, *(row.label for row in table.rows)]) + 1]
    for column, width in zip(table.columns, letters, strict=True):
        shown = [column.label, *(row.cells[column.key].display for row in table.rows)]
        # capitals are wider than most letters
        widest.append(_longest_word(shown) + 1 if column.width else width)
    least = [letter_pt * width for width in widest]
    left = (PAGE_PT - sum(least) - 2 * GAP_PT * len(table.columns)) / sum(shares)
    return [
        _paragraphs((width + share * left) / PAGE_PT) if share else "l" if words else "r"
        for width, share, words in zip(least, shares, is_text, strict=True)
    ]


def _longest_word(texts: list[str]) -> int:
    return max(len(word) for text in texts for word in text.split())


def _paragraphs(width: float) -> str:
    return rf">{{\raggedright\arraybackslash}}p{{{width:.3f}\linewidth}}"
