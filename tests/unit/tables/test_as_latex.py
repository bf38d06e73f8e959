r"""The LaTeX dress: the same strings, no command but its own."""

from __future__ import annotations

import re

import pytest

from traincost.tables import BUILDERS
from traincost.tables.as_latex import escaped, to_latex
from unit.tables.dressed import HOSTILE, hostile_table, latex_rows
from unit.tables.worlds import WORLDS, table, world
from unit.world import standard


@pytest.mark.parametrize("name", BUILDERS)
@pytest.mark.parametrize("prices", ["standard", *WORLDS])
def test_every_cell_shows_its_string(name: str, prices: str) -> None:
    shown = table(name, standard() if prices == "standard" else world(prices))
    latex = to_latex(shown)
    assert latex_rows(latex) == [
        [escaped(text) for text in (row.label, *(row.cells[c.key].display for c in shown.columns))]
        for row in shown.rows
    ]
    for text in (shown.title, shown.subtitle, *shown.notes):
        assert escaped(text) in latex


def commands(latex: str) -> set[str]:
    return set(re.findall(r"\\([a-zA-Z]+)", latex.replace(r"\\", " ")))


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_a_user_bring_no_command(text: str) -> None:
    latex = to_latex(hostile_table(text))
    signs = {"textbackslash", "textasciitilde", "textasciicircum", "textless", "textgreater"}
    harmless = commands(to_latex(hostile_table("harmless and long " * 3)))
    assert commands(latex) - harmless <= signs | {"infty", "times"}
    # braces pair and no special character stands alone
    bare = re.sub(r"\\[&%$#_{}]|\\[a-zA-Z]+|\\\\", "", latex.split("\n", 1)[1])
    assert bare.count("{") == bare.count("}")
    assert not re.search(r"[%#~^_\\]", bare)
    rows = [row for row in latex.splitlines() if row.endswith(r"\\") and " & 1 & " in row]
    assert len(rows) == 2 or "textbf{1}" in latex


ESCAPED = [
    (r"\input{x}", r"\textbackslash{}input\{x\}"),
    ("a & b_c%", r"a \& b\_c\%"),
    ("$(touch x)", r"\$(touch x)"),
    ("^~#<>", r"\textasciicircum{}\textasciitilde{}\#\textless{}\textgreater{}"),
    ("a--b---c ``q''", "a-{}-b-{}-{}-c `{}`q'{}'"),
    ("\N{MINUS SIGN}5 × ∞", r"$-$5 $\times$ $\infty$"),
    ("2024-12-26", "2024-12-26"),
]


@pytest.mark.parametrize(("text", "latex"), ESCAPED)
def test_text_is_escaped(text: str, latex: str) -> None:
    assert escaped(text) == latex


def test_a_label_in_brackets_is_no_option_of_the_line_above() -> None:
    assert "\n{}[x] " in to_latex(hostile_table("[x] y"))


def test_rules_are_top_head_and_bottom_and_none_stands_upright() -> None:
    latex = to_latex(table("training_cost", standard()))
    for rule in ("toprule", "midrule", "bottomrule"):
        assert latex.count(rf"\{rule}") == 1
    (columns,) = re.findall(r"\\begin\{tabular\*\}\{\\linewidth\}(.*)", latex)
    assert "|" not in columns


def test_its_first_line_says_what_it_needs() -> None:
    first = to_latex(hostile_table("x")).splitlines()[0]
    assert first.startswith("% Needs the packages array, booktabs and caption.")
