"""What a format of price files is, and how a file is recognised as being of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from traincost.errors import UserError, nearest, quoted
from traincost.prices.names import GpuNames


@dataclass(frozen=True)
class Converted:
    """Rows of a file as text in this project's columns, and what is no quote.

    `quotes`: LINE, the columns of a price file, and `normalization_note`.
    `skipped`: LINE, `what`, `reason`.
    """

    quotes: pl.DataFrame
    skipped: pl.DataFrame


@dataclass(frozen=True)
class Format:
    """Columns of a kind of price file, and how its rows become quotes.

    `needed` columns must be there. `is_closed`: no others may be, but
    `optional` ones. `names`: what the file calls this project's columns, for
    messages; for the price, by commitment.
    """

    name: str
    title: str
    needed: tuple[str, ...]
    convert: Callable[[pl.DataFrame, GpuNames, str], Converted]
    optional: tuple[str, ...] = ()
    is_closed: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    price_names: Mapping[str, str] = field(default_factory=dict)
    extra_problems: Callable[[Sequence[str]], Iterable[str]] = lambda header: ()

    def header_problems(self, found: Sequence[str]) -> Iterable[str]:
        """What is wrong with a header that is meant to be of this format."""
        known = (*self.needed, *self.optional)
        for name in dict.fromkeys(found):
            if found.count(name) > 1:
                yield f"column {_named(name)} stands {found.count(name)} times"
            if self.is_closed and name not in known:
                yield f"column {_named(name)} is not known{nearest(name, known)}"
        yield from (f"column '{name}' is missing" for name in self.needed if name not in found)
        yield from self.extra_problems(found)

    def column_in_file(self, column: str, commitment: str) -> str:
        """What the file calls a column of this project; a price column by its commitment."""
        if column in ("usd_per_gpu_hour", "price_printed"):
            return self.price_names.get(commitment, column)
        return self.names.get(column, column)


def recognised(header: Sequence[str], place: str, formats: Sequence[Format]) -> Format:
    """The format that shares most columns with a header. `place`: its file and line.

    Raises UserError where none shares any, or where the header is wrong for it.
    """
    # a name in other letters or with spaces is a mistake in a header of that format
    names = {name.strip().lower() for name in header}
    shared = {f.name: len(names & {n.lower() for n in (*f.needed, *f.optional)}) for f in formats}
    best = max(formats, key=lambda f: shared[f.name])
    # one common word, such as `note`, makes no price file
    if shared[best.name] < 2 and len(header) > 0:
        raise UserError(_unrecognised(header, place, formats))
    problems = list(best.header_problems(header))
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        must = ",".join((*best.needed, *best.optional))
        raise UserError(
            f"{place}: the header is wrong for a file with {best.title}:\n{listed}\n"
            f"  columns of such a file: {must}"
        )
    return best


def _unrecognised(header: Sequence[str], place: str, formats: Sequence[Format]) -> str:
    found = quoted(",".join(header))
    titles = ", ".join(f.title for f in formats[:-1]) + f" or {formats[-1].title}"
    why = ""
    for sign, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(header) == 1 and header[0].count(sign) > 1:
            why = f". Its cells are separated by {word}; they must be by commas"
    if not why and len(header) == 1 and _is_yaml(header[0]):
        why = ". It looks like YAML; `prices` takes a table;"
        why += " settings go into config/config.yaml"
    return f"{place}: found {found}; must be the header of a file with {titles}{why}"


def _is_yaml(line: str) -> bool:
    return line.startswith(("#", "---", "%YAML")) or line.rstrip().endswith(":") or ": " in line


def _named(name: str) -> str:
    return quoted(name) or "without a name"
