"""Check the configuration before anything else, and put it in plain form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from seam.digests import REMOTE, shown_path
from traincost.errors import UserError, nearest

USER_BOOK = "your-prices"
# data files that a user may add a file of the same columns to
USER_FILES = ("claims", "assumptions", "hardware", "owned_runs", "purchase_quotes")
DEFAULT_TOTALS = ["month"]
NO_ALIASES = (
    "YAML anchors and aliases (& and *) are not used here;"
    " write the value out, in quotes if it starts with * or &"
)
KINDS = {
    dict: "a mapping",
    list: "a list",
    str: "text",
    bool: "true or false",
    type(None): "nothing",
}


def checked(config: dict[str, Any], schema_file: Path) -> dict[str, Any]:
    """The configuration with dates as text and the user's book among the books.

    Raises UserError that lists every mistake with its place.
    """
    plain = _plain(config, set())
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    problems = list(_problems(plain, schema)) or list(_inconsistent(plain))
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise UserError(f"the configuration is wrong (config/config.yaml or --config):\n{listed}")
    return _with_user_book(plain)


def refuse_aliases(file: Path) -> None:
    """Refuse YAML anchors and aliases, which can unfold to more than a machine holds."""
    import yaml

    if not file.is_file():
        raise UserError(f"{file} is missing; it says which price books to use")
    try:
        for event in yaml.parse(file.read_text(encoding="utf-8")):
            if getattr(event, "anchor", None):
                line = event.start_mark.line + 1
                raise UserError(f"{file}, line {line}: {NO_ALIASES}")
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{file} cannot be read as YAML: {error}") from None


def _plain(value: Any, seen: set[int]) -> Any:
    """Mappings, lists and scalars; dates as YYYY-MM-DD.

    Raises UserError for a mapping or list that stands in two places: an alias
    of a file given by --configfile, which may unfold without end.
    """
    if isinstance(value, dict | list):
        if id(value) in seen:
            raise UserError(f"the configuration: {NO_ALIASES}")
        seen.add(id(value))
    if isinstance(value, dict):
        return {str(key): _plain(item, seen) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, seen) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _problems(config: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    import jsonschema

    validator = jsonschema.Draft202012Validator(schema)
    for error in sorted(validator.iter_errors(config), key=lambda e: [str(p) for p in e.path]):
        place = ".".join(str(part) for part in error.absolute_path)
        yield from _sentences(error, place)


def _sentences(error: Any, place: str) -> Iterator[str]:
    found = _shown(error.instance)
    at = f"{place}: " if place else ""
    match error.validator:
        case "additionalProperties":
            known = error.schema.get("properties", {})
            for name in sorted(set(error.instance) - set(known)):
                yield f"{at}unknown key '{name}'{nearest(name, known)}"
        case "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            yield f"{at}key '{missing[0]}' is missing"
        case "type":
            yield f"{at}found {found}; must be {_kind(error.validator_value)}{_meaning(error)}"
        case "enum":
            yield f"{at}found {found}; must be one of: {', '.join(error.validator_value)}"
        case "pattern":
            yield f"{at}found {found}; must match {error.validator_value}{_meaning(error)}"
        case "minimum":
            yield f"{at}found {found}; must be at least {error.validator_value}"
        case "maximum":
            yield f"{at}found {found}; must be at most {error.validator_value}"
        case _:
            yield f"{at}found {found}; {error.validator} must be {error.validator_value}"


def _inconsistent(config: dict[str, Any]) -> Iterator[str]:
    """What a schema cannot say."""
    books = config["price_books"]
    try:
        date.fromisoformat(config["as_of"])
    except ValueError:
        yield f"as_of: found '{config['as_of']}'; must be a date of the calendar"
    if config["baseline"] not in books:
        known = nearest(config["baseline"], books)
        yield f"baseline: '{config['baseline']}' is not one of price_books{known}"
    if USER_BOOK in books:
        yield f"price_books.{USER_BOOK}: this id is kept for the file named by `prices`"
    files = {f"price_books.{book_id}.file": book["file"] for book_id, book in books.items()}
    if config.get("prices") and not config.get("usage"):
        files["prices"] = config["prices"]
    for place, file in files.items():
        yield from _missing_file(place, file)
    for key in USER_FILES:
        if config.get(key):
            yield from _missing_file(key, config[key])
    yield from _same_names(files)
    yield from _ledger_problems(config)


def _ledger_problems(config: dict[str, Any]) -> Iterator[str]:
    if not config.get("usage"):
        return
    if not config.get("prices"):
        yield "usage: names a ledger of jobs; prices must name its quotes"
    for key in ("usage", "prices"):
        place = config.get(key) or ""
        if place and not place.startswith(REMOTE) and not Path(place).is_dir():
            yield from _missing_file(key, place)


def _ledger(config: dict[str, Any]) -> dict[str, Any]:
    """What concerns a ledger, out of the configuration: with `usage`, `prices` are its quotes."""
    usage = config.pop("usage", "")
    totals = config.pop("ledger_totals", DEFAULT_TOTALS)
    totals = [totals] if isinstance(totals, str) else totals
    return {
        "usage": usage,
        "prices": config.pop("prices", "") if usage else "",
        # `team,month` on the command line is a list too
        "totals": [
            [name.strip() for name in names.split(",")] if isinstance(names, str) else names
            for names in totals
        ],
        "unpriced": config.pop("ledger_unpriced", "flag"),
        "shards": config.pop("ledger_shards", 1),
    }


def _missing_file(place: str, name: str) -> Iterator[str]:
    path = Path(name)
    if path.is_file():
        return
    if path.is_dir():
        yield f"{place}: {name} is a folder; must be a file"
        return
    folder = path.parent
    near = nearest(path.name, [p.name for p in folder.iterdir()]) if folder.is_dir() else ""
    yield f"{place}: there is no file {name}{near}"


def _with_user_book(config: dict[str, Any]) -> dict[str, Any]:
    for key in USER_FILES:
        config.setdefault(key, "")
    config["ledger"] = _ledger(config)
    file = config.pop("prices", "")
    commitment = config.pop("prices_commitment", "on-demand")
    stand_ins = config.pop("prices_stand_ins", {})
    if file:
        config["price_books"][USER_BOOK] = {
            "label": f"Your prices ({Path(file).name})",
            "file": file,
            "is_users": True,
            "commitment_of_several": commitment,
            "stand_ins_of_catalogue": stand_ins,
        }
    return config


def _same_names(books: dict[str, str]) -> Iterator[str]:
    """Two files that results cannot tell apart: they show no folder outside the project."""
    places: dict[str, tuple[str, Path]] = {}
    for place, file in books.items():
        before, path = places.setdefault(shown_path(file), (place, Path(file).resolve()))
        if path != Path(file).resolve():
            yield (
                f"{place}: results name {file} only as {shown_path(file)}, as they do another file,"
                f" that of {before}; rename one of them"
            )


def _kind(name: str | list[str]) -> str:
    if isinstance(name, list):
        return " or ".join(_kind(one) for one in name)
    return {
        "object": "a mapping",
        "string": "text",
        "integer": "a whole number",
        "array": "a list",
    }.get(name, name)


def _meaning(error: Any) -> str:
    text = error.schema.get("description", "")
    return f" ({text.rstrip('.')})" if text else ""


def _shown(value: Any) -> str:
    kind = KINDS.get(type(value), "a number")
    text = repr(value)
    return f"{kind} {text if len(text) <= 60 else text[:57] + '...'}"
