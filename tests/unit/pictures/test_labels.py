"""Names beside marks: none over another, the wanted ones tied by a line."""

from __future__ import annotations

from itertools import pairwise

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from traincost.pictures.labels import FURTHER, Mark, name_marks


@pytest.fixture
def axes():
    figure = Figure(figsize=(6, 4), dpi=100)
    FigureCanvasAgg(figure)
    found = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    found.set_xlim(0, 100)
    found.set_ylim(0, 100)
    return found


def boxes(axes) -> dict[str, object]:
    renderer = axes.figure.canvas.get_renderer()
    return {text.get_text(): Text.get_window_extent(text, renderer) for text in axes.texts}


def mark(name: str, x: float, y: float, **more) -> Mark:
    return Mark(name, x, y, "black", **more)


def test_a_lone_mark_is_named_at_its_right(axes) -> None:
    assert name_marks(axes, [mark("alone", 50, 50)]) == []
    box = boxes(axes)["alone"]
    x, y = axes.transData.transform((50, 50))
    assert box.x0 > x and box.y0 < y < box.y1


def test_at_the_right_edge_the_name_stands_elsewhere(axes) -> None:
    assert name_marks(axes, [mark("a long name", 99, 50)]) == []
    assert boxes(axes)["a long name"].x1 <= axes.get_window_extent().x1


def test_no_name_lies_over_another_however_dense(axes) -> None:
    marks = [mark(f"mark {n}", 48 + n % 7, 46 + n // 7) for n in range(49)]
    unnamed = name_marks(axes, marks)
    found = list(boxes(axes).values())
    assert len(found) + len(unnamed) == 49 and unnamed and found
    for place, box in enumerate(found):
        assert not any(box.overlaps(other) for other in found[place + 1 :])


def test_a_wanted_name_finds_a_place_further_away_and_a_line(axes) -> None:
    crowd = [mark(f"c{n}", 40 + 3 * (n % 8), 40 + 3 * (n // 8)) for n in range(64)]
    assert name_marks(axes, [mark("wanted", 50, 50, is_wanted=True), *crowd]) != ["wanted"]
    (text,) = [text for text in axes.texts if text.get_text() == "wanted"]
    assert text.arrow_patch is not None
    assert max(map(abs, text.get_position())) in [
        pytest.approx(distance * factor) for distance in FURTHER for factor in (1, 0.95, 0.9, 0.8)
    ]


def test_words_and_bars_stay_free(axes) -> None:
    x, y = axes.transData.transform((50, 50))
    from matplotlib.transforms import Bbox

    right = Bbox.from_extents(x + 5, y - 20, x + 200, y + 20)
    name_marks(axes, [mark("name", 50, 50)], words=[right])
    assert not boxes(axes)["name"].overlaps(right)


def test_the_order_of_marks_decides_who_is_named(axes) -> None:
    close = [mark(name, 50 + 0.1 * n, 50) for n, name in enumerate(["first", "second", "third"])]
    for one, other in pairwise(close):
        assert one.x < other.x
    unnamed = name_marks(axes, close)
    assert "first" not in unnamed or set(unnamed) == {"first", "second", "third"}
