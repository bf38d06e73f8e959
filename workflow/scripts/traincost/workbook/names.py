"""Names of cells, made from the ids of numbers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

PARTS = ("value", "low", "high")
# spreadsheets take 255 characters; room is left for the ending of a bound
LONGEST = 200


def cell_names(number_ids: Iterable[str]) -> dict[tuple[str, str], str]:
    """A name for each part of each number: `r1_total_cost_usd__deepseek_2usd`, `..._low`.

    Letters, digits and underscores, never the look of a cell's address, no two
    alike in any case. `number_ids` in a fixed order, since a clash is numbered.
    """
    taken: set[str] = set()
    found: dict[tuple[str, str], str] = {}
    for number_id in number_ids:
        stem = _stem(number_id)
        plain, count = stem, 1
        while taken & {name.lower() for name in _endings(stem)}:
            count += 1
            stem = f"{plain}_{count}"
        taken |= {name.lower() for name in _endings(stem)}
        found |= {(number_id, part): name for part, name in zip(PARTS, _endings(stem), strict=True)}
    return found


def _endings(stem: str) -> tuple[str, str, str]:
    return stem, f"{stem}_low", f"{stem}_high"


def _stem(number_id: str) -> str:
    stem = re.sub(r"[^A-Za-z0-9]", "_", number_id.replace("@", "__"))
    if not stem[:1].isalpha():
        stem = f"n_{stem}"
    if len(stem) > LONGEST:
        digest = hashlib.sha256(number_id.encode()).hexdigest()[:8]
        stem = f"{stem[:LONGEST]}_{digest}"
    # without an underscore it could be the address of a cell
    return stem if "_" in stem else f"{stem}_"
