"""A published table as HTML and LaTeX, by great-tables.

Cells arrive as strings: nothing is rounded here. great-tables escapes text for
both formats; notes are given as plain text, never as Markdown.
"""

from __future__ import annotations

import html
import warnings

import polars as pl
from great_tables import GT, loc, style

from traincost import display
from traincost.tables.spec import PublishedTable

INK, MUTED, RULE = "#1a1a1a", "#5a5a5a", "#1a1a1a"
FONTS = ["Source Sans 3", "Source Sans Pro", "Helvetica Neue", "Arial", "sans-serif"]

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body {{ margin: 2rem auto; max-width: {width}; padding: 0 1rem; background: #fff; }}
table td.gt_row, table th.gt_stub {{ font-variant-numeric: tabular-nums lining-nums; }}
@media print {{ body {{ margin: 0; }} }}</style>
</head>
<body>
{table}
</body>
</html>
"""


def to_html(table: PublishedTable) -> str:
    """A self-contained page: no script, nothing loaded."""
    body = _styled(_laid_out(table), table).as_raw_html()
    width = "72rem" if len(table.columns) > 8 else "60rem"
    return PAGE.format(title=html.escape(table.title), width=width, table=body.strip())


def to_latex(table: PublishedTable) -> str:
    """A `table` environment; needs the packages booktabs and caption."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        latex = _laid_out(table).as_latex()
    return latex.strip().replace("∞", r"$\infty$") + "\n"


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
        .tab_header(title=table.title, subtitle=table.subtitle)
        .tab_stubhead(table.stub_label)
        .cols_label({column.key: column.label for column in table.columns})
        .cols_align("right", columns=numbers)
        .cols_align("left", columns=texts)
    )
    for spanner in dict.fromkeys(column.spanner for column in table.columns if column.spanner):
        under = [column.key for column in table.columns if column.spanner == spanner]
        laid_out = laid_out.tab_spanner(label=spanner, columns=under)
    for note in table.notes:
        laid_out = laid_out.tab_source_note(note)
    return laid_out


def _styled(laid_out: GT, table: PublishedTable) -> GT:
    totals = [place for place, row in enumerate(table.rows) if row.is_total]
    bold = style.text(weight="600")
    laid_out = laid_out.tab_style(bold, loc.body(rows=totals))
    muted = style.text(color=MUTED, weight="normal")
    for column in table.columns:
        symbols = [
            place
            for place, row in enumerate(table.rows)
            if row.cells[column.key].display in display.LEGEND
        ]
        laid_out = laid_out.tab_style(muted, loc.body(columns=column.key, rows=symbols))
    return (
        laid_out.tab_style(bold, loc.stub(rows=totals))
        .tab_style(style.text(color=INK, weight="600"), loc.title())
        .tab_options(
            table_width="100%",
            table_font_names=FONTS,
            table_font_size="14px",
            table_font_color=INK,
            heading_align="left",
            heading_title_font_size="20px",
            heading_subtitle_font_size="14px",
            heading_padding="4px",
            heading_padding_horizontal="0px",
            heading_border_bottom_style="none",
            table_border_top_style="none",
            table_border_bottom_color=RULE,
            table_border_bottom_width="1px",
            column_labels_font_size="13px",
            column_labels_font_weight="600",
            column_labels_border_top_color=RULE,
            column_labels_border_top_width="1.5px",
            column_labels_border_bottom_color=RULE,
            column_labels_border_bottom_width="1px",
            row_group_font_weight="600",
            row_group_padding="8px",
            row_group_border_top_style="none",
            row_group_border_bottom_style="none",
            row_group_background_color="#ffffff",
            table_body_hlines_style="none",
            table_body_border_top_style="none",
            table_body_border_bottom_color=RULE,
            table_body_border_bottom_width="1.5px",
            stub_border_style="none",
            data_row_padding="5px",
            source_notes_font_size="12px",
            source_notes_padding="3px",
            source_notes_padding_horizontal="0px",
        )
    )
