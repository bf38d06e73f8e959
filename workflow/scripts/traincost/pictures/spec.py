"""What a picture is, before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from traincost.tables.spec import PublishedTable


@dataclass(frozen=True)
class Picture:
    """A picture: what it shows as a table, one row per mark, and what it says in words.

    Title, subtitle and notes are those of the table; `alt` stands for the
    picture where it cannot be seen.
    """

    table: PublishedTable
    alt: str
