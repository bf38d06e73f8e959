"""The published pages in a browser, wide and narrow."""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from unit.tables.dressed import HOSTILE, hostile_table
from unit.tables.worlds import users_table

from traincost.tables import BUILDERS
from traincost.tables.as_great_table import to_html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# what a user's prices and assumptions move are no builders of their own
TABLES = (*BUILDERS, "price_change", "assumption_change")
pytestmark = [
    pytest.mark.chromium,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed"),
]

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # no name is looked up, neither for the page nor for Chromium itself
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--enable-logging=stderr",
    "--virtual-time-budget=2000",
)

# The page in a frame of the given width, since a window of Chromium has a least width; then
# what the frame holds, as JSON.
FRAME = """<!DOCTYPE html><meta charset="utf-8"><body>
<iframe id="frame" width="{width}" height="900" style="border:0" srcdoc="{page}"></iframe>
<pre id="told"></pre>
<script>
frame.onload = () => {{
  const page = frame.contentDocument, root = page.documentElement;
  const box = (element) => element.getBoundingClientRect();
  told.textContent = JSON.stringify({{
    width: frame.contentWindow.innerWidth,
    pageWidth: root.scrollWidth,
    table: box(page.querySelector('table')).width,
    container: box(page.querySelector('table').parentElement).width,
    blocks: [...page.querySelectorAll('h1, .subtitle, .notes p')].map((e) => box(e).right),
    cells: [...page.querySelectorAll('tbody td')].map((e) => [box(e).width, box(e).height]),
    cut: [...page.querySelectorAll('td, th')]
      .filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.innerText),
    stub: [...page.querySelectorAll('.gt_stub')].map((e) => getComputedStyle(e).position),
    words: page.body.innerText,
    loaded: frame.contentWindow.performance.getEntriesByType('resource').map((e) => e.name),
    loaders: page.querySelectorAll('script, img, link, iframe, object').length,
  }});
}};
</script>
"""


def seen(page: str, width: int, folder: Path) -> dict:
    """What Chromium makes of a page; an error on its console fails the test."""
    file = folder / "frame.html"
    file.write_text(FRAME.format(width=width, page=html.escape(page)), encoding="utf-8")
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [CHROMIUM, *OPTIONS, f"--user-data-dir={profile}", "--dump-dom", file.as_uri()],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert not re.findall(r".*:CONSOLE.*", done.stderr)
    told = re.search(r'<pre id="told">(.+?)</pre>', done.stdout, re.DOTALL)
    assert told, done.stderr
    return json.loads(html.unescape(told[1]))


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("width", [1280, 400])
def test_a_page_is_shown_whole_and_loads_nothing(
    built: Path, tmp_path: Path, name: str, width: int
) -> None:
    page = (built / f"results/tables/{name}.html").read_text(encoding="utf-8")
    found = seen(page, width, tmp_path)
    assert found["width"] == width
    assert (found["loaded"], found["loaders"]) == ([], 0)
    assert found["pageWidth"] <= width, "the page itself never scrolls sideways"
    assert all(right <= width for right in found["blocks"]), "title and notes wrap"
    assert any(word in found["words"] for word in ("DeepSeek", "V3 and R1", "nothing moved"))
    # empty as long as there are no prices or assumptions of a user's own
    if name not in ("price_change", "assumption_change"):
        assert found["cells"] and "Sources:" in found["words"]
        with (built / f"results/tables/{name}.csv").open(encoding="utf-8", newline="") as lines:
            shown = {line["display"] for line in csv.DictReader(lines) if line["value"]}
        assert shown and {each for each in shown if each not in found["words"]} == set()
    assert found["cut"] == [], "no word or figure is cut off"
    assert all(cell_width > 10 and height > 10 for cell_width, height in found["cells"])
    # text in a narrow column never makes a row as high as a screen
    assert max((height for _, height in found["cells"]), default=0) < 120
    if width == 1280:
        assert found["table"] <= found["container"] + 0.5, "nothing to scroll"
    else:
        assert set(found["stub"]) == ({"sticky"} if found["cells"] else set()), (
            "the first column stays in view"
        )


def test_a_long_page_with_words_in_many_columns_fits(tmp_path: Path) -> None:
    found = seen(to_html(users_table()), 1280, tmp_path)
    assert len(found["cells"]) > 400
    assert found["table"] <= found["container"] + 0.5
    assert max(height for _, height in found["cells"]) < 120


def test_every_page_built_is_opened(built: Path) -> None:
    there = sorted(path.stem for path in (built / "results/tables").glob("*.html"))
    assert there == sorted(TABLES)


def test_hostile_words_are_shown_and_not_run(tmp_path: Path) -> None:
    text = " ".join(HOSTILE)
    found = seen(to_html(hostile_table(text)), 1280, tmp_path)
    assert (found["loaded"], found["loaders"]) == ([], 0)
    assert found["words"].count(" ".join(text.split())) >= 5


def test_the_measuring_sees_what_it_looks_for(tmp_path: Path) -> None:
    page = to_html(hostile_table("x"))
    image = page.replace("</main>", '<img src="http://x.invalid/x.png"></main>')
    assert seen(image, 400, tmp_path)["loaded"] == ["http://x.invalid/x.png"]
    wide = page.replace("<h1>", '<h1 style="width: 900px">')
    assert seen(wide, 400, tmp_path)["pageWidth"] > 900
    narrow = page.replace("<table ", '<table style="table-layout: fixed; width: 30px" ')
    assert seen(narrow, 400, tmp_path)["cut"]
    logging = page.replace("</main>", "<script>console.error('seen')</script></main>")
    with pytest.raises(AssertionError, match="CONSOLE"):
        seen(logging, 400, tmp_path)
