"""The benchmark prints its table, and the README quotes one that it printed."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from docs.markdown import ROOT, blocks, text_of

START, PROCESS = "Snakemake's own start", "one Python process"
COMPARED = {
    "nothing changed": START,
    "one price changed": PROCESS,
    "full build": PROCESS,
}
LINE = re.compile(
    r"(?P<name>.+?) +(?P<median>\d+\.\d\d) +(?P<lowest>\d+\.\d\d)"
    r"(?:  (?P<ratio>\d+\.\d\d) x (?P<other>.+) \(aim: at most (?P<aim>[\d.]+) x\))?"
)


def table(text: str) -> dict[str, dict[str, str]]:
    machine, heading, *lines = text.strip().splitlines()
    assert re.fullmatch(r"median of \d+, \w+ \w+, \d+ cores, Python [\d.]+", machine)
    assert heading.split() == ["seconds", "lowest"]
    matches = [LINE.fullmatch(line) for line in lines]
    assert all(matches), text
    return {match["name"]: match.groupdict() for match in matches}


@pytest.fixture(scope="module")
def printed() -> dict[str, dict[str, str]]:
    book = ROOT / "data/prices/h800_quotes.csv"
    before = book.read_bytes()
    done = subprocess.run(
        [sys.executable, "benchmarks/run.py", "--rounds", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert book.read_bytes() == before, "it changes prices in copies only"
    return table(done.stdout)


@pytest.fixture(scope="module")
def quoted() -> dict[str, dict[str, str]]:
    (block,) = (block for block in blocks(text_of("README.md"), "text") if START in block)
    return table(block)


@pytest.mark.long
def test_every_case_is_measured_beside_what_it_is_compared_with(printed) -> None:
    assert set(printed) == {START, PROCESS, *COMPARED}
    for name, other in COMPARED.items():
        assert printed[name]["other"] == other
    assert all(float(case["lowest"]) > 0 for case in printed.values())


@pytest.mark.long
def test_the_readme_quotes_a_table_of_this_form(printed, quoted) -> None:
    assert list(quoted) == list(printed)
    for name, case in quoted.items():
        assert (case["other"], case["aim"]) == (printed[name]["other"], printed[name]["aim"])
        assert float(case["lowest"]) <= float(case["median"])


@pytest.mark.parametrize("name", COMPARED)
def test_the_quoted_ratio_follows_from_the_quoted_seconds(quoted, name: str) -> None:
    case, other = quoted[name], quoted[COMPARED[name]]
    ratio = float(case["median"]) / float(other["median"])
    assert float(case["ratio"]) == pytest.approx(ratio, rel=0.03), "seconds have two decimals"
    if float(case["ratio"]) > float(case["aim"]):
        assert "misses its aim" in text_of("README.md"), "say what stands in the way"
