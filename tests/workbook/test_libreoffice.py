"""The workbook opened, recomputed and shown by LibreOffice."""

from __future__ import annotations

import csv
import math
import re
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from workbook.in_memory import Project, World
from workbook.reading import Reading, title_of
from workbook.test_recomputed import WHOLE, differing

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed"),
]

# recompute whatever is opened; without this, cached values are kept
ALWAYS_RECOMPUTE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
EVERY_SHEET_AS_SHOWN = (
    "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
)


def converted(data: bytes, to: str, folder: Path) -> Path:
    """The folder into which LibreOffice has put what it made of a workbook."""
    profile = folder / "profile/user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(ALWAYS_RECOMPUTE)
    source, target = folder / "traincost.xlsx", folder / "out"
    source.write_bytes(data)
    command = [SOFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    command += ["--convert-to", to, "--outdir", str(target), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0 and any(target.iterdir()), done.stdout + done.stderr
    return target


def recomputed(data: bytes, folder: Path) -> Reading:
    return Reading((converted(data, "xlsx", folder) / "traincost.xlsx").read_bytes())


def numbers(book: Reading, computed: Reading) -> dict[tuple[str, str], object]:
    return {
        (number_id, part): computed.value(place)
        for number_id, places in book.numbers.items()
        for part, place in places.items()
    }


def entered(book: Reading, number_id: str, value: float) -> bytes:
    """The file with another number in a yellow cell, its cached values left stale."""
    _, row, column = book.yellow[number_id]["value"]
    cell = f"{'ABCDE'[column - 1]}{row}"
    place = book.values.sheetnames.index("Assumptions") + 1
    data = BytesIO()
    with zipfile.ZipFile(BytesIO(book.data)) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == f"xl/worksheets/sheet{place}.xml":
                pattern = rf'(<c r="{cell}"[^>]*><v>)[^<]*(</v>)'
                changed, count = re.subn(pattern, rf"\g<1>{value}\g<2>", text.decode())
                assert count == 1
                text = changed.encode()
            new.writestr(name, text)
    return data.getvalue()


def test_it_opens_and_recomputes_to_the_pipelines_numbers(
    book: Reading, world: World, tmp_path: Path
) -> None:
    computed = recomputed(book.data, tmp_path)
    assert computed.values.sheetnames == book.values.sheetnames
    assert differing(numbers(book, computed), world) == []
    for address, _ in book.formula_cells():
        found, cached = computed.value(address), book.value(address)
        if isinstance(cached, float | int):
            assert math.isclose(found, cached, rel_tol=1e-9), address
        else:
            assert (found or "") == (cached or ""), address


def test_another_price_of_the_headline_moves_everything_as_the_pipeline_would(
    book: Reading, read: Project, world: World, tmp_path: Path
) -> None:
    price = next(iter(book.yellow))
    computed = recomputed(entered(book, price, 3.42), tmp_path)
    dearer = read.with_figure(world.rows()[price], 3.42)
    assert differing(numbers(book, computed), dearer, but=book.left_behind) == []
    assert computed.value(book.numbers[WHOLE]["value"]) == pytest.approx(10_037_700)


def test_every_table_is_shown_with_the_digits_of_its_other_formats(
    book: Reading, world: World, tmp_path: Path
) -> None:
    folder = converted(book.data, EVERY_SHEET_AS_SHOWN, tmp_path)
    for table in world.tables:
        text = (folder / f"traincost-{title_of(table)}.csv").read_text(encoding="utf-8")
        rows = list(csv.reader(text.splitlines()))
        for cell, place in book.shown(table):
            assert rows[place.row - 1][place.column - 1] == cell.display, place
