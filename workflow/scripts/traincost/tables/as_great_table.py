"""A published table as a web page, by great-tables.

Cells arrive as strings: nothing is rounded here. great-tables escapes the text
of the table; title and notes stand around it, so that they wrap on a narrow
screen while the table scrolls, and are escaped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import polars as pl
from great_tables import GT, html, loc, style

from traincost import display
from traincost.tables.spec import PublishedTable

INK, MUTED, RULE, HAIRLINE = "#1a1a1a", "#666666", "#1a1a1a", "#999999"
FONTS = ["Source Sans 3", "Helvetica Neue", "Helvetica", "Arial", "Liberation Sans", "sans-serif"]

# letters of a column of words that go on one line, that may never break, and how wide one is
WIDEST_TEXT, SHORT_TEXT, LETTER_EM = 30, 14, 0.5
# a long table is set smaller, with less between its columns; its line, of which columns of
# words take shares, is as long as a window of 1280 pixels is wide
DENSE_PX, DENSE_GAP, DENSE_LINE_EM = "12px", "4px", 98

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ margin: 2.5rem auto; max-width: {width}; padding: 0 1.25rem; background: #fff;
  color: {ink}; font: 14px/1.4 {fonts}; }}
h1 {{ margin: 0 0 .3rem; font-size: 1.45rem; line-height: 1.2; font-weight: 600;
  letter-spacing: -.005em; text-wrap: balance; }}
.subtitle {{ margin: 0 0 .5rem; color: {muted}; text-wrap: pretty; }}
.notes {{ margin-top: .7rem; max-width: 62rem; font-size: 12px; color: {muted}; }}
.notes p {{ margin: 0 0 .3rem; overflow-wrap: anywhere; }}
main table {{ font-variant-numeric: tabular-nums lining-nums; }}
main #{name} .gt_row {{ vertical-align: baseline; line-height: 1.3; }}
main #{name} .gt_right {{ white-space: nowrap; }}
main #{name} .gt_col_heading {{ white-space: normal; }}
.word {{ white-space: nowrap; }}
main #{name} .gt_column_spanner {{ border-bottom-color: {hairline}; }}
main #{name} :is(td, th).gt_left:not(:first-child) {{ padding-left: 1.2rem; }}
main #{name} tr > :first-child {{ padding-left: 0; }}
main #{name} .gt_stub {{ min-width: {stub}em; }}
main #{name} .gt_group_heading {{ padding-top: .9rem; }}
main #{name} tr:first-child > .gt_group_heading {{ padding-top: .4rem; }}
main #{name} .gt_group_heading_row ~ tr > .gt_stub {{ padding-left: .9rem; }}
main #{name} :is(tbody tr, tr:first-child) > .gt_right:last-child {{ padding-right: 0; }}
main #{name} tbody tr:last-child > * {{ padding-bottom: 8px; }}
@media (max-width: 60rem) {{
  body {{ margin: 1.25rem auto; padding: 0 1rem; font-size: 13px; }}
  h1 {{ font-size: 1.2rem; }}
  main #{name} .gt_stub {{ min-width: 8.5rem; }}
  main #{name} :is(.gt_stub, thead .gt_left:first-child) {{ position: sticky; left: 0; }}
}}
@media print {{ body {{ margin: 0; max-width: none; }} }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p class="subtitle">{subtitle}</p>
{table}
<div class="notes">
{notes}
</div>
</main>
</body>
</html>
"""


def to_html(table: PublishedTable) -> str:
    """A self-contained page: no script, nothing loaded."""
    return PAGE.format(
        name=table.name,
        title=escape(table.title),
        subtitle=escape(table.subtitle),
        table=_styled(_laid_out(table), table).as_raw_html().strip(),
        notes="\n".join(f"<p>{escape(note)}</p>" for note in table.notes),
        stub=_stub_width(table),
        width="92rem" if table.is_long else "76rem" if len(table.columns) > 8 else "62rem",
        fonts=", ".join(f'"{font}"' if " " in font else font for font in FONTS),
        ink=INK,
        muted=MUTED,
        hairline=HAIRLINE,
    )


