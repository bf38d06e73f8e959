"""Receipts: what each rule read and wrote, with hashes.

A rule's last act is to write its receipt, which Snakemake knows as one of the
rule's outputs. When the Snakefile is read, every receipt is compared with what
is on disk; one that no longer holds is withdrawn, so that Snakemake sees a
missing output and runs the rule again. That catches what file times cannot:
a result edited by hand, a flipped byte, a deleted record, a half-updated chain.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from seam.digests import remembered, sha256

FOLDER = Path("build/receipts")


def path_of(rule: str) -> Path:
    """Where a rule's receipt lies."""
    return FOLDER / f"{rule}.json"


def read(rule: str) -> dict[str, Any] | None:
    """A rule's receipt, or None where there is none that can be read."""
    try:
        receipt = json.loads(path_of(rule).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(receipt, dict) and {"inputs", "labels", "outputs"} <= set(receipt)
    return receipt if whole else None


def write(rule: str, receipt: Mapping[str, Any]) -> None:
    """Write a receipt whole or not at all."""
    write_whole(path_of(rule), json.dumps(receipt, indent=1, sort_keys=True).encode() + b"\n")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that nobody ever sees half of it. Raises OSError that names the file."""
    with whole(path) as file:
        file.write(data)


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to, which takes its place when all of it is there, or else is not."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(part, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        if error.filename not in (None, str(part)):  # of another file, read for this one
            raise
        # a failed write does not say which file it was
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        part.unlink(missing_ok=True)


def withdraw_broken(registered: Mapping[str, list[str]]) -> list[str]:
    """Withdraw every receipt that no longer holds; one sentence for each reason.

    `registered`: labels of each rule, in the order the rules run. A receipt
    holds while every output has the recorded hash, every input that another
    rule wrote is still the one read, and the labels are the same.
    """
    if any(Path(".snakemake/locks").glob("*")):  # another run is on: its receipts are its own
        return []
    written: dict[str, str] = {}
    reasons: list[str] = []
    for rule, labels in registered.items():
        receipt = read(rule)
        broken = list(_broken(rule, receipt, written, labels)) if receipt else []
        reasons += broken
        if broken or receipt is None:
            path_of(rule).unlink(missing_ok=True)
        else:
            written |= {path: entry["sha256"] for path, entry in receipt["outputs"].items()}
            written[path_of(rule).as_posix()] = sha256(path_of(rule))
    return reasons


def _broken(
    rule: str, receipt: Mapping[str, Any], written: Mapping[str, str], labels: list[str]
) -> Iterable[str]:
    for path, entry in receipt["outputs"].items():
        if not os.path.isfile(path):
            yield f"{path} is gone: {rule} runs again"
        elif remembered(path) != entry["sha256"]:
            yield f"{path} is not what {rule} wrote: {rule} runs again and replaces it"
    for path, digest in receipt["inputs"].items():
        if path.startswith("build/") and written.get(path) != digest:
            yield f"{path} is not the file {rule} has read: {rule} runs again"
    changed = set(labels) ^ set(receipt["labels"])
    if changed and not _snakemake_knows(rule, receipt["labels"]):
        yield f"{', '.join(sorted(changed))} changed: {rule} runs again"


def _snakemake_knows(rule: str, labels: Iterable[str]) -> bool:
    """Whether Snakemake's own record holds these labels: then it will say what changed."""
    name = base64.b64encode(path_of(rule).as_posix().encode()).decode()
    try:
        text = Path(".snakemake/metadata", name).read_text(encoding="utf-8")
    except OSError:
        return False
    return all(label in text for label in labels)
