"""One job: checked reads, recorded writes.

Scripts stay thin: `run(job)` reads, calls one pure function and writes.
Whatever is read is hashed first and compared with the receipt of the rule that
wrote it; whatever is written is recorded in this rule's receipt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from seam import receipts
from seam.digests import STACK, remembered, sha256, shown_path
from traincost.errors import UserError

if TYPE_CHECKING:
    import polars as pl

    from traincost.columns import Table

CHUNK = 1 << 20


class Job:
    """The running job of a rule: `input`, `output` and `params` by name, as in the rule."""

    def __init__(
        self,
        rule: str,
        input: dict[str, Any],
        output: dict[str, Any],
        params: dict[str, Any],
        labels: list[str],
    ) -> None:
        self.rule, self.labels = rule, labels
        self.input = SimpleNamespace(**input)
        self.output = SimpleNamespace(**output)
        self.params = SimpleNamespace(**params)
        self.said = ""
        # a rule with a job for each part has a receipt for each
        self.receipt_name = Path(output.get("receipt", f"{rule}.json")).stem
        self._receipts = _receipts_among(input.values())
        self._written_by = {
            path: (receipt["rule"], entry["sha256"])
            for receipt in self._receipts
            for path, entry in receipt["outputs"].items()
        }
        self._inputs: dict[str, str] = {}
        self._outputs: dict[str, dict[str, Any]] = {}

    def read_bytes(self, path: str | Path) -> bytes:
        """The bytes of a file, hashed and recorded.

        Raises UserError where a file of an earlier rule is not what it wrote.
        """
        data = Path(path).read_bytes()
        self._record_read(path, hashlib.sha256(data).hexdigest())
        return data

    def read_chunks(self, path: str | Path) -> Iterator[bytes]:
        """The bytes of a file a piece at a time, hashed and recorded before the first is read.

        Raises UserError at the end where the file has changed in between.
        """
        before = sha256(path)
        self._record_read(path, before)
        return _chunks(Path(path), before)

    def read(self, path: str | Path) -> pl.DataFrame:
        """A Parquet file as a DataFrame, checked against the hash recorded when it was written."""
        import polars as pl

        data = self.read_bytes(path)
        try:
            return pl.read_parquet(data)
        except BaseException as error:  # polars may raise PanicException, which is no Exception
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            raise UserError(f"{path} cannot be read as Parquet: {error}") from None

    def read_batches(self, path: str | Path) -> Iterator[pl.DataFrame]:
        """A Parquet file of an earlier rule, a batch of rows at a time."""
        import polars as pl
        import pyarrow.parquet as pq

        self._record_read(path, sha256(path))
        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                yield pl.DataFrame(file.read_row_group(group))

    def read_all(self, paths: Iterable[str]) -> dict[str, pl.DataFrame]:
        """Parquet files by the stem of their names."""
        return {Path(path).stem: self.read(path) for path in paths}

    def read_layers(self, *paths: Iterable[str]) -> dict[str, pl.DataFrame]:
        """Parquet files by `layer.name`: the names of their folder and of themselves."""
        return {
            f"{Path(path).parent.name}.{Path(path).stem}": self.read(path) for path in chain(*paths)
        }

    def write(self, frame: pl.DataFrame, table: Table, path: str | Path) -> None:
        """Write a declared table as Parquet, with its declaration and its inputs' hashes."""
        from traincost.parquet import to_parquet

        data = to_parquet(frame, table, self._inputs)
        self.write_bytes(data, path, rows=len(frame), columns=len(frame.columns))

    def write_batches(self, frames: Iterable[pl.DataFrame], table: Table, path: str | Path) -> None:
        """Write a declared table a frame at a time; nothing is left where a frame cannot be had."""
        from traincost.parquet import ParquetParts

        rows = 0
        with (
            receipts.whole(Path(path)) as file,
            ParquetParts(file, table, self._inputs) as parts,
        ):
            for frame in frames:
                parts.write(frame)
                rows += len(frame)
        entry = {"sha256": sha256(path), "bytes": Path(path).stat().st_size}
        self._outputs[str(path)] = entry | {"rows": rows, "columns": len(table.physical())}

    def write_bytes(self, data: bytes, path: str | Path, **shape: int) -> None:
        """Write any file and record it."""
        receipts.write_whole(Path(path), data)
        self.record(path, data, **shape)

    def record(self, path: str | Path, data: bytes, **shape: int) -> None:
        """Record a file in the receipt without writing it."""
        entry = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        self._outputs[str(path)] = entry | shape

    def record_huge(self, path: str | Path, name: str = "") -> None:
        """Record a file of any size that is read elsewhere. `name`: how it is called, if not so.

        Raises UserError where a file of an earlier rule is not what it wrote.
        """
        self._record_read(path, remembered(path), name)

    def record_huge_output(self, path: str | Path, **shape: int) -> None:
        """Record a file of any size that was written elsewhere."""
        entry = {"sha256": remembered(path), "bytes": Path(path).stat().st_size}
        self._outputs[str(path)] = entry | shape

    def say(self, text: str) -> None:
        """Have the run close with this text instead of the headline."""
        self.said = text

    def receipt(self) -> dict[str, Any]:
        """What the job has read and written so far."""
        return {
            "rule": self.rule,
            "labels": self.labels,
            "outputs": self._outputs,
            "inputs": self._inputs,
            "stack": {name: version(name) for name in STACK},
            "config": getattr(self.params, "config", {}),
        }

    def _record_read(self, path: str | Path, digest: str, name: str = "") -> None:
        """Record what was read. Raises UserError where it is not what an earlier rule wrote."""
        rule, expected = self._written_by.get(str(path), ("", digest))
        if digest != expected:
            raise UserError(
                f"{path} is not the file that {rule} wrote (its SHA-256 differs);"
                " run snakemake again and it will be made anew"
            )
        self._inputs[name or shown_path(path)] = digest

    def read_before(self) -> dict[str, str]:
        """What the rules before this one have read that no rule wrote: SHA-256 by name."""
        return {
            path: digest
            for receipt in self._receipts
            for path, digest in receipt["inputs"].items()
            if not path.startswith("build/")
        }

    def write_receipt(self) -> None:
        """The last act of a job that wrote something."""
        if self._outputs:
            receipts.write(self.receipt_name, self.receipt())


def _chunks(path: Path, expected: str) -> Iterator[bytes]:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            yield chunk
    if digest.hexdigest() != expected:
        raise UserError(f"{path} was changed while it was read; run snakemake again")


def _receipts_among(inputs: Iterable[str | list[str]]) -> list[dict[str, Any]]:
    paths = [Path(p) for value in inputs for p in ([value] if isinstance(value, str) else value)]
    stems = [path.stem for path in paths if path.parent == receipts.FOLDER]
    return [receipt for stem in stems if (receipt := receipts.read(stem))]
