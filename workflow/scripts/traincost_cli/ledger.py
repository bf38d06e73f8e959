"""The numbers and cells of a results folder, by id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from traincost.errors import UserError, nearest
from traincost_cli import rung
from traincost_cli.printed import is_printed_so

Number = Mapping[str, Any]
Cell = Mapping[str, Any]

NUMBERS, CELLS = "audit/numbers.parquet", "tables/cells.parquet"
LADDER, SOURCES = "estimates/scope_ladder.parquet", "validated/sources.parquet"
RECORD = "audit/provenance.json"
REBUILD = "run snakemake to build the results anew"
# without these a file is of another version
NEEDED = {
    NUMBERS: {"number_id", "value", "formula", "input_ids", "input_names", "considered_ids"},
    CELLS: {"table", "row_id", "row_label", "column", "number_id", "part", "value", "display"},
    LADDER: {"rung_id", "label", "basis", "evidence", "file", "line", "source_id"},
    SOURCES: {"source_id", "title", "address"},
}


class Ledger:
    """What `audit/numbers.parquet` and `tables/cells.parquet` of a results folder hold."""

    def __init__(self, results: Path) -> None:
        self.results = results
        self.numbers: dict[str, Number] = {row["number_id"]: row for row in self._rows(NUMBERS)}

    def _rows(self, name: str) -> list[dict[str, Any]]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self.results / name
        if not path.is_file():
            raise UserError(
                f"{path} is missing: run snakemake to build the results, in the project's folder,"
                " or name a results folder with --results"
            )
        try:
            data = path.read_bytes()
            self._compare(name, data)
            # no other threads: one still starting at the end would abort the process
            file = pq.ParquetFile(pa.BufferReader(data), pre_buffer=False)
            table = file.read(use_threads=False)
            rows = table.to_pylist()
        # what damaged bytes give: ArrowInvalid is a ValueError, and so is bad UTF-8
        except (OSError, ValueError, pa.ArrowException) as error:
            raise UserError(f"{path} cannot be read as Parquet ({error}); {REBUILD}") from None
        if missing := sorted(NEEDED[name] - set(table.column_names)):
            raise UserError(f"{path} is of another version, without {missing[0]}; {REBUILD}")
        return rows

    def _compare(self, name: str, data: bytes) -> None:
        """Refuses a file that is not what the record of the results says it is."""
        recorded = self._recorded.get(name, {}).get("sha256")
        if recorded and recorded != hashlib.sha256(data).hexdigest():
            raise UserError(
                f"{self.results / name} is not what {self.results / RECORD} records: it was"
                f" changed or damaged; {REBUILD}"
            )

    @cached_property
    def _recorded(self) -> Mapping[str, Mapping[str, Any]]:
        path = self.results / RECORD
        try:
            return json.loads(path.read_bytes())["files"] if path.is_file() else {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError(f"{path} cannot be read ({error}); {REBUILD}") from None

    @cached_property
    def cells(self) -> list[Cell]:
        """Every cell of every published table."""
        return self._rows(CELLS)

    @cached_property
    def rungs(self) -> dict[str, Mapping[str, Any]]:
        """Every rung of the scope ladder by its id, with the title and address of its source."""
        sources = {row["source_id"]: row for row in self._rows(SOURCES)}
        return {row["rung_id"]: sources[row["source_id"]] | row for row in self._rows(LADDER)}

    @cached_property
    def users(self) -> dict[str, list[str]]:
        """For each number, the numbers made directly of it."""
        return self._turned("input_ids")

    @cached_property
    def lookers(self) -> dict[str, list[str]]:
        """For each number, those whose rule looked at it without using it."""
        return self._turned("considered_ids")

    def _turned(self, name: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for number_id, number in self.numbers.items():
            for each in dict.fromkeys(number[name]):
                found.setdefault(each, []).append(number_id)
        return found

    def shown_in(self, number_ids: Container[str]) -> list[Cell]:
        """The cells that show one of the numbers."""
        return [cell for cell in self.cells if cell["number_id"] in number_ids]

    def number(self, asked: str) -> Number:
        """A number by its id, `:low` or `:high` behind it or not.

        Raises UserError with the nearest ids.
        """
        bare = asked.removesuffix(":low").removesuffix(":high")
        if bare in self.numbers:
            return self.numbers[bare]
        of_books = [known for known in self.numbers if known.startswith(f"{bare}@")]
        if of_books:
            raise UserError(
                f"{asked} depends on the price book; ask for one of:\n{_listed(of_books)}"
            )
        if (rung_id := rung.of(bare)) in self.rungs:
            raise UserError(f"there is no number {asked}{rung.told(self, rung_id)}")
        raise UserError(f"there is no number {asked}{nearest(bare, self.numbers)}")

    def printed(self, text: str) -> dict[str, list[Cell]]:
        """The numbers that tables print as `text`, with the cells; those in most cells first.

        Raises UserError where no table prints it.
        """
        found: dict[str, list[Cell]] = {}
        for cell in self.cells:
            if cell["number_id"] and is_printed_so(cell, text):
                found.setdefault(cell["number_id"], []).append(cell)
        if not found:
            # in double quotes a shell takes $5 for a variable
            hint = "; a dollar sign needs single quotes, or leave it out"
            raise UserError(f"no table prints {text}{hint if text.startswith('.') else ''}")
        return dict(sorted(found.items(), key=lambda item: -len(item[1])))

    def at(self, table: str, row: str, column: str) -> Number:
        """The number in a cell of a published table; a row by its id or its label.

        Raises UserError that names what there is instead.
        """
        cells = self._matching(self.cells, "table", table, ("table",))
        cells = self._matching(cells, "row", row, ("row_id", "row_label"))
        rows = dict.fromkeys(cell["row_id"] for cell in cells)
        if len(rows) > 1:
            raise UserError(f"{len(rows)} rows are called {row}; ask for one:\n{_listed(rows)}")
        (cell,) = self._matching(cells, "column", column, ("column",))
        if cell["number_id"] is None:
            more = rung.told(self, cell["row_id"]) if table == rung.TABLE else ""
            raise UserError(f"that cell holds no number: {cell['display']}{more}")
        return self.number(cell["number_id"])

    def _matching(
        self, cells: list[Cell], what: str, wanted: str, keys: tuple[str, ...]
    ) -> list[Cell]:
        found = [cell for cell in cells if wanted in [cell[key] for key in keys]]
        if not found:
            known = dict.fromkeys(str(cell[keys[0]]) for cell in cells)
            listed = ", ".join(known)
            raise UserError(f"there is no {what} {wanted}{nearest(wanted, known)}; known: {listed}")
        return found


def place(cell: Cell) -> str:
    """Where a cell stands, for a reader."""
    return f"{cell['table']}, {cell['row_label'] or 'title and notes'}, {cell['column']}"


def _listed(items: Mapping[str, Any] | list[str]) -> str:
    return "\n".join(f"  {item}" for item in items)
