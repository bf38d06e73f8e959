"""The numbers and cells of a results folder, by id."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from traincost.errors import UserError, nearest

Number = Mapping[str, Any]


class Ledger:
    """What `audit/numbers.parquet` and `tables/cells.parquet` of a results folder hold."""

    def __init__(self, results: Path) -> None:
        self.results = results
        self.numbers: dict[str, Number] = {
            row["number_id"]: row for row in self._rows("audit/numbers.parquet")
        }

    def _rows(self, name: str) -> list[dict[str, Any]]:
        import pyarrow.parquet as pq

        path = self.results / name
        if not path.is_file():
            raise UserError(f"{path} is missing: run snakemake to build the results first")
        try:
            return pq.read_table(path, use_threads=False).to_pylist()
        except OSError as error:
            raise UserError(f"{path} cannot be read as Parquet: {error}") from None

    @cached_property
    def cells(self) -> list[dict[str, Any]]:
        """Every cell of every published table."""
        return self._rows("tables/cells.parquet")

    @cached_property
    def users(self) -> dict[str, list[str]]:
        """For each number, the numbers made directly of it."""
        found: dict[str, list[str]] = {}
        for number_id, number in self.numbers.items():
            for input_id in dict.fromkeys(number["input_ids"]):
                found.setdefault(input_id, []).append(number_id)
        return found

    def number(self, number_id: str) -> Number:
        """A number by its id; `:low` or `:high` behind it may stay.

        Raises UserError with the nearest ids.
        """
        bare = number_id.removesuffix(":low").removesuffix(":high")
        if bare in self.numbers:
            return self.numbers[bare]
        of_books = [known for known in self.numbers if known.startswith(f"{bare}@")]
        if of_books:
            listed = "\n".join(f"  {known}" for known in of_books)
            raise UserError(f"{number_id} depends on the price book; ask for one of:\n{listed}")
        raise UserError(f"there is no number {number_id}{nearest(bare, self.numbers)}")

    def at(self, table: str, row: str, column: str) -> Number:
        """The number in a cell of a published table; a row by its id or its label.

        Raises UserError that names what there is instead.
        """
        cells = self._matching(self.cells, "table", table, ("table",))
        cells = self._matching(cells, "row", row, ("row_id", "row_label"))
        (cell,) = self._matching(cells, "column", column, ("column",))[:1]
        if cell["number_id"] is None:
            raise UserError(f"that cell holds no number: {cell['display']}")
        return self.number(cell["number_id"])

    def _matching(
        self, cells: list[dict[str, Any]], what: str, wanted: str, keys: tuple[str, ...]
    ) -> list[dict[str, Any]]:
        found = [cell for cell in cells if wanted in [cell[key] for key in keys]]
        if not found:
            known = dict.fromkeys(str(cell[keys[0]]) for cell in cells)
            listed = ", ".join(known)
            raise UserError(f"there is no {what} {wanted}{nearest(wanted, known)}; known: {listed}")
        return found
