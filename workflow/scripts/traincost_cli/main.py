"""The command line."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from traincost.errors import UserError

WHY = """\
Opens a number: its value and interval, the formula with names and then with
numbers, and what that read, down to the line of a data file and the place in
the document.

Name the number by its id, by table, row and column of a published table, or as a
table prints it:

  traincost why r1.total.cost_usd@deepseek-2usd
  traincost why training_cost r1.total cost_usd
  traincost why 5.87M
"""


CHECK = """\
Holds a price file to the rules that the workflow holds it to, and builds nothing.
Call it in the folder of the project: names of GPUs, sources, exchange rates and
plausible prices are those of data/, the rest is that of config/config.yaml.

  traincost check my_quotes.csv

FILE may have this project's columns (config/README.md has a template), those of
Epoch AI's hardware prices or those of a SkyPilot catalogue; CSV or Parquet.

If it can be used, its quotes are counted, with what was left out or accepted.
If not, everything wrong with it is listed: line, column, what was found, what
must hold.

Exit code 0: it can be used. 1: it cannot. 2: nothing was checked, since there
is no such file or the configuration is wrong.
"""


JOBS = """\
Opens a total of the priced ledger (docs/ledger.md): the jobs in it, the dearest first.
Name columns of the ledger with their values, or the month of the start:

  traincost jobs team=vision month=2024-10

Or a job, for the quotes it was priced from, with their lines; --prices names them, a
file or a folder, unless they are those of the project's example:

  traincost jobs --job v3-pretraining
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 well, 1 differences or bad data, 2 a mistake."""
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # for terminals that lack a letter
    try:
        code = options.run(options)
        sys.stdout.flush()
        return code
    except UserError as error:
        print(f"traincost: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="traincost",
        description="Open a published number of the results, compare two results folders, or"
        " check a price file.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    why = commands.add_parser(
        "why",
        help="what a number was made of, down to its source",
        description=WHY,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    why.add_argument(
        "number", nargs="+", metavar="ID", help="an id, TABLE ROW COLUMN, or a printed figure"
    )
    why.add_argument("--used-by", action="store_true", help="what was made of it instead")
    why.add_argument("--considered", action="store_true", help="list all that a rule looked at")
    why.add_argument("--json", action="store_true", help="print the tree as JSON")
    why.add_argument(
        "--results", type=Path, default=Path("results"), metavar="DIR", help="default: results"
    )
    why.set_defaults(run=_why)
    diff = commands.add_parser(
        "diff",
        help="compare two results folders, number by number",
        description="Compares two results folders. Exit code 0: no difference, 1: some.",
    )
    diff.add_argument("first", type=Path, metavar="A")
    diff.add_argument("second", type=Path, metavar="B")
    diff.add_argument("--json", action="store_true", help="print as JSON")
    diff.set_defaults(run=_diff)
    check = commands.add_parser(
        "check",
        help="whether a price file can be used, and what is wrong with it",
        description=CHECK,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument("file", type=Path, metavar="FILE", help="a price file, CSV or Parquet")
    check.set_defaults(run=_check)
    _add_jobs(commands)
    return parser


def _add_jobs(commands: argparse._SubParsersAction) -> None:
    jobs = commands.add_parser(
        "jobs",
        help="the jobs in a total of the ledger, the quotes of a job",
        description=JOBS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    jobs.add_argument("wanted", nargs="*", metavar="COLUMN=VALUE", help="which jobs")
    jobs.add_argument("--job", metavar="ID", help="the quotes of this job instead")
    jobs.add_argument("--prices", default="", metavar="PATH", help="the quotes of the ledger")
    jobs.add_argument(
        "--results", type=Path, default=Path("results"), metavar="DIR", help="default: results"
    )
    jobs.set_defaults(run=_jobs)


def _jobs(options: argparse.Namespace) -> int:
    from seam.ledger_config import EXAMPLE, named_files
    from traincost.ledger.batches import File
    from traincost_cli import opened

    if options.job:
        named = named_files(options.prices or EXAMPLE["prices"])
        files = [File(name, place) for name, place in named.items()]
        print(opened.quotes_of(options.results, options.job, files))
        return 0
    pairs = [text.partition("=") for text in options.wanted]
    if bad := [name for name, sign, _ in pairs if not sign]:
        raise UserError(f"{bad[0]} names no value; write COLUMN=VALUE")
    print(opened.jobs_of(options.results, {name: value for name, _, value in pairs}))
    return 0


def _why(options: argparse.Namespace) -> int:
    from traincost_cli import rung, why
    from traincost_cli.ledger import Ledger
    from traincost_cli.printed import figure

    ledger = Ledger(options.results)
    words = " ".join(options.number)
    if len(options.number) == 3:
        number = ledger.at(*options.number)
    elif figure(words):  # such as 5.87 million
        found = ledger.printed(words)
        number = ledger.numbers[next(iter(found))]
        print(why.others(words, found), end="", file=sys.stderr)
    elif len(options.number) == 1:
        number = ledger.number(words)
    else:
        raise UserError("name one id, a table, a row and a column, or a printed figure")
    if options.json:
        number_id = number["number_id"]
        users = {
            "used_by": ledger.users.get(number_id, []),
            "looked_at_by": ledger.lookers.get(number_id, []),
        }
        whole = why.tree(ledger, number) | (users if options.used_by else {})
        print(json.dumps(whole, indent=1, ensure_ascii=False))
    elif options.used_by:
        print(why.used_by(ledger, number))
    else:
        rung_id = rung.of(number["number_id"])
        print(
            why.told(ledger, number, options.considered)
            + (rung.told(ledger, rung_id) if rung_id else "")
        )
    return 0


def _diff(options: argparse.Namespace) -> int:
    from traincost_cli import diff
    from traincost_cli.ledger import Ledger

    old, new = Ledger(options.first), Ledger(options.second)
    found = diff.differences(old, new)
    if options.json:
        print(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        total = len(old.numbers.keys() | new.numbers.keys())
        print(diff.told(found, (str(options.first), str(options.second)), total))
    return 1 if any(found.values()) else 0


def _check(options: argparse.Namespace) -> int:
    from traincost_cli.check import Check

    check = Check(options.file)
    try:
        print(check.told())
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
