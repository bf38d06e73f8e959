"""The page: the same strings, nothing loaded, nothing run."""

from __future__ import annotations

import re

import pytest

from traincost.tables import BUILDERS
from traincost.tables.as_great_table import to_html
from unit.tables.dressed import HOSTILE, Page, hostile_table
from unit.tables.worlds import WORLDS, table, world
from unit.world import standard

LOADING = ("src", "href", "srcset", "poster", "data", "action", "background", "style")


def strings(shown) -> list[list[str]]:
    return [
        [row.label, *(row.cells[column.key].display for column in shown.columns)]
        for row in shown.rows
    ]


@pytest.mark.parametrize("name", BUILDERS)
@pytest.mark.parametrize("prices", ["standard", *WORLDS])
def test_every_cell_shows_its_string(name: str, prices: str) -> None:
    shown = table(name, standard() if prices == "standard" else world(prices))
    page = Page(to_html(shown))
    assert page.body == strings(shown)
    for text in (shown.title, shown.subtitle, *shown.notes):
        assert text in page.texts


@pytest.mark.parametrize("name", BUILDERS)
def test_headings_are_shown_whole(name: str) -> None:
    shown = table(name, standard())
    page = to_html(shown)
    heads = [text for row in Page(page).rows for text in map(str.strip, row)]
    for column in shown.columns:
        assert column.label in heads
        assert column.spanner in ["", *heads]


def assert_self_contained(page: str) -> None:
    read = Page(page)
    assert not {"script", "link", "img", "iframe", "object", "embed", "base"} & set(read.tags)
    for name, value in read.attributes:
        assert not name.startswith("on"), name
        if name in LOADING:
            assert not re.search(r"url\(|//", value), f"{name}={value}"
    for sheet in re.findall(r"<style>(.*?)</style>", page, re.DOTALL):
        assert not re.search(r"url\(|@import|expression", sheet)


@pytest.mark.parametrize("name", BUILDERS)
def test_a_page_has_no_script_and_loads_nothing(name: str) -> None:
    assert_self_contained(to_html(table(name, standard())))


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_a_user_are_words_on_the_page(text: str) -> None:
    page = to_html(hostile_table(text))
    assert_self_contained(page)
    read = Page(page)
    assert read.tags == Page(to_html(hostile_table("harmless"))).tags
    assert [row[0] for row in read.body] == [text, text]
    assert [row[-1] for row in read.body] == [text, text]
    assert text in read.texts


@pytest.mark.parametrize("name", BUILDERS)
def test_the_same_table_gives_the_same_page(name: str) -> None:
    assert to_html(table(name, standard())) == to_html(table(name, standard()))


def test_missing_and_bounds_are_lighter_and_totals_heavier() -> None:
    page = to_html(table("training_cost", standard()))
    lighter, heavier = r"color: #666666;font-weight: normal;", r"font-weight: 600;"
    assert re.search(rf'<td style="[^"]*{lighter}"[^>]*>\[x\]</td>', page)
    assert re.search(rf'<td style="[^"]*{lighter}"[^>]*>5,864,000</td>', page)
    assert re.search(rf'<td style="{heavier}"[^>]*>5,870,000</td>', page)
    assert re.search(rf'<th [^>]*style="{heavier}"[^>]*>Both runs, added up</th>', page)
