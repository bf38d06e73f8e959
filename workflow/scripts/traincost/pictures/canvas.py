"""The sheet a picture is drawn on, and the picture as SVG and PNG.

Drawn by matplotlib without a window or a browser. Fonts come with matplotlib, and
letters are drawn as shapes, so that a picture is the same on every screen; dates
and random ids are left out, so that it is the same from build to build.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from html import escape
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from traincost.pictures.spec import Picture
from traincost.tables.spec import PublishedTable

INK, MUTED, RULE, GRID = "#1a1a1a", "#5a5a5a", "#8a8a8a", "#e4e4e4"
# colours that people with any kind of colour vision tell apart (Okabe and Ito)
BLUE, ORANGE, GREEN = "#0072b2", "#e69f00", "#009e73"
VERMILION, PURPLE, SKY = "#d55e00", "#cc79a7", "#56b4e9"

STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "text.color": INK,
    "axes.edgecolor": RULE,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "hatch.linewidth": 0.7,
    "svg.hashsalt": "traincost",
}
DPI = 160
MARGIN = 0.35  # inches
LINE = 1.35  # of the size of the letters
POINTS_PER_INCH = 72
# Verdana has its widths
LIKE_DEJAVU = "'DejaVu Sans', Verdana, sans-serif"

Draw = Callable[[Axes, PublishedTable], None]


def drawn(picture: Picture, draw: Draw, size: tuple[float, float], left: float) -> Figure:
    """A sheet of `size` inches with title, subtitle, the drawing and notes.

    `left`: inches that the drawing leaves for names at its side.
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=size, dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)
        table = picture.table
        top = _written(figure, table.title, size[1] - MARGIN, 13, weight="bold")
        top = _written(figure, table.subtitle, top - 0.06, 9, color=MUTED)
        bottom = _written_up(figure, table.notes, MARGIN, 7.5)
        axes = figure.add_axes(_box(size, left, bottom + 0.62, size[0] - MARGIN, top - 0.2))
        draw(axes, table)
    return figure


def to_png(figure: Figure, picture: Picture) -> bytes:
    """The picture as PNG; title and words for it in its metadata."""
    words = {"Software": None, "Title": picture.table.title, "Description": picture.alt}
    return _saved(figure, "png", words)


def to_svg(figure: Figure, picture: Picture, letters: str = "path") -> bytes:
    """The picture as SVG; title and words for it are read out in its place.

    `letters`: drawn as `path`, the same everywhere; or `none`: left to the fonts of
    the reader, a quarter of the bytes.
    """
    drawing = _saved(figure, "svg", {"Date": None, "Creator": None}, letters).decode()
    drawing = drawing.replace("'DejaVu Sans'", LIKE_DEJAVU)
    name = picture.table.name
    start = f'<svg role="img" aria-labelledby="{name}-title {name}-desc" '
    words = (
        f'<title id="{name}-title">{escape(picture.table.title)}</title>\n'
        f' <desc id="{name}-desc">{escape(picture.alt)}</desc>\n '
    )
    head, body = drawing.split("<svg ", 1)
    attributes, rest = body.split(">", 1)
    return f"{head}{start}{attributes}>\n {words}{rest.lstrip()}".encode()


def _saved(
    figure: Figure, form: str, metadata: dict[str, str | None], letters: str = "path"
) -> bytes:
    buffer = io.BytesIO()
    with matplotlib.rc_context(STYLE | {"svg.fonttype": letters}):
        figure.savefig(buffer, format=form, dpi=DPI, metadata=metadata)
    return buffer.getvalue()


def measured(figure: Figure, text: str, points: float, weight: str = "normal") -> float:
    """Width of a text, in inches."""
    # dollars are dollars, and no formula between them
    drawn_text = figure.text(0, 0, text, fontsize=points, fontweight=weight, parse_math=False)
    width = drawn_text.get_window_extent(figure.canvas.get_renderer()).width / figure.dpi
    drawn_text.remove()
    return width


def wrapped(
    figure: Figure, text: str, width: float, points: float, weight: str = "normal"
) -> list[str]:
    """Lines of a text no wider than `width` inches, unless a single word is."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measured(figure, longer, points, weight) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _written(
    figure: Figure, text: str, top: float, points: float, weight: str = "normal", color: str = INK
) -> float:
    """Write lines from `top` inches down; where they end."""
    width, height = figure.get_size_inches()
    for line in wrapped(figure, text, width - 2 * MARGIN, points, weight):
        figure.text(
            MARGIN / width,
            top / height,
            line,
            fontsize=points,
            fontweight=weight,
            color=color,
            va="top",
            parse_math=False,
        )
        top -= points * LINE / POINTS_PER_INCH
    return top


def _written_up(figure: Figure, notes: tuple[str, ...], bottom: float, points: float) -> float:
    """Write the notes so that they end at `bottom` inches; where they begin."""
    width = figure.get_size_inches()[0] - 2 * MARGIN
    lines = [line for note in notes for line in wrapped(figure, note, width, points)]
    top = bottom + len(lines) * points * LINE / POINTS_PER_INCH
    for place, line in enumerate(lines):
        height = top - place * points * LINE / POINTS_PER_INCH
        _line(figure, line, height, points)
    return top


def _line(figure: Figure, text: str, top: float, points: float) -> None:
    width, height = figure.get_size_inches()
    place = (MARGIN / width, top / height)
    figure.text(*place, text, fontsize=points, color=MUTED, va="top", parse_math=False)


def _box(
    size: tuple[float, float], left: float, bottom: float, right: float, top: float
) -> tuple[float, float, float, float]:
    """A box given in inches as shares of the sheet: left, bottom, width, height."""
    width, height = size
    return left / width, bottom / height, (right - left) / width, (top - bottom) / height
