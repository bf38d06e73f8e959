"""The published LaTeX compiles, fits its page and runs no word of a user."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from unit.tables.dressed import HOSTILE, hostile_table
from unit.tables.worlds import users_table

from traincost.tables import BUILDERS
from traincost.tables.as_latex import to_latex

PDFLATEX = shutil.which("pdflatex")
# what a user's prices and assumptions move are no builders of their own
TABLES = (*BUILDERS, "price_change", "assumption_change")
pytestmark = [
    pytest.mark.latex,
    pytest.mark.skipif(not PDFLATEX, reason="pdflatex is not installed"),
]

# what the first line of a table asks for
DOCUMENT = r"""\documentclass[a4paper]{article}
\usepackage[textwidth=17cm]{geometry}
\usepackage{array,booktabs,caption,longtable,pdflscape}
\begin{document}
%s
\end{document}
"""


def compiled(latex: str, folder: Path) -> str:
    """The log of pdflatex; the PDF lies in the folder. Any LaTeX error fails the test."""
    (folder / "x.tex").write_text(DOCUMENT % latex, encoding="utf-8")
    done = subprocess.run(
        [PDFLATEX, "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "x.tex"],
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert (folder / "x.pdf").stat().st_size > 5_000
    return done.stdout


@pytest.mark.parametrize("name", TABLES)
def test_a_table_compiles_and_fits_the_page_it_is_made_for(
    built: Path, tmp_path: Path, name: str
) -> None:
    latex = (built / f"results/tables/{name}.tex").read_text(encoding="utf-8")
    log = compiled(latex, tmp_path)
    assert "(1 page," in log or r"\begin{longtable}" in latex
    assert not re.findall(r"Overfull .*|Float too large.*|LaTeX Font Warning.*", log)


def test_a_long_table_breaks_across_pages_and_loses_no_row(tmp_path: Path) -> None:
    latex = to_latex(users_table())
    assert latex.startswith("% Needs the packages array, booktabs and longtable.")
    log = compiled(latex, tmp_path)
    (pages,) = re.findall(r"\((\d+) pages,", log)
    assert int(pages) > 1
    assert not re.findall(r"Overfull .hbox.*|LaTeX Font Warning.*", log)


def test_every_table_built_is_compiled(built: Path) -> None:
    there = sorted(path.stem for path in (built / "results/tables").glob("*.tex"))
    assert there == sorted(TABLES)


def test_hostile_words_are_set_and_not_run(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    tables = "\n\\clearpage\n".join(to_latex(hostile_table(text)) for text in HOSTILE)
    compiled(tables, tmp_path)
    # the job's own files, and nothing that a word made
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "x",
        "x.aux",
        "x.log",
        "x.pdf",
        "x.tex",
    ]


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
@pytest.mark.parametrize("text", [r"\input{x}", "$(touch x)", "a & b-c%", "x -- 'y' #1"])
def test_words_read_on_paper_as_they_were_written(tmp_path: Path, text: str) -> None:
    compiled(to_latex(hostile_table(text)), tmp_path)
    subprocess.run(["pdftotext", "-layout", "x.pdf"], cwd=tmp_path, check=True)
    paper = (tmp_path / "x.txt").read_text(encoding="utf-8")
    assert text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}") in paper