def _laid_out(table: PublishedTable) -> GT:
    texts = [column.key for column in table.columns if column.is_text]
    numbers = [column.key for column in table.columns if not column.is_text]
    is_grouped = any(row.group for row in table.rows)
    frame = pl.DataFrame(
        [
            {"_group": row.group, "_stub": row.label}
            | {column.key: row.cells[column.key].display for column in table.columns}
            for row in table.rows
        ],
        schema=dict.fromkeys(
            ("_group", "_stub", *(column.key for column in table.columns)), pl.String
        ),
    )
    laid_out = (
        GT(
            frame if is_grouped else frame.drop("_group"),
            id=table.name,
            rowname_col="_stub",
            groupname_col="_group" if is_grouped else None,
        )
        .tab_stubhead(table.stub_label)
        .cols_label({column.key: _unbroken(column.label) for column in table.columns})
        .cols_align("right", columns=numbers)
        .cols_align("left", columns=texts)
    )
    for spanner in dict.fromkeys(column.spanner for column in table.columns if column.spanner):
        under = [column.key for column in table.columns if column.spanner == spanner]
        laid_out = laid_out.tab_spanner(_unbroken(spanner), columns=under, id=spanner)
    return laid_out


def _least_width(texts: Sequence[str]) -> float:
    """Width in em that leaves most texts on one line, or on few."""
    letters = max((len(text) for text in texts), default=0)
    return min(letters, WIDEST_TEXT) * LETTER_EM


def _stub_width(table: PublishedTable) -> float:
    if table.stub_width:
        return table.stub_width * DENSE_LINE_EM
    return _least_width([row.label for row in table.rows])


def _unbroken(label: str) -> Any:
    """A heading that breaks between words only; browsers would break after a hyphen, too."""
    words = (f'<span class="word">{escape(word)}</span>' for word in label.split())
    return html(" ".join(words))


def _styled(laid_out: GT, table: PublishedTable) -> GT:
    totals = [place for place, row in enumerate(table.rows) if row.is_total]
    bold, muted = style.text(weight="600"), style.text(color=MUTED, weight="normal")
    laid_out = laid_out.tab_style(bold, [loc.body(rows=totals), loc.stub(rows=totals)])
    for column in table.columns:
        if column.is_text:
            texts = [row.cells[column.key].display for row in table.rows]
            longest = max((len(text) for text in texts), default=0)
            least = column.width * DENSE_LINE_EM or _least_width(texts)
            width = style.css(f"min-width: {least:g}em;")
            laid_out = laid_out.tab_style(width, loc.column_labels(columns=column.key))
            if longest <= SHORT_TEXT and not column.width:
                whole = style.css("white-space: nowrap;")
                laid_out = laid_out.tab_style(whole, loc.body(columns=column.key))
        symbols = [
            place
            for place, row in enumerate(table.rows)
            if column.is_bound or row.cells[column.key].display in display.LEGEND
        ]
        laid_out = laid_out.tab_style(muted, loc.body(columns=column.key, rows=symbols))
    return _ruled(laid_out, table)


def _ruled(laid_out: GT, table: PublishedTable) -> GT:
    """Rules at top, head and bottom; the rest is white."""
    gap = DENSE_GAP if table.is_long else "8px"
    return laid_out.tab_options(
        table_width="100%",
        table_font_names=FONTS,
        table_font_size=DENSE_PX if table.is_long else "inherit",
        table_font_color=INK,
        table_border_top_style="none",
        table_border_bottom_style="none",
        container_padding_y="0px",
        column_labels_font_size="inherit",
        column_labels_font_weight="600",
        column_labels_border_top_color=RULE,
        column_labels_border_top_width="1.5px",
        column_labels_border_bottom_color=RULE,
        column_labels_border_bottom_width="1px",
        row_group_font_weight="600",
        row_group_padding="4px",
        row_group_border_top_style="none",
        row_group_border_bottom_style="none",
        row_group_background_color="#ffffff",
        table_body_hlines_style="none",
        table_body_border_top_style="none",
        table_body_border_bottom_color=RULE,
        table_body_border_bottom_width="1.5px",
        stub_border_style="none",
        data_row_padding="4px",
        data_row_padding_horizontal=gap,
        column_labels_padding_horizontal=gap,
    )
