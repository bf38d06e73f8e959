"""What a reader can do on the audit page, in a real browser."""

from __future__ import annotations

import math
import re
import shutil
from pathlib import Path

import polars as pl
import pytest
from conftest import snakemake

pytestmark = pytest.mark.chromium

PRICE = "deepseek-h800-2usd.usd_per_gpu_hour@deepseek-2usd"
H800 = "cr8dl-h800-2024-08-24.usd_per_gpu_hour@h800-quotes"
WHOLE = "v3-r1.total.cost_usd@deepseek-2usd"
PANEL = "#panel"
KEY = ("table", "row_id", "column")
V3_REPORT = "https://arxiv.org/abs/2412.19437"


def open_number(page, number_id: str) -> None:
    page.evaluate("id => open(byId.get(id), true)", number_id)


def change(page, number_id: str, value: str) -> None:
    open_number(page, number_id)
    page.fill(f"{PANEL} form input[name=value]", value)
    page.press(f"{PANEL} form input[name=value]", "Enter")


def ledger(page) -> dict[str, dict]:
    """Every number as the page now shows it: texts, and whether it is new or left open."""
    rows = page.evaluate(
        """() => [...document.querySelectorAll('#ledger tr[id]')].map((row) => ({
            id: idOf(Number(row.id.slice(1))),
            value: row.cells[1].firstElementChild.textContent,
            low: row.cells[2].textContent,
            high: row.cells[3].textContent,
            state: row.cells[1].firstElementChild.className,
        }))"""
    )
    return {row.pop("id"): row for row in rows}


