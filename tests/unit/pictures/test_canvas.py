"""The sheet: the same bytes every time, words for who cannot see it, nothing cut off."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import matplotlib
import matplotlib.font_manager
import pytest

from traincost.pictures import DRAWINGS, built_pictures, dressed
from traincost.pictures.canvas import STYLE, drawn, measured, wrapped
from traincost.pictures.spec import Picture
from unit.tables.worlds import world
from unit.world import hashes, standard

SVG = "{http://www.w3.org/2000/svg}"


@cache
def pictures() -> dict[str, Picture]:
    return built_pictures(standard(), hashes(standard()))


@cache
def dresses(name: str) -> dict[str, bytes]:
    return dressed(name, pictures()[name])


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_second_drawing_has_the_same_bytes(name: str) -> None:
    assert dressed(name, pictures()[name]) == dresses(name)


def test_another_process_elsewhere_draws_the_same_bytes(tmp_path: Path) -> None:
    code = (
        "import hashlib, sys; sys.path[:0] = %r\n"
        "from traincost.pictures import built_pictures, dressed\n"
        "from unit.world import hashes, standard\n"
        "for name, picture in built_pictures(standard(), hashes(standard())).items():\n"
        "    for form, data in dressed(name, picture).items():\n"
        "        print(name, form, hashlib.sha256(data).hexdigest())\n"
    ) % [path for path in sys.path if path]
    other = {"PYTHONHASHSEED": "7", "TZ": "Asia/Kolkata", "MPLCONFIGDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **other},
        capture_output=True,
        text=True,
        check=True,
    )
    import hashlib

    ours = {
        f"{name} {form} {hashlib.sha256(data).hexdigest()}"
        for name in DRAWINGS
        for form, data in dresses(name).items()
    }
    assert set(done.stdout.splitlines()) == ours


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_svg_is_an_image_with_a_title_and_words(name: str) -> None:
    picture = pictures()[name]
    root = ET.fromstring(dresses(name)["svg"])
    assert root.attrib["role"] == "img"
    title, desc = (root.find(f"{SVG}{tag}") for tag in ("title", "desc"))
    assert root.attrib["aria-labelledby"].split() == [title.attrib["id"], desc.attrib["id"]]
    assert (title.text, desc.text) == (picture.table.title, picture.alt)
    # nothing is loaded, no script, no date, letters as shapes
    text = dresses(name)["svg"].decode()
    assert "<script" not in text and "<text" not in text and "dc:date" not in text
    assert not [v for n, v in all_attributes(root) if n.endswith("href") and not v.startswith("#")]


def all_attributes(root: ET.Element) -> list[tuple[str, str]]:
    return [pair for element in root.iter() for pair in element.attrib.items()]


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_png_is_sharp_and_carries_its_words(name: str) -> None:
    data = dresses(name)["png"]
    width, height = struct.unpack(">II", data[16:24])
    inches = DRAWINGS[name].size
    assert (width, height) == (round(inches[0] * 160), round(inches[1] * 160))
    assert pictures()[name].alt.encode() in data
    assert b"Matplotlib" not in data


@pytest.mark.parametrize("name", DRAWINGS)
def test_nothing_is_cut_off_and_no_words_lie_over_others(name: str) -> None:
    drawing, picture = DRAWINGS[name], pictures()[name]
    figure = drawn(picture, drawing.draw, drawing.size, drawing.left)
    renderer = figure.canvas.get_renderer()
    (axes,) = figure.axes
    axes.figure.canvas.draw()
    words = [*figure.texts, *axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels()]
    words += [axes.xaxis.label, *axes.get_legend().get_texts()]
    inside = axes.get_window_extent(renderer)
    boxes = []
    for word in words:
        if not word.get_text() or not word.get_visible():
            continue
        box = matplotlib.text.Text.get_window_extent(word, renderer)
        is_tick = word in [*axes.get_xticklabels(), *axes.get_yticklabels()]
        is_off = not (inside.x0 - 1 <= box.x1 and box.y0 <= inside.y1 + 20)
        if is_tick and is_off and not (inside.y0 <= (box.y0 + box.y1) / 2 <= inside.y1):
            continue  # a tick outside the axes is not drawn
        boxes.append((word.get_text(), box))
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1, word.get_text()
        assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1, word.get_text()
    for place, (one, box) in enumerate(boxes):
        for other, another in boxes[place + 1 :]:
            assert not box.padded(-1).overlaps(another.padded(-1)), (one, other)


def test_hostile_words_stay_words() -> None:
    from dataclasses import replace

    name = "factors"
    picture = pictures()[name]
    hostile = "</desc><script>alert(1)</script> $x^2$ \\frac & $"
    table = replace(picture.table, title=hostile)
    data = dressed(name, replace(picture, table=table, alt=hostile))["svg"]
    root = ET.fromstring(data)
    assert root.find(f"{SVG}desc").text == hostile
    assert not list(root.iter(f"{SVG}script"))


@pytest.mark.parametrize("prices", ["unpriced", "none-priced", "vendors"])
@pytest.mark.parametrize("name", DRAWINGS)
def test_it_is_drawn_under_other_prices(prices: str, name: str) -> None:
    picture = built_pictures(world(prices), hashes(world(prices)))[name]
    assert dressed(name, picture)["png"].startswith(b"\x89PNG")


def test_the_font_is_the_one_that_comes_with_the_library() -> None:
    found = matplotlib.font_manager.findfont(STYLE["font.family"])
    assert found.startswith(matplotlib.get_data_path())


def test_lines_are_no_wider_than_asked() -> None:
    figure = drawn(pictures()["factors"], lambda axes, table: None, (6, 4), 1)
    lines = wrapped(figure, "one two three four five six seven eight nine ten " * 5, 2.0, 9)
    assert len(lines) > 5
    assert max(measured(figure, line, 9) for line in lines) <= 2.0
    assert io.StringIO().getvalue() == ""
