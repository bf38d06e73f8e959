"""Names of accelerators: canonical ones, aliases, and what only looks like one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

import polars as pl

# letters of other alphabets that look like Latin ones, and dashes that look like a hyphen
_LOOKS_LIKE = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧο‐‒–—−",
        "ABESIJKMHOPCTYXaesijopcyxABEZHIKMNOPTYXo-----",
        strict=True,
    )
)


class GpuNames:
    """The one table of names: canonical ones, and aliases that stand for them."""

    def __init__(self, gpus: pl.DataFrame, aliases: pl.DataFrame) -> None:
        """`gpus`, `aliases`: tables of those names, ingested or validated."""
        self.canonical = frozenset(gpus["gpu"])
        self.aliases = dict(aliases.select("alias", "gpu").iter_rows())
        self._all = sorted(self.canonical | self.aliases.keys())

    def known(self, name: pl.Expr) -> pl.Expr:
        """Whether a name is canonical or an alias."""
        return name.is_in(self._all)

    def resolved(self, name: pl.Expr) -> pl.Expr:
        """The canonical name of an alias; any other name as it is."""
        return name.replace(self.aliases)

    def is_look_alike(self, name: str) -> bool:
        """Whether a name is unknown and could be taken for a known one."""
        return bool(look_alike(name, self._all))


def look_alike(found: str, known: Iterable[str]) -> str:
    """A sentence on how `found` differs from the known name it looks like; else empty.

    Such are letters of another alphabet, full-width signs, other spaces, and
    two spaces for one.
    """
    for name in known:
        if name != found and _plain(name) == _plain(found):
            return f"; did you mean '{name}'? It only looks like that: {_difference(found)}"
    return ""


def twins(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Names that look like an earlier one, with that one; capitals and small letters are alike."""
    first: dict[str, str] = {}
    for name in names:
        earlier = first.setdefault(_plain(name).casefold(), name)
        if earlier != name:
            yield name, earlier


def _plain(name: str) -> str:
    latin = "".join(_LOOKS_LIKE.get(c, c) for c in unicodedata.normalize("NFKC", name))
    seen = "".join(c for c in latin if unicodedata.category(c) not in ("Cf", "Mn"))
    return " ".join(seen.split())


def _difference(found: str) -> str:
    strange = dict.fromkeys(c for c in found if not " " <= c <= "~")
    if not strange:
        return "its spaces are others"
    return f"it holds {', '.join(f'U+{ord(c):04X}' for c in strange)}"