def read(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-").replace("∞", "inf"))


def tab_to(page, script: str, limit: int = 60) -> None:
    """Press Tab until the focused element fits."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate(f"(() => {{ const at = document.activeElement; return {script}; }})()"):
            return
    pytest.fail(f"Tab did not reach {script}")


def test_from_the_headline_to_a_line_of_data_by_keyboard(visit, index: Path, built: Path) -> None:
    page = visit(index)
    # past the list of tables and what a reader may change
    tab_to(page, "at.textContent === 'To the tables'")
    page.keyboard.press("Enter")
    tab_to(page, "at.closest('h2') && at.textContent === '$5.87 million'")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel-title"
    for wanted in ("v3.pre-training.cost_usd@", "v3.pre-training.gpu_hours", "gpu_hours_printed"):
        tab_to(page, f"at.closest('#panel ul') && at.textContent.includes('{wanted}')")
        page.keyboard.press("Enter")
    leaf = page.inner_text(f"{PANEL} .leaf")
    file, line = re.search(r"(data/\S+\.csv), line (\d+)", leaf).groups()
    text = (built / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert leaf.startswith("2664K") and "2664K" in text
    tab_to(page, f"at.href === '{V3_REPORT}'")
    # and back, step by step, to where the reader came from
    for _ in range(3):
        page.keyboard.press("Shift+Tab")  # from the panel's title to what stands before it
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement.dataset.do") == "back"
        page.keyboard.press("Enter")
        page.wait_for_function("document.activeElement.id === 'panel-title'")
    assert WHOLE in page.inner_text(f"{PANEL} .id")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "$5.87 million"


def test_one_click_and_one_link_lead_to_the_table_of_the_v3_report(visit, index: Path) -> None:
    page = visit(index)
    page.get_by_text("$5.87 million", exact=True).first.click()
    leaf = page.locator(f"{PANEL} li", has_text="v3.pre-training.gpu_hours_printed")
    assert leaf.get_by_role("link", name="DeepSeek-V3 Technical Report").is_visible()
    assert leaf.locator(f"a[href='{V3_REPORT}']").count() == 1
    assert "Table 1" in leaf.inner_text()


@pytest.fixture(scope="module")
def rerun(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline run at $3.42 for DeepSeek's price and $3 for the dated H800 quote."""
    project = Path(
        shutil.copytree(built, tmp_path_factory.mktemp("rerun") / "project", symlinks=True)
    )
    for file, old, new in (
        ("data/prices/deepseek_2usd.csv", ",,2,,2,", ",,3.42,,2,"),
        ("data/prices/h800_quotes.csv", "2024-08-24,day,3.42", "2024-08-24,day,3"),
    ):
        text = (project / file).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (project / file).write_text(text.replace(old, new), encoding="utf-8")
    run = snakemake(project)
    assert run.code == 0, run.said
    return project / "results"


def test_every_recomputed_number_is_that_of_the_pipeline(visit, index: Path, rerun: Path) -> None:
    page = visit(index)
    change(page, PRICE, "3.42")
    change(page, H800, "3")
    after = ledger(page)
    again = pl.read_parquet(rerun / "audit/numbers.parquet")
    expected = {row["number_id"]: row for row in again.iter_rows(named=True)}
    new = [number_id for number_id, shown in after.items() if shown["state"] == "new"]
    assert len(new) > 40, "the stages, the runs, the sums, their ratios"
    for number_id in new:
        for part in ("value", "low", "high"):
            shown = after[number_id][part]
            if shown or part == "value":
                want = expected[number_id][part]
                assert math.isclose(read(shown), want, rel_tol=1e-9), (number_id, part)
    # what the page shows as unmoved has not moved in the pipeline either
    for number_id, shown in after.items():
        if shown["state"] == "" and (want := expected[number_id]["value"]) is not None:
            assert math.isclose(read(shown["value"]), want, rel_tol=1e-9, abs_tol=1e-12), number_id
    # left open is only what a rule may choose otherwise now, and what was made of that
    left = {number_id for number_id, shown in after.items() if shown["state"] == "open"}
    known = pl.read_parquet(index.parent / "numbers.parquet")
    for row in known.filter(pl.col("number_id").is_in(list(left))).iter_rows(named=True):
        assert row["selection"] or left & set(row["input_ids"]), row["number_id"]
    assert len(left) < 0.2 * len(new)
    assert read(after[WHOLE]["value"]) == 10_037_700


def test_every_cell_shows_what_the_pipeline_prints_at_that_price(
    visit, index: Path, rerun: Path
) -> None:
    page = visit(index)
    change(page, PRICE, "3.42")
    change(page, H800, "3")
    shown = page.evaluate(
        """() => [...document.querySelectorAll('#tables td:not(.text) > a[data-f]')].map((link) => [
            link.closest('section').id,
            link.closest('tr').cells[0].textContent,
            link.closest('td').cellIndex,
            link.textContent,
            link.className,
        ])"""
    )
    cells = pl.read_parquet(rerun / "tables/cells.parquet").filter(pl.col("row_id") != "words")
    # a figure keeps its unit on the page; the pipeline may choose another for another size
    units = pl.read_parquet(index.parent.parent / "tables/cells.parquet").select(*KEY, "unit")
    joined = cells.join(units, on=KEY, suffix="_before", validate="1:1")
    is_other = pl.col("unit").ne_missing(pl.col("unit_before"))
    rescaled = set(joined.filter(is_other)["row_label"])
    assert len(rescaled) < 10
    printed = set(cells.select("table", "row_label", "display").iter_rows())
    moved = [cell for cell in shown if cell[4] == "new"]
    assert len(moved) > 40
    settled = [cell for cell in shown if cell[4] != "open" and cell[1] not in rescaled]
    assert len(settled) > 0.8 * len(shown)
    assert [cell for cell in settled if (cell[0], cell[1], cell[3]) not in printed] == []
    book = page.locator("#price_books tr", has_text="DeepSeek's assumed $2")
    assert book.locator("a", has_text="10.04").count() == 1
    assert book.locator("del", has_text="5.87").count() == 1, "what was printed stays beside"


def test_words_change_with_their_numbers_or_step_back(visit, index: Path, rerun: Path) -> None:
    page = visit(index)
    change(page, PRICE, "3.42")
    title = page.evaluate(
        """() => {
            const title = document.querySelector('#training_cost h2').cloneNode(true);
            title.querySelectorAll('del').forEach((printed) => printed.remove());
            return title.textContent.trim();
        }"""
    )
    assert title in (rerun / "tables/training_cost.html").read_text(encoding="utf-8")
    assert "$10.04 million" in title
    chosen = page.locator("#price_books h2")
    assert "$5.87 million" in chosen.inner_text()
    assert "computed for the printed prices" in chosen.text_content()
    assert page.locator("#price_books .banner").is_visible()


def test_what_only_the_pipeline_can_follow_is_left_and_said(visit, index: Path) -> None:
    page = visit(index)
    stage = "v3.pre-training.usd_per_gpu_hour@h100-sxm-list"
    quotes = page.evaluate("id => NUMBERS[byId.get(id)].inputs.length", stage)
    assert quotes > 1, "a median of several quotes"
    moved = page.evaluate(
        """(id) => {
            const place = byId.get(id);
            const input = NUMBERS[place].inputs[0];
            const one = {value: 9, low: 9, high: 9};
            return recomputed(new Map([[input, one]]))[place];
        }""",
        stage,
    )
    assert moved["state"] == "open"
    open_number(page, "v3.pre-training.gpu_hours_printed")
    assert "change that line and run snakemake" in page.inner_text(PANEL)
    assert page.locator(f"{PANEL} form").count() == 0


def test_a_link_restores_what_was_changed(visit, index: Path) -> None:
    page = visit(index, permissions=["clipboard-read", "clipboard-write"])
    change(page, PRICE, "3.42")
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_function("document.querySelector('[role=status]').textContent.includes('link')")
    field = page.locator("#state input")
    link = field.input_value() if field.count() else page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(index.as_uri())
    other = visit(index, link.removeprefix(index.as_uri()))
    assert ledger(other) == ledger(page)
    assert other.inner_text(f"{PANEL} .id") == page.inner_text(f"{PANEL} .id")


def test_a_link_to_another_page_says_what_is_missing(visit, index: Path) -> None:
    page = visit(index, "#set=nobody.usd_per_gpu_hour@none=3")
    assert "nobody.usd_per_gpu_hour@none=3" in page.inner_text("[role=status]")


def test_printed_prices_bring_everything_back(visit, index: Path) -> None:
    page = visit(index)
    text = "document.querySelector('main').innerText"
    before = page.evaluate(text)
    change(page, PRICE, "3.42")
    assert page.evaluate(text) != before
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Printed prices").click()
    assert page.evaluate(text) == before
    assert page.evaluate("location.hash") in ("", "#")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("three", "Write a number"),
        ("3,42", "Write a number"),
        ("0", "must be at least 0.6"),
        ("-1", "must be at least 0.6"),
        ("16000", "must be at most 15"),
    ],
)
def test_what_the_pipeline_would_refuse_is_refused(
    visit, index: Path, typed: str, says: str
) -> None:
    page = visit(index)
    change(page, PRICE, typed)
    assert says in page.inner_text(f"{PANEL} [role=alert]")
    assert all(shown["state"] == "" for shown in ledger(page).values())


