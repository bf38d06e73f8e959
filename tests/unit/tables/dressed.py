"""Reading the dresses back: the rows of a page, of a LaTeX table, of a CSV."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

from traincost.tables.spec import Cell, PublishedTable, TableColumn, TableRow

# words a user may put into a label, a model's name or a title
HOSTILE = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '=HYPERLINK("http://x.invalid")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    r"\input{x}",
    r"\\ \end{tabular*}",
    "$(touch x)",
    "a & b_c%",
    "[x] ^~#{}",
    "{{x}} **bold** [link](http://x.invalid)",
    "--- `` '' ,,",
    "× ∞ \N{MINUS SIGN}5 caf\u00e9",
    "&lt;b&gt; &amp;",
]


def hostile_table(text: str) -> PublishedTable:
    """A table with the same words wherever words of a user may stand."""
    columns = (
        TableColumn("cost", "Cost", "Money"),
        TableColumn("basis", "Priced by", is_text=True),
    )
    cells = {"cost": Cell("1", "x.cost", 1.0, unit="USD"), "basis": Cell(text)}
    rows = (TableRow("r", text, cells, text), TableRow("s", text, cells, text, is_total=True))
    return PublishedTable("hostile", text, text, "Book", columns, rows, (text,))


class Page(HTMLParser):
    """The texts, tags and addresses of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.rows: list[list[str]] = []
        self.texts: list[str] = []
        self._open = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        self._open = tag if tag in ("td", "th", "h1", "p", "title") else self._open

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open in ("td", "th"):
            self.rows[-1][-1] += data
        elif self._open:
            self.texts.append(data)

    @property
    def body(self) -> list[list[str]]:
        """The rows that hold a label and numbers."""
        widest = max(len(row) for row in self.rows)
        return [row for row in self.rows if len(row) == widest][-self._many() :]

    def _many(self) -> int:
        return sum(value == "row" for name, value in self.attributes if name == "scope")


def latex_rows(latex: str) -> list[list[str]]:
    """The rows of a LaTeX table, escaped as they stand, without weight."""
    # a long table has its head twice
    body = latex.rsplit("\\midrule\n", maxsplit=1)[-1].split("\\bottomrule", maxsplit=1)[0]
    lines = [line.removesuffix(r" \\").removeprefix("{}") for line in body.splitlines()]
    rows = [line.split(" & ") for line in lines if " & " in line]
    return [[re.sub(r"^\\textbf\{(.*)\}$", r"\1", cell) for cell in row] for row in rows]


def csv_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))
