"""The files of a ledger: which they are, and how they are read, written and put aside."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from seam import receipts
from seam.digests import REMOTE
from seam.job import Job
from seam.progress import told
from traincost.errors import UserError
from traincost.ledger.batches import Batch, File, batches
from traincost.ledger.inputs import QUOTES, USAGE
from traincost.ledger.refusals import Refusals
from traincost.ledger.writing import Writer

KINDS = {"usage": (USAGE, "jobs"), "quotes": (QUOTES, "quotes")}
REJECTS = Path("build/ledger/rejects")


class Source:
    """The rows of the usage or the quotes, and where those go that are refused."""

    def __init__(self, job: Job, kind: str, part: str = "") -> None:
        """`kind`: `usage` or `quotes`; its files are in the job's params, or its inputs."""
        self._job, self._kind = job, kind
        named: Mapping[str, str] = job.params.files.get(kind, {})
        inputs: Sequence[str] = getattr(job.input, kind, [])
        inputs = [inputs] if isinstance(inputs, str) else inputs
        # what the storage plugin fetched comes in the order of its addresses
        remote = [name for name, place in named.items() if place.startswith(REMOTE)]
        fetched = dict(zip(remote, inputs, strict=False))
        self.files = [File(name, fetched.get(name, place)) for name, place in named.items()] or [
            File(path, path) for path in inputs
        ]
        self._aside = REJECTS / f"{kind}{part}.parquet"
        self._writer: Any = None
        self.refusals = Refusals(self._put_aside, str(self._aside))
        self._aside.unlink(missing_ok=True)

    def batches(self, more: bool = False) -> Iterator[Batch]:
        """Its rows, with progress told. `more`: with columns beside those needed."""
        for file in self.files:
            self._job.record_huge(file.place, file.name)
        wanted, rows = KINDS[self._kind]
        parts = (
            (os.path.getsize(file.place), batches([file], wanted, more)) for file in self.files
        )
        return told(parts, f"{self._job.rule}: {rows}")

    def refuse_empty(self, rows: int) -> None:
        """Raise UserError where there was no row at all, and none was refused."""
        self.refusals.refuse()
        if not rows:
            listed = ", ".join(file.name for file in self.files)
            raise UserError(
                f"{listed}: holds no {KINDS[self._kind][1]}; one at least must be there"
            )

    def close(self) -> None:
        """Write the end of what was put aside."""
        if self._writer:
            writer, file = self._writer
            writer.close()
            file.close()

    def _put_aside(self, rows: pl.DataFrame) -> None:
        if not self._writer:
            self._aside.parent.mkdir(parents=True, exist_ok=True)
            file = self._aside.open("wb")
            self._writer = Writer(file, {"table": "rejects"}), file
        self._writer[0].write(rows)


@contextmanager
def refusing(*sources: Source) -> Iterator[None]:
    """Ends with whole files of what was put aside, whether or not the job then stops."""
    try:
        yield
    finally:
        for source in sources:
            source.close()


@contextmanager
def written(job: Job, path: str, described: Mapping[str, object]) -> Iterator[Writer]:
    """A Parquet file that is there when all of it is, and then is in the receipt."""
    with receipts.whole(Path(path)) as file:
        writer = Writer(file, described)
        yield writer
        writer.close()
    job.record_huge_output(path, rows=writer.rows)
