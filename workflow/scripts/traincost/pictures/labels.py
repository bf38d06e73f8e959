"""Names beside marks, none over another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from matplotlib.axes import Axes
from matplotlib.path import Path
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

# where a name may stand, from its mark: right, left, above, below, and between
PLACES = (
    (1.0, 0.0, "left", "center"),
    (-1.0, 0.0, "right", "center"),
    (0.0, 1.0, "center", "bottom"),
    (0.0, -1.0, "center", "top"),
    (0.8, 0.8, "left", "bottom"),
    (0.8, -0.8, "left", "top"),
    (-0.8, 0.8, "right", "bottom"),
    (-0.8, -0.8, "right", "top"),
)
# and further away
BETWEEN = tuple(
    (right, up, "left" if right > 0 else "right", "bottom" if up > 0 else "top")
    for right in (0.45, -0.45, 0.95, -0.95)
    for up in ((0.9, -0.9) if abs(right) < 0.5 else (0.35, -0.35))
)
DISTANCES = (5.0, 9.0)  # points
# for a name that must stand, tied to its mark by a line
FURTHER = (16.0, 24.0, 34.0, 46.0, 60.0, 76.0)
CLEARANCE = 3.0  # points from other marks
PADDING = 1.0  # pixels
BETWEEN_NAMES = 7.0  # pixels, so that two do not read as one

Place = tuple[float, float, str, str]


@dataclass(frozen=True)
class Mark:
    """A mark to be named: its place in data, its half size in points, and how the name looks.

    A name that `is_wanted` may stand further away, tied to its mark by a line.
    """

    name: str
    x: float
    y: float
    color: str
    half_size: float = 3.0
    points: float = 7.0
    weight: str = "normal"
    is_wanted: bool = False


@dataclass
class Sheet:
    """What is on the axes already, in pixels: words, bars, and lines from words to marks."""

    boxes: list[Bbox]
    bars: list[Bbox]
    lines: list[Path] = field(default_factory=list)

    def hits(self, box: Bbox, line: Path | None) -> bool:
        """Whether a name in this box, tied by this line, would touch anything."""
        return (
            any(box.overlaps(other) for other in (*self.boxes, *self.bars))
            or any(other.intersects_bbox(box, filled=False) for other in self.lines)
            or (line is not None and any(line.intersects_bbox(other) for other in self.boxes))
            or (line is not None and any(line.intersects_path(other) for other in self.lines))
        )

    def add(self, box: Bbox, line: Path | None) -> None:
        """Keep a name's box and line free of later names."""
        self.boxes.append(box.padded(BETWEEN_NAMES, 0))
        self.lines += [line] if line is not None else []


def name_marks(
    axes: Axes, marks: Iterable[Mark], words: Iterable[Bbox] = (), bars: Iterable[Bbox] = ()
) -> list[str]:
    """Write the names of marks, in order, where they hit nothing; the names that found no place.

    `words`, `bars`: what is on the axes already, in pixels; a line to a mark may
    cross a bar. A name is nearer to its own mark than to any other.
    """
    marks, sheet = list(marks), Sheet(list(words), list(bars))
    return [mark.name for mark in marks if not _is_named(axes, mark, marks, sheet)]


def _is_named(axes: Axes, mark: Mark, marks: list[Mark], sheet: Sheet) -> bool:
    renderer = axes.figure.canvas.get_renderer()
    inside = axes.get_window_extent(renderer)
    others = [other for other in marks if other is not mark]
    near = [_box_of(axes, mark, 0), *(_box_of(axes, other, CLEARANCE) for other in others)]
    crossed = [_box_of(axes, other, 0) for other in others]
    for distance, place in _tries(mark):
        text = _written(axes, mark, distance, place)
        text.update_positions(renderer)
        # of the words alone, without the line to the mark
        box = Text.get_window_extent(text, renderer).padded(PADDING)
        line = _line(axes, mark, box) if distance in FURTHER else None
        is_inside = inside.contains(box.x0, box.y0) and inside.contains(box.x1, box.y1)
        is_near = any(box.overlaps(other) for other in near)
        crosses = line is not None and any(line.intersects_bbox(other) for other in crossed)
        if is_inside and not is_near and not crosses and not sheet.hits(box, line):
            sheet.add(box, line)
            return True
        text.remove()
    return False


def _tries(mark: Mark) -> Iterator[tuple[float, Place]]:
    yield from ((distance, place) for distance in DISTANCES for place in PLACES)
    if mark.is_wanted:
        yield from ((distance, place) for distance in FURTHER for place in (*PLACES, *BETWEEN))


def _written(axes: Axes, mark: Mark, distance: float, place: Place) -> Annotation:
    right, up, ha, va = place
    line = {"arrowstyle": "-", "color": mark.color, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 4}
    return axes.annotate(
        mark.name,
        (mark.x, mark.y),
        (right * distance, up * distance),
        textcoords="offset points",
        ha=ha,
        va=va,
        fontsize=mark.points,
        fontweight=mark.weight,
        color=mark.color,
        annotation_clip=False,
        arrowprops=line if distance in FURTHER else None,
        zorder=6,
    )


def _line(axes: Axes, mark: Mark, box: Bbox) -> Path:
    """From a mark to the middle of its name's box."""
    middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    return Path([axes.transData.transform((mark.x, mark.y)), middle])


def _box_of(axes: Axes, mark: Mark, clearance: float) -> Bbox:
    x, y = axes.transData.transform((mark.x, mark.y))
    half = (mark.half_size + clearance) * axes.figure.dpi / 72
    return Bbox.from_extents(x - half, y - half, x + half, y + half)