def test_one_who_listens_is_told(visit, index: Path) -> None:
    page = visit(index)
    open_number(page, WHOLE)
    panel = page.get_by_role("dialog")
    assert panel.get_attribute("aria-labelledby") == "panel-title"
    change(page, PRICE, "3.42")
    status = page.get_by_role("status")
    assert re.fullmatch(r"1 input changed: \d+ numbers recomputed.*", status.inner_text())
    struck = page.locator("#training_cost del").first
    assert struck.text_content().startswith("; printed: ")


SIGHTS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"color_scheme": "light", "viewport": {"width": 400, "height": 800}},
}


@pytest.mark.long
@pytest.mark.parametrize(
    ("sight", "is_changed"), [("dark", True), ("light", False), ("narrow", False)]
)
def test_accessibility(visit, index: Path, sight: str, is_changed: bool) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = visit(index, **SIGHTS[sight])
    if is_changed:
        change(page, PRICE, "3.42")
    # the rows of a table are alike, those of the ledger thousands: the first stand for all
    alike = "document.querySelectorAll('tr:nth-child(n+9)')"
    page.evaluate(f"{alike}.forEach((row) => row.remove())")
    results = axe.Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("width", [320, 400, 1440])
def test_the_page_itself_never_scrolls_sideways(visit, index: Path, width: int) -> None:
    page = visit(index, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_prints_the_tables_and_nothing_to_click(visit, index: Path) -> None:
    page = visit(index)
    change(page, PRICE, "3.42")
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.locator("#training_cost table").is_visible()
    for gone in (PANEL, "#state", "#ledger", "nav", "form"):
        assert not page.locator(gone).first.is_visible(), gone


def test_without_scripts_numbers_lead_to_their_entry(visit, index: Path) -> None:
    page = visit(index, java_script_enabled=False)
    link = page.locator("#training_cost h2 a", has_text="$5.87 million")
    link.click()
    entry = page.locator(f"tr{link.get_attribute('href')}")
    assert "v3-r1.total@deepseek-2usd" in entry.inner_text()
    assert "sum(cost_usd)" in entry.locator("xpath=ancestor::section[1]").inner_text()
    assert "5,328,000" in entry.inner_text()
    assert not page.locator("#assumptions form").count()


def test_every_formula_gives_on_the_page_what_is_printed(visit, index: Path) -> None:
    page = visit(index)
    formulas, strays = page.evaluate(
        """() => {
            const all = NUMBERS.filter((number) => number.way === WAY.formula);
            const strays = NUMBERS.flatMap((number, place) =>
                number.way === WAY.formula && !number.follows ? [idOf(place)] : []);
            return [all.length, strays];
        }"""
    )
    assert formulas > 50
    # whose bounds are those of the figure without its qualifier, which is no number of its own
    assert [each for each in strays if not each.endswith(".bare")] == []
