"""Reading the published tables back: what a reader sees of them, in each format."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

UNSEEN = {"style", "script"}
# attributes that a browser may show or read out
SEEN_ATTRIBUTES = {"title", "alt", "aria-label"}
# of LaTeX: lines that say nothing, then commands within a line
SILENT = re.compile(
    r"^(%|\\captionsetup|\\setlength|\\begin\{((long)?table|tabular\*)\}|\\(begin|end)group"
    r"|\\(begin|end)\{landscape\}"
    r"|\\cmidrule|\\endhead"
    # figures that cannot be seen hold the columns apart
    r"|( & |\\hphantom\{(\\.|[^{}\\])*\})+ \\\\\[-[\d.]+\\normalbaselineskip\]).*$",
    re.M,
)
LAYOUT = (
    r"\\(begin|end)\{((long)?table|tabular\*?|minipage)\}(\[b\]|\{\\linewidth\})?(\{@\{\}[lrc]@\{\}\})?",
    r"\\multicolumn\{\d+\}\{(@\{\})?[lrc]\}",
    r"\\(top|mid|bottom)rule\b",
    r"\\addlinespace\[[\d.]+pt\]",
    r"\\par\b(\\vspace\{\d+pt\}|\\nopagebreak)?",
    r"\\(caption\*|textbf|noindent|raggedright|normalsize|footnotesize|scriptsize|tiny)(?![a-z])",
    r"\\\\(\[\d+pt\])?",
)
MACROS = {
    r"\textbackslash{}": "\\",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
    r"$\infty$": "∞",
    r"$\times$": "×",
    r"$\rightarrow$": "→",
    "$-$": "\N{MINUS SIGN}",
}


@dataclass
class Seen:
    """What a reader sees: rows of the body, each stub first; and all other words."""

    rows: list[list[str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen = Seen()
        self.title = ""
        self.is_heading = False
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        names = dict(attrs)
        if tag == "tr" and "tbody" in self.open:
            self.seen.rows.append([])
        if tag in ("td", "th") and "tbody" in self.open:
            self.seen.rows[-1].append("")
        if tag == "th" and "tbody" not in self.open:
            self.seen.words.append("")  # its words stand apart, and are read together
        self.seen.words += [value or "" for name, value in attrs if name in SEEN_ATTRIBUTES]
        self.is_heading = "gt_group_heading" in (names.get("class") or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "tr" and "tbody" in self.open and self.is_heading:
            self.seen.words += self.seen.rows.pop()

    def handle_data(self, data: str) -> None:
        if not UNSEEN.isdisjoint(self.open):
            return
        if "title" in self.open:
            self.title += data
        elif "tbody" in self.open and self.open[-1] in ("td", "th"):
            self.seen.rows[-1][-1] += data
        elif "th" in self.open:
            self.seen.words[-1] += data
        else:
            self.seen.words += [data.strip()] * bool(data.strip())


def of_html(text: str) -> Seen:
    """A page; its title has to be that of the table, and is not counted twice."""
    page = _Page()
    page.feed(text)
    page.close()
    assert page.title in page.seen.words
    return page.seen


def of_latex(text: str) -> Seen:
    """A `table` environment, or a long one, whose pages repeat the heading."""
    once = re.sub(r"\\endfirsthead\n.*?\\midrule\n(?=\\endhead\n)", "", text, flags=re.S)
    head, _, rest = once.partition("\n\\midrule\n")
    body, _, notes = rest.partition("\\bottomrule\n")
    seen = Seen(words=[_plain(head), _plain(notes)])
    for line in body.splitlines():
        if r"\multicolumn" in line:
            seen.words.append(_plain(line))
        elif not line.startswith((r"\addlinespace", r"\endhead")):
            seen.rows.append([_plain(cell) for cell in re.split(r"(?<!\\)&", line)])
    return seen


def _plain(latex: str) -> str:
    latex = SILENT.sub("", latex)
    for macro, sign in MACROS.items():
        # out of the way of the patterns for commands and braces
        latex = latex.replace(macro, f"\0{ord(sign)};")
    # a break of lines may stand before the sign
    sign = r"(?<!\\)((?:\\\\)*)\\([&%$#_{}])"
    latex = re.sub(sign, lambda match: f"{match[1]}\0{ord(match[2])};", latex)
    for pattern in LAYOUT:
        latex = re.sub(pattern, " ", latex)
    latex = re.sub(r"[{}]", "", latex)
    assert "\\" not in latex, latex
    latex = re.sub("\0(\\d+);", lambda match: chr(int(match[1])), latex)
    return " ".join(latex.split())


def of_csv(text: str) -> list[dict[str, str]]:
    """The lines of a CSV, one per cell."""
    return list(csv.DictReader(io.StringIO(text)))
