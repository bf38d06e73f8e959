"""Put the audit page together."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from traincost.page.graph import Graph
from traincost.page.ledger import assumptions, groups, sources
from traincost.page.sections import Drawn, Formats, sections
from traincost.ranges import Ranges
from traincost.tables.spec import PublishedTable

# in this order: each uses what stands before it
SCRIPTS = ("display.js", "formulas.js", "graph.js", "marks.js", "panel.js", "page.js")


def audit_page(
    tables: Iterable[PublishedTable],
    known: pl.DataFrame,
    books: pl.DataFrame,
    ranges: Ranges,
    pictures: Iterable[Drawn] = (),
) -> str:
    """The whole page as HTML; nothing in it is loaded from elsewhere.

    `known`: `numbers` as declared; `books`: validated; `ranges`: what prices may be. The page
    holds the numbers of tables and pictures and all they were made of, no others.
    """
    tables, pictures = list(tables), list(pictures)
    all_tables = [*tables, *(picture.table for picture in pictures)]
    shown = {table.name: [cell.number_id for cell in table.figures()] for table in all_tables}
    graph = Graph(known, shown, ranges)
    formats = Formats()
    loader = PackageLoader("traincost.page", "")
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = _source(loader, environment, "page.css")
    script = Markup("").join(_source(loader, environment, name) for name in SCRIPTS)
    labels = dict(books.select("book_id", "label").iter_rows())
    documents = sources(graph)
    told = sections(tables, pictures, graph, formats)
    return environment.get_template("page.html").render(
        sections=told,
        groups=groups(graph),
        assumptions=assumptions(graph, labels),
        sources=documents,
        documents={each.source_id: place for place, each in enumerate(documents)},
        many=len(graph.rows),
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        data=_inert_json({**graph.for_script(), "formats": formats.for_script()}),
    )


def _source(loader: BaseLoader, environment: Environment, name: str) -> Markup:
    """A file of ours as it stands: no template, not escaped."""
    return Markup(loader.get_source(environment, name)[0])


def _hash(text: str) -> str:
    """What the page's security policy admits this text by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _inert_json(data: Mapping[str, Any]) -> Markup:
    """JSON in which no text can end the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=True)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))
