"""A long table on paper: across the page, over several pages, with a head on each."""

from __future__ import annotations

import re

from traincost.tables.spec import PublishedTable

_START = re.compile(r"\\begin{longtable}{(?:@{[^}]*}}?)?[lrc|]+}")
_SIZE = re.compile(r"\\fontsize{[^}]*}{[^}]*}\\selectfont")
# from the first rule to the one below the column labels
_HEAD = re.compile(r"\\toprule.*?\\midrule\\addlinespace\[2\.5pt\]", re.DOTALL)
_GROUP = re.compile(
    r"(?:\\midrule\\addlinespace\[2\.5pt\]\n)?"
    r"(\\multicolumn{\d+}{l}{)(.*?)} \\\\\[2\.5pt\] ?\n\\midrule\\addlinespace\[2\.5pt\]"
)


def on_pages(latex: str, table: PublishedTable) -> str:
    """The `longtable` of great-tables with wrapped columns and a head on every page.

    Raises ValueError where great-tables writes it in another form.
    """
    if [len(part.findall(latex)) for part in (_START, _SIZE, _HEAD)] != [1, 1, 1]:
        raise ValueError("great-tables no longer writes a longtable in the form expected here")
    columns = [_column(table.stub_width, is_text=True)]
    columns += [_column(column.width, column.is_text) for column in table.columns]
    start = r"\begin{longtable}{@{}" + "".join(columns) + "@{}}"
    latex = _START.sub(lambda _: start, latex)
    latex = _SIZE.sub(lambda _: r"\scriptsize", latex)
    latex = _HEAD.sub(_on_each_page, latex)
    # groups by space and weight: rules only at top, head and bottom
    latex = _GROUP.sub(r"\\addlinespace[5pt]\n\1\\textbf{\2}} \\\\*[1.5pt]", latex)
    lengths = (
        r"\setlength{\tabcolsep}{2.5pt}\setlength{\LTcapwidth}{\linewidth}"
        r"\setlength{\parindent}{0pt}\renewcommand{\arraystretch}{1.15}"
    )
    body = latex.strip().replace(r"\begingroup", r"\begingroup" + "\n" + lengths, 1)
    return "\n".join((r"\begin{landscape}", body, r"\end{landscape}"))


def _on_each_page(head: re.Match[str]) -> str:
    labels = head[0].removesuffix(r"\addlinespace[2.5pt]")
    return f"{labels}\n\\endfirsthead\n{labels}\n\\endhead"


def _column(width: float, is_text: bool) -> str:
    if not width:
        return "l" if is_text else "r"
    return r">{\raggedright\arraybackslash}p{" + f"{width:.3f}" + r"\linewidth}"
