"""Every cell of the published tables as rows."""

from __future__ import annotations

import pytest

from traincost.tables import BUILDERS
from traincost.tables.as_csv import to_csv
from traincost.tables.cells import WORDS, cells_frame
from unit.tables.worlds import table
from unit.world import standard


@pytest.mark.parametrize("name", BUILDERS)
def test_every_cell_and_every_number_in_words_is_a_row(name: str) -> None:
    shown = table(name, standard())
    cells = cells_frame([shown])
    in_table = cells.filter(cells["row_id"] != WORDS)
    assert len(in_table) == len(to_csv(shown).splitlines()) - 1
    said = cells.filter(row_id=WORDS)["display"].to_list()
    texts = [row.group for row in shown.rows]
    texts += [cell.display for row in shown.rows for cell in row.cells.values()]
    words = " ".join([shown.title, shown.subtitle, *shown.notes, *texts])
    assert said and all(display in words for display in said)


def test_a_bound_is_a_part_of_its_number() -> None:
    cells = cells_frame([table("training_cost", standard())])
    row = cells.filter(row_id="r1.total", column="cost_usd_low").row(0, named=True)
    assert (row["number_id"], row["part"]) == ("r1.total.cost_usd@deepseek-2usd", "low")
    assert (row["value"], row["display"]) == (291_000, "291,000")
