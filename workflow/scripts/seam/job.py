"""One job: checked reads, recorded writes, errors a person can use.

Scripts stay thin: `with Job(snakemake) as job:` reads, calls one pure function
and writes. Whatever is read is hashed first and compared with the receipt of
the rule that wrote it; whatever is written is recorded in this rule's receipt.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import traceback
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seam import receipts
from seam.digests import STACK, shown_path
from traincost.errors import UserError

if TYPE_CHECKING:
    import polars as pl

    from traincost.columns import Table

LAST_WORDS = Path("build/last-words.txt")


def run_code_of(scripts: Path) -> None:
    """Have jobs import from this folder even where another checkout is installed."""
    others = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(scripts), others]))


class Job:
    """The running job of a rule. Use as a context manager around all of a script's work."""

    def __init__(self, snakemake: Any) -> None:
        self.rule: str = snakemake.rule
        self.params = snakemake.params
        self._log = Path(str(snakemake.log[0]))
        self._written_by = {
            path: (receipt["rule"], entry["sha256"])
            for receipt in self._upstream(snakemake.input)
            for path, entry in receipt["outputs"].items()
        }
        self._inputs: dict[str, str] = {}
        self._outputs: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Job:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._log.write_text("")
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: Any) -> None:
        if error is None:
            receipts.write(self.rule, self.receipt())
            return
        self._log.write_text("".join(traceback.format_exception(error)))
        message = f"{self.rule} stopped: {_sentence(error, self._log)}"
        try:
            receipts.write_whole(LAST_WORDS, message.encode())
        except OSError:  # a full disk: the terminal is all that is left
            print(message, file=sys.stderr)
        sys.exit(1)

    def read_bytes(self, path: str | Path) -> bytes:
        """The bytes of a file, hashed and recorded.

        Raises UserError where a file of an earlier rule is not what it wrote.
        """
        data = Path(path).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        rule, expected = self._written_by.get(str(path), ("", digest))
        if digest != expected:
            raise UserError(
                f"{path} is not the file that {rule} wrote (its SHA-256 differs);"
                " run snakemake again and it will be made anew"
            )
        self._inputs[shown_path(path)] = digest
        return data

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

    def read_all(self, paths: Any) -> dict[str, pl.DataFrame]:
        """Parquet files by the stem of their names."""
        files = [p for p in paths if str(p).endswith(".parquet")]
        return {Path(str(path)).stem: self.read(str(path)) for path in files}

    def read_layers(self, paths: Any) -> dict[str, pl.DataFrame]:
        """Parquet files by layer and name, such as `priced.stages`."""
        files = [Path(str(path)) for path in paths if str(path).endswith(".parquet")]
        return {f"{file.parent.name}.{file.stem}": self.read(file) for file in files}

    def write(self, frame: pl.DataFrame, table: Table, path: str | Path) -> None:
        """Write a declared table as Parquet, with its declaration and its inputs' hashes."""
        from traincost.parquet import to_parquet

        data = to_parquet(frame, table, self._inputs)
        self.write_bytes(data, path, rows=len(frame), columns=len(frame.columns))

    def write_bytes(self, data: bytes, path: str | Path, **shape: int) -> None:
        """Write any file and record it."""
        receipts.write_whole(Path(path), data)
        self.record(path, data, **shape)

    def record(self, path: str | Path, data: bytes, **shape: int) -> None:
        """Record a file in the receipt without writing it."""
        entry = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        self._outputs[str(path)] = entry | shape

    def say(self, text: str) -> None:
        """Have the run close with this text instead of the headline."""
        receipts.write_whole(LAST_WORDS, text.encode())

    def receipt(self) -> dict[str, Any]:
        """What the job has read and written so far."""
        return {
            "rule": self.rule,
            "labels": [label for label in self.params if isinstance(label, str)],
            "outputs": self._outputs,
            "inputs": self._inputs,
            "stack": {name: version(name) for name in STACK},
            "config": dict(self.params.get("config", {})),
        }

    @staticmethod
    def _upstream(paths: Any) -> list[dict[str, Any]]:
        stems = [
            Path(str(path)).stem for path in paths if Path(str(path)).parent == receipts.FOLDER
        ]
        return [receipt for stem in stems if (receipt := receipts.read(stem))]


def _sentence(error: BaseException, log: Path) -> str:
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, OSError):
        name = error.filename or "a file"
        match error.errno:
            case errno.ENOSPC | errno.EDQUOT:
                return f"the disk is full, {name} was not written. Free space, run snakemake again"
            case errno.EROFS | errno.EACCES | errno.EPERM:
                why = str(error.strerror).lower()
                return f"{name}: {why}. Mend that and run snakemake again"
            case errno.ENOENT:
                return f"{name} is missing"
    return f"an error in the program, not in your data: {type(error).__name__}: {error} (see {log})"
