"""What a ledger is made of: the columns of its two files, under the names others give them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from traincost.errors import UserError, nearest


@dataclass(frozen=True)
class Input:
    """A column of an input file. `others`: names that stand for it too."""

    name: str
    meaning: str
    others: tuple[str, ...] = ()


KEY = ("gpu", "region", "commitment")
_SERIES = (
    Input("gpu", "accelerator; the same word in both files", ("gpu_type", "accelerator")),
    Input("region", "where; may be empty"),
    Input("commitment", "on what terms, such as on-demand"),
)
USAGE = (
    Input("job_id", "id of the job, text or number", ("job", "jobid")),
    *_SERIES,
    Input("gpu_count", "GPUs used at once, a whole number", ("count", "gpus", "n_gpu", "n_gpus")),
    Input("start_time", "first second, UTC where no zone is given", ("start",)),
    Input("end_time", "second after the last", ("end",)),
)
QUOTES = (
    *_SERIES,
    Input("quote_time", "from when the price holds", ("time", "timestamp", "quote_date")),
    Input("usd_per_gpu_hour", "dollars for one GPU for one hour, at most six decimals", ("price",)),
)


def found(header: Iterable[str], wanted: Iterable[Input], file: str) -> dict[str, str]:
    """Each wanted column and what the file calls it.

    Raises UserError that names every missing column, and names that stand twice.
    """
    header, names, problems = [*header], {}, []
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            problems.append(f"column '{name}' stands {header.count(name)} times")
    for column in wanted:
        called = [name for name in (column.name, *column.others) if name in header]
        if called:
            names[column.name] = called[0]
        else:
            problems.append(f"column '{column.name}' is missing{nearest(column.name, header, 1)}")
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        needed = ", ".join(column.name for column in wanted)
        raise UserError(f"{file}: the header is wrong:\n{listed}\n  it must hold: {needed}")
    return names
