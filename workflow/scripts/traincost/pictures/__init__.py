"""Pictures: a table of marks each, and what draws it.

`DRAWINGS` maps a picture's name to what builds and draws it; a new picture is one
entry here and one module beside it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from traincost.pictures import cost_marks, cost_over_time, factors, swings
from traincost.pictures.canvas import Draw, drawn, to_png, to_svg
from traincost.pictures.spec import Picture
from traincost.tables.as_csv import to_csv

Builder = Callable[[Mapping[str, pl.DataFrame], Mapping[str, str]], Picture]


@dataclass(frozen=True)
class Drawing:
    """What builds a picture, what draws it, its size and the room at its left, in inches."""

    build: Builder
    draw: Draw
    size: tuple[float, float]
    left: float


DRAWINGS: dict[str, Drawing] = {
    "cost_over_time": Drawing(cost_over_time.cost_over_time, cost_marks.draw, (10, 8.4), 1.05),
    "factors": Drawing(factors.factors, factors.draw, (10, 7.6), 1.5),
    "swings": Drawing(swings.swings, swings.draw, (10, 5.2), 2.6),
}


def built_pictures(
    layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]
) -> dict[str, Picture]:
    """All pictures by name, not yet drawn. `layers`: by `layer.name`; `files`: file to SHA-256."""
    return {name: drawing.build(layers, files) for name, drawing in DRAWINGS.items()}


def lettered(name: str, picture: Picture) -> str:
    """The picture as SVG whose letters are text, for a page."""
    drawing = DRAWINGS[name]
    figure = drawn(picture, drawing.draw, drawing.size, drawing.left)
    return to_svg(figure, picture, letters="none").decode()


def dressed(name: str, picture: Picture) -> dict[str, bytes]:
    """The picture as `svg` and `png`, its marks as `csv`, and as `txt` what to say in its place."""
    drawing = DRAWINGS[name]
    figure = drawn(picture, drawing.draw, drawing.size, drawing.left)
    return {
        "svg": to_svg(figure, picture),
        "png": to_png(figure, picture),
        "csv": to_csv(picture.table).encode(),
        "txt": f"{picture.alt}\n".encode(),
    }
