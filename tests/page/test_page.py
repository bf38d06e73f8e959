"""The audit page as a file: whole without scripts, safe with any text, and of bounded size."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import polars as pl
import pytest
import small

from traincost.page.sections import Drawn
from traincost.tables.spec import Cell, Shown

NASTY = """</script><script>alert(1)</script><img src=x onerror=alert(2)> {{ 7 * 7 }} "'&"""


class Elements(HTMLParser):
    """Elements with attributes, and all texts outside scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._at = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        self.elements.append((tag, dict(attrs)))
        self._at = tag

    def handle_endtag(self, tag) -> None:
        self._at = ""

    def handle_data(self, data) -> None:
        self.raw[self._at].append(data) if self._at in self.raw else self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def attributes(self, name: str) -> list[str]:
        return [attributes[name] or "" for _, attributes in self.elements if name in attributes]


@pytest.fixture(scope="module")
def built_page(built: Path) -> str:
    return (built / "results/audit/index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def cells(built: Path) -> pl.DataFrame:
    return pl.read_parquet(built / "results/tables/cells.parquet")


def nasty_page() -> str:
    leaf = small.HOURS_USED | {
        "number_id": NASTY,
        "printed": NASTY,
        "locator": NASTY,
        "status": NASTY,
        "source_title": NASTY,
        "source_address": "javascript:alert(3)",
        "file": f"data/{NASTY}.csv",
    }
    hours = Cell("100", f"{NASTY}:low", 100.0, unit=NASTY, shown=small.HOURS)
    cells = dict(small.table().rows[0].cells) | {"word": Cell(NASTY), "hours": hours}
    row = small.TableRow("run", NASTY, cells, group=NASTY)
    table = small.table(title=NASTY, subtitle=NASTY, notes=(NASTY,), rows=(row,), stub_label=NASTY)
    price = small.PRICE | {"unit": NASTY}
    cost = small.COST | {"unit": NASTY, "input_ids": [NASTY, price["number_id"]]}
    return small.page(leaf, price, cost, tables=(table,), label=NASTY)


def test_names_in_the_data_stay_text() -> None:
    found = Elements(nasty_page())
    assert [tag for tag, _ in found.elements if tag in ("script", "img")] == ["script", "script"]
    assert not any(name.startswith("on") for _, given in found.elements for name in given)
    assert found.text.count(NASTY) >= 10, "shown as it is written"
    assert not any("javascript" in address for address in found.attributes("href"))
    json.loads(found.raw["script"][0])


@pytest.mark.chromium
def test_names_in_the_data_do_nothing_in_a_browser(visit, tmp_path: Path) -> None:
    file = tmp_path / "index.html"
    file.write_text(nasty_page(), encoding="utf-8")
    page = visit(file)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.locator("#costs td a").first.click()
    assert NASTY in page.inner_text("#panel")
    page.locator("#costs td a").nth(1).click()
    assert page.evaluate("document.images.length") == 0


def test_text_cannot_end_the_data_of_the_script() -> None:
    formula = small.COST | {"formula": "hours * price", "input_names": ["</script>", "price"]}
    found = Elements(small.page(small.HOURS_USED, small.PRICE, formula))
    assert ["</script>", "price"] in json.loads(found.raw["script"][0])["names"]


def test_nothing_is_loaded_and_only_our_script_may_run(built_page: str) -> None:
    found = Elements(built_page)
    assert all(source.startswith("data:image/svg+xml,") for source in found.attributes("src"))
    assert [tag for tag, _ in found.elements if tag in ("link", "iframe", "object")] == []
    assert not re.search(r"url\(|@import", "".join(found.raw["style"]))
    policy = found.attributes("content")[0]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert not any(name.startswith("on") for _, given in found.elements for name in given)


def test_addresses_are_only_links_to_sources(built_page: str, built: Path) -> None:
    sources = pl.read_parquet(built / "results/validated/sources.parquet")["address"].to_list()
    outward = [to for to in Elements(built_page).attributes("href") if not to.startswith("#")]
    assert len(outward) > 50
    assert set(outward) <= set(sources)


def test_without_its_scripts_it_holds_every_cell_and_sentence(
    built_page: str, built: Path, cells: pl.DataFrame
) -> None:
    text = re.sub(r"<script.*?</script>", "", built_page, flags=re.DOTALL)
    shown = Elements(text).text
    assert [cell for cell in cells["display"] if cell not in shown] == []
    tables = re.findall(r'<section class="table[^"]*" id="(\w+)"', text)
    files = [
        *(built / "results").glob("tables/*.html"),
        *(built / "results").glob("pictures/*.svg"),
    ]
    assert sorted(tables) == sorted(file.stem for file in files)


def test_without_its_scripts_every_number_leads_to_its_entry_and_on_to_the_data(
    built_page: str, built: Path, cells: pl.DataFrame
) -> None:
    text = re.sub(r"<script.*?</script>", "", built_page, flags=re.DOTALL)
    found = Elements(text)
    targets = set(found.attributes("id"))
    inward = [to[1:] for to in found.attributes("href") if to.startswith("#")]
    assert [to for to in inward if to not in targets] == []
    entries = entries_of(text)
    linked = {entries[to] for to in inward if to in entries}
    assert set(cells["number_id"].drop_nulls()) <= linked
    known = pl.read_parquet(built / "results/audit/numbers.parquet")
    read = known.filter(pl.col("number_id").is_in(list(entries.values())))
    for row in read.drop_nulls("file").iter_rows(named=True):
        assert f"{row['file']}, line {row['line']}<" in text


def entries_of(text: str) -> dict[str, str]:
    """Anchor to id: an entry is called by owner and book, its group by the column."""
    found = {}
    groups = re.findall(
        r'<section class="column"(?: data-column="(\w+)")?>(.*?)</section>', text, re.DOTALL
    )
    for column, body in groups:
        for anchor, name in re.findall(r"<tr id=(n\d+)><th>([^<]+)<", body):
            owner, at, book = name.partition("@")
            found[anchor] = f"{owner}.{column}{at}{book}" if column else name
    return found


def test_it_holds_what_is_shown_and_what_that_was_made_of_and_nothing_else() -> None:
    stray = small.leaf("other.hours", 1.0, "GPU-h")
    html = small.page(small.HOURS_USED, small.PRICE, small.COST, stray)
    assert "run.hours" in html
    assert "other.hours" not in html


def test_what_a_rule_only_looked_at_is_counted() -> None:
    quotes = [small.leaf(f"quote-{at:03d}.price", 2.0, "USD/GPU-h") for at in range(500)]
    ids = [quote["number_id"] for quote in quotes]
    chosen = {"selection": "the cheapest", "input_ids": ids[:1], "input_names": ["price"]}
    cost = small.COST | chosen | {"formula": None, "considered_ids": ids[1:]}
    html = small.page(small.HOURS_USED, cost, *quotes)
    assert len(re.findall(r"<tr id=n\d+>", html)) == 2 + 1
    assert "looked at 499 others</span>" in html


def test_its_size_is_bounded(built_page: str) -> None:
    size = len(built_page.encode())
    many = len(re.findall(r"<tr id=n\d+>", built_page))
    fixed = len(small.page().encode())
    assert size < 2_000_000
    assert (size - fixed) / many < 700, "bytes for each number: entry, data and cells"


def test_a_picture_is_an_image_that_can_run_nothing_beside_its_words_and_its_table() -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg' id=\"é#1\"><script>alert('1%')</script></svg>"
    drawn = Drawn(small.table(name="dots", title="Dots"), svg, "One dot, at $200")
    found = Elements(small.page(pictures=(drawn,)))
    (image,) = [given for tag, given in found.elements if tag == "img"]
    address, _, data = image["src"].partition(",")
    assert (address, unquote(data)) == ("data:image/svg+xml", svg)
    assert image["alt"] == "One dot, at $200"
    assert len(found.raw["script"]) == 2
    assert "dots" in found.attributes("id")
    assert re.sub(r"\s", "", found.text).count("Therun100200") == 2, "its row, and the table's"


@pytest.mark.chromium
def test_a_picture_is_drawn_in_a_browser(visit, tmp_path: Path) -> None:
    svg = (
        "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='30'><style>*{fill:#0a0}</style>"
        "<text id='a#b'>100 % “é” & more</text></svg>"
    ).replace("& ", "&amp; ")
    file = tmp_path / "index.html"
    drawn = Drawn(small.table(name="dots"), svg, "Dots")
    file.write_text(small.page(pictures=(drawn,)), encoding="utf-8")
    page = visit(file)
    assert page.evaluate("document.images[0].naturalWidth") == 40


def test_a_figure_in_words_opens_and_what_cannot_be_told_apart_is_listed() -> None:
    said = small.table().said
    hours = Cell("1", "run.hours", 100.0, unit="", shown=Shown(""))
    html = small.page(tables=(small.table(notes=("1 of 1 runs, on page 1",), said=(*said, hours)),))
    title = re.search(r'id="costs".*?</h2>', html, re.DOTALL)[0]
    assert re.search(r"The run cost <a href=#n\d+ [^>]*>\$200</a>", title)
    (note,) = re.findall(r'<ul class="notes">.*?</ul>', html, re.DOTALL)
    assert "1 of 1 runs, on page 1" in note, "which of the ones it is cannot be said"
    (folded,) = re.findall(r'<details class="notes">.*?</details>', html, re.DOTALL)
    assert re.search(r">1</a> \(<code>run.hours</code>\)", folded)


def test_every_figure_that_may_change_says_how_it_came_to_its_text(built_page: str) -> None:
    """Else it could not be shown after a change."""
    numbers = json.loads(Elements(built_page).raw["script"][0])["numbers"]
    silent = [int(n) for n in re.findall(r"href=#n(\d+) data-f=-1", built_page)]
    assert [n for n in silent if numbers[n][0] in ("f", "s")] == []
    assert len(re.findall(r"data-f=\d+", built_page)) > 100
