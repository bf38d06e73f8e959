"""Claims, quantities and conflicts a second time, in fractions, after docs/verdicts.md."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from audit.printed_figures import HOURS, Bound, Number, duration, exact, measured
from audit.reference_data import Data, Row

Found = Iterator[tuple[str, Number | None]]
COARSE = Fraction(1, 5)
FACTORS = (8, 10, 12, 24, 1000)
SHORTEST = 3
# the figure meant, from, to
WORDS: dict[str, tuple[Fraction, Bound, Bound]] = {
    **dict.fromkeys(("more", "far more", "much more"), (Fraction(1), Fraction(1), math.inf)),
    **dict.fromkeys(
        ("less", "much cheaper", "a fraction", "a small subset"),
        (Fraction(1), Fraction(0), Fraction(1)),
    ),
    "an order of magnitude": (Fraction(10), Fraction(10), math.inf),
    "not an order of magnitude": (Fraction(10), Fraction(0), Fraction(10)),
    "the same weight class": (Fraction(1), Fraction(1, 10), Fraction(10)),
}
COUNTS = {"one": 1, "two": 2, "three": 3, "eight": 8, "nine": 9, "ten": 10}
BOUNDED = ("just under ", "less than ", "under ", "below ", "up to ", "at most ", "sub ")
BOUNDED += ("at least ", "well above ", "above ", "more than ", "over ", "not sub ", "not below ")
PER = {"h": Fraction(1), "d": Fraction(24)}
HOLDING = ("exact", "consistent", "consistent only through the qualifier")
VERDICTS = (*HOLDING, "too coarse to test", "wrong scope", "wrong unit", "ambiguous unit")
VERDICTS += ("transcription error", "inconsistent", "not computable", "supported by source")
VERDICTS += ("true by definition", "supported in part", "imprecise wording", "wrong label")
VERDICTS += ("not supported by source", "not checkable")


@dataclass(frozen=True)
class Span:
    """A number with bounds that formulas can be evaluated with."""

    value: Fraction
    low: Bound
    high: Bound

    def _with(self, other: Span | int, act: Callable[[Bound, Bound], Bound]) -> Span:
        there = other if isinstance(other, Span) else span(Number(Fraction(other)))
        ends = [act(x, y) for x in (self.low, self.high) for y in (there.low, there.high)]
        return Span(Fraction(act(self.value, there.value)), min(ends), max(ends))

    def __add__(self, other: Span | int) -> Span:
        return self._with(other, lambda x, y: x + y)

    def __sub__(self, other: Span | int) -> Span:
        return self._with(other, lambda x, y: x - y)

    def __rsub__(self, other: int) -> Span:
        return span(Number(Fraction(other))) - self

    def __mul__(self, other: Span | int) -> Span:
        return self._with(other, lambda x, y: x * y)

    def __truediv__(self, other: Span | int) -> Span:
        return self._with(other, lambda x, y: Fraction(0) if y == math.inf else x / y)


def span(number: Number) -> Span:
    """A number without bounds bounds itself."""
    low, high = (number.value if end is None else end for end in (number.low, number.high))
    return Span(number.value, low, high)


class Figure(NamedTuple):
    """What a claim prints: with its words, bare, and whether it is a bound or in words."""

    full: Span
    bare: Span
    is_bound: bool = False
    is_words: bool = False


def figure(text: str, unit: str, step: str = "") -> Figure:
    """A figure of a claim in its unit. Raises where it is none."""
    words = text.lower()
    if words in WORDS:
        meant = Span(*WORDS[words])
        return Figure(meant, meant, is_bound=True, is_words=True)
    for word, count in COUNTS.items():
        words = re.sub(rf"\b{word}\b", str(count), words)
    if both := re.fullmatch("closer to (.+) than to (.+)", words):
        near, far = (figure(part, unit).full.value for part in both.groups())
        middle = (near + far) / 2
        ends = (middle, math.inf) if near > far else (Fraction(0), middle)
        return Figure(Span(near, *ends), Span(near, *ends), is_bound=True)
    least = _least_in_words(words, unit)
    if least is not None:
        return _in_words(*least)
    if ends_of := re.fullmatch(r"([\d.,]+) to ([\d.,]+)( .+)?", words):
        low, high = (measured(part + (ends_of[3] or "")).value for part in ends_of.groups()[:2])
        found = Span((low + high) / 2, low, high)
        return Figure(found, found)
    return _plain(text, words, unit, step)


def _least_in_words(words: str, unit: str) -> tuple[Fraction, int] | None:
    """What a figure in words is at least, and how many times that it stays below (0: no end)."""
    if long := re.fullmatch(r"(\d+)[ -]figures?", words):
        return Fraction(10) ** (int(long[1]) - 1), 10
    if re.fullmatch("(a )?(few )?tens of millions", words):
        return Fraction(10**7), 10
    if words.removesuffix("s") in HOURS and words.endswith("s"):
        return HOURS[words[:-1]] / PER[unit], 0
    return None


def _in_words(least: Fraction, times: int) -> Figure:
    most = least * times - 1 if times else math.inf
    return Figure(Span(least, least, most), Span(least, least, most), True, True)


def _plain(text: str, words: str, unit: str, step: str) -> Figure:
    if more := re.fullmatch(r"(.+?)( plus|\+)", words):
        words = f"at least {more[1]}"
    if share := re.fullmatch(r"(.*?)([\d.]+)%", words):
        found = figure(share[1] + share[2], "")
        hundredth = [
            Span(*(part / 100 for part in (each.value, each.low, each.high)))
            for each in (found.full, found.bare)
        ]
        return Figure(*hundredth, is_bound=found.is_bound)
    unqualified = re.fullmatch(r"[\d,]+", words) is not None
    if "*" in words or (unit == "GPUs" and unqualified and not step):
        found = span(exact(words))
        return Figure(found, found)
    is_time = words.rpartition(" ")[2].removesuffix("s") in HOURS
    bare = re.sub(r"^[^\d]+", "", words)
    per = PER[unit] if is_time else Fraction(1)
    if is_time:
        # a number word is meant to the unit; of digits, zeros at the end are not
        own = "" if re.search(r"\d", text) else str(HOURS[words.split()[-1].removesuffix("s")])
        wide = str(Fraction(step) * per) if step else own
        read = [span(duration(each, wide)) for each in (words, bare)]
    else:
        read = [span(measured(each, step)) for each in (words, bare)]
    full, plain = (Span(*(part / per for part in (s.value, s.low, s.high))) for s in read)
    return Figure(full, plain, is_bound=words.startswith(BOUNDED))


def meets(one: Span, other: Span) -> bool:
    """Whether two intervals have a point in common."""
    return one.low <= other.high and other.low <= one.high


@dataclass(frozen=True)
class Judged:
    """A claim with all that its verdict rests on."""

    row: Row
    printed: Figure | None = None
    stated: Figure | None = None
    estimate: Span | None = None
    verdict: str = ""
    factor: Fraction | None = None
    scoped: Number | None = None

    @property
    def apart(self) -> Fraction | None:
        """The gap between the intervals over the estimate."""
        if self.estimate is None:
            return None
        full = self.stated.full
        gap = max(full.low - self.estimate.high, self.estimate.low - full.high, Fraction(0))
        return Fraction(gap) / abs(self.estimate.value)

    @property
    def width(self) -> Fraction | None:
        """The wider interval over its centre, one-sided ones left out."""
        spans = [] if self.estimate is None else [self.estimate]
        spans += [] if self.stated is None or self.stated.is_bound else [self.stated.full]
        shares = [
            2 * (each.high - each.low) / (each.high + each.low)
            for each in spans
            if each.high < math.inf
        ]
        return max(shares, default=None)


class Ledger:
    """Every claim, quantity and conflict. `numbers`: all that the layers before hold, by id."""

    def __init__(self, data: Data, numbers: Mapping[str, Number]) -> None:
        self.data = data
        self.numbers = dict(numbers)
        for row in data.tables["reported_figures"]:
            self.numbers[f"{row['figure_id']}.value"] = reported(row)
        self.quantities = dict(self._quantities())
        self.numbers |= {key: found for key, found in self.quantities.items() if found}
        # which a bare id stands for: itself, or one of a book
        self.judged = [self._judge(row) for row in data.tables["claims"]]

    def _at(self, base: str, book_id: str) -> Number | None:
        return self.numbers.get(base) or self.numbers.get(f"{base}@{book_id}")

    def _depends(self, base: str) -> bool:
        return base not in self.numbers

    def _quantities(self) -> Found:
        for row in self.data.tables["quantities"]:
            inputs = dict(part.split("=") for part in row["inputs"].split())
            base = f"{row['quantity_id']}.value"
            depends = any(self._depends(each) for each in inputs.values())
            for book_id in self.data.books if depends else [""]:
                found = {name: self._at(each, book_id) for name, each in inputs.items()}
                number = evaluated(row["formula"], found)
                yield (f"{base}@{book_id}" if depends else base), number

    @cached_property
    def stages(self) -> dict[str, set[str]]:
        """The stages of stages, runs and bills, by what a claim calls them."""
        own = {stage_id: {stage_id} for stage_id in self.data.stages}
        return own | {scope: set(stage_ids) for scope, stage_ids in self.data.scopes.items()}

    def _made_of(self, base: str) -> set[str]:
        owner = base.rpartition(".")[0]
        for row in self.data.tables["quantities"]:
            if row["quantity_id"] == owner:
                inputs = [part.split("=")[1] for part in row["inputs"].split()]
                return set().union(*map(self._made_of, inputs))
        return self.stages.get(owner.removesuffix(".total"), set())

    def _judge(self, row: Row) -> Judged:
        if row["declared_verdict"]:
            try:
                printed = figure(row["printed"], row["unit"], row["printed_step"])
            except (AssertionError, KeyError):
                printed = None
            return Judged(row, printed, verdict=row["declared_verdict"])
        book_id = self.data.baseline
        printed = figure(row["printed"], row["unit"], row["printed_step"])
        stated = self._read(row, printed, book_id)
        number = self._at(row["quantity"], book_id)
        if number is None or stated is None:
            return Judged(row, printed, stated, None, "not computable")
        estimate = span(number)
        verdict, factor = self._numeric(row, stated, estimate)
        scoped = None
        if row["scope"]:
            claimed = set().union(*(self.stages[name] for name in row["scope"].split()))
            if claimed != self._made_of(row["quantity"]):
                column = row["quantity"].rpartition(".")[2]
                parts = [self._at(f"{each}.{column}", book_id) for each in claimed]
                ends = zip(*((p.value, p.low, p.high) for p in parts), strict=True)
                scoped = Number(*map(sum, ends))
                verdict = "wrong scope" if verdict in HOLDING else verdict
        return Judged(row, printed, stated, estimate, verdict, factor, scoped)

    def _read(self, row: Row, printed: Figure, book_id: str) -> Figure | None:
        if not row["reading"]:
            return printed
        inputs = dict(part.split("=") for part in row["inputs"].split())
        found = {name: self._at(each, book_id) for name, each in inputs.items()}
        if None in found.values():
            return None
        spans = {name: span(number) for name, number in found.items()}
        full, bare = (
            eval(row["reading"], {"__builtins__": {}}, spans | {"printed": each})
            for each in (printed.full, printed.bare)
        )
        return printed._replace(full=full, bare=bare)

    def _numeric(self, row: Row, claim: Figure, other: Span) -> tuple[str, Fraction | None]:
        if meets(claim.full, other):
            return self._holding(claim, other), None
        tried = claim.bare if claim.is_bound else claim.full
        factors = [Fraction(each) for each in FACTORS]
        spans = [Span(each, each, each) for each in factors]
        spans += [
            span(reported(each))
            for each in self.data.tables["reported_figures"]
            if re.fullmatch("[A-Z]{3}/[A-Z]{3}", each["unit"])
        ]
        fitting = [
            each.value for each in spans if meets(tried * each, other) or meets(tried / each, other)
        ]
        if fitting and not claim.is_words:
            return ("ambiguous unit", None) if fitting[1:] else ("wrong unit", fitting[0])
        is_slip = not row["reading"] and any(
            slipped(row["printed"], text) for text in self._prints(row["quantity"], other)
        )
        return ("transcription error" if is_slip else "inconsistent"), None

    def _holding(self, claim: Figure, other: Span) -> str:
        if claim.full.value == other.value and not claim.is_bound:
            return "exact"
        if not meets(claim.bare, other):
            return "consistent only through the qualifier"
        if claim.is_bound and claim.full.low <= other.low and other.high <= claim.full.high:
            return "consistent"
        width = Judged({}, claim, claim, other).width
        return "too coarse to test" if width is not None and width > COARSE else "consistent"

    def _prints(self, quantity: str, other: Span) -> Iterator[str]:
        """How sources print the number."""
        owner, _, column = quantity.rpartition(".")
        stage = self.data.stages.get(owner, {})
        raw = {"wall_hours": "wall_time", "gpu_hours": "gpu_hours_printed"}.get(column, column)
        texts = [(quantity, stage.get(raw, ""))]
        texts += [
            (f"{quantity}.printed", row["printed"])
            for row in self.data.tables["printed_totals"]
            if row["check_id"] == quantity
        ]
        for number_id, text in texts:
            if text and meets(span(self.numbers[number_id]), other):
                yield text

    def conflicts(self) -> Iterator[tuple[str, Row, Number | None]]:
        """Every value of the conflicts file: how its id begins, its row, its number."""
        for row in self.data.tables["conflicts"]:
            own = f"{row['conflict_id']}.{int(row['value_order']):02d}"
            found = None
            if row["unit"] not in ("date", "statement"):
                full = figure(row["printed"], row["unit"], row["printed_step"]).full
                found = Number(full.value, full.low, full.high)
            yield own, row, found

    def failed_checks(self) -> Iterator[tuple[str, Number, Number]]:
        """Printed totals that their stages do not give: id, as printed, as computed."""
        for row in self.data.tables["printed_totals"]:
            printed = self.numbers[f"{row['check_id']}.printed"]
            computed = self.numbers.get(f"{row['check_id']}.computed")
            if computed and not meets(span(printed), span(computed)):
                yield row["check_id"], printed, computed


def reported(row: Row) -> Number:
    """A reported figure; times in hours."""
    full = figure(row["printed"], "h", row["printed_step"]).full
    return Number(full.value, full.low, full.high)


def evaluated(formula: str, inputs: Mapping[str, Number | None]) -> Number | None:
    """A formula over numbers; none where one is missing."""
    if None in inputs.values():
        return None
    spans = {name: span(number) for name, number in inputs.items()}
    found = eval(formula, {"__builtins__": {}}, spans)
    return Number(found.value, found.low, found.high)


def slipped(claim: str, source: str) -> bool:
    """Whether one figure's digits are the other's after one slip."""
    ours, theirs = (re.sub(r"\D", "", text) for text in (claim, source))
    if max(len(ours), len(theirs)) < SHORTEST:
        return False
    ours, theirs = ours.strip("0"), theirs.strip("0")
    places = range(len(theirs))
    slips = {theirs, *(theirs[:i] + theirs[i + 1 :] for i in places)}
    slips |= {theirs[:i] + theirs[i] + theirs[i:] for i in places}
    slips |= {theirs[:i] + theirs[i : i + 2][::-1] + theirs[i + 2 :] for i in places}
    return ours in slips


def figures_of_claims(ledger: Ledger, which: str) -> Found:
    """The figures of the claims: printed, after the reading, and without their words."""
    for each in ledger.judged:
        source = each.printed if which == "printed" else each.stated
        if source:
            part = source.bare if which == "bare" else source.full
            yield f"{each.row['claim_id']}.{which}", Number(part.value, part.low, part.high)


def measures_of_claims(ledger: Ledger, which: str) -> Found:
    """What a verdict rests on."""
    for each in ledger.judged:
        value = None
        if which == "article_line":
            value = Fraction(each.row["article_line"]) if each.row["article_line"] else None
        elif which == "deviation":
            if each.estimate and not each.printed.is_words:
                value = each.stated.full.value / each.estimate.value - 1
        elif each.estimate or which == "scoped":
            value = getattr(each, {"width_share": "width"}.get(which, which))
        if value is not None:
            number = value if isinstance(value, Number) else Number(Fraction(value))
            yield f"{each.row['claim_id']}.{which}", number


def counts_of_claims(ledger: Ledger, name: str) -> Found:
    """How many claims got a verdict."""
    claims = [each for each in ledger.judged if each.row["kind"] == "claim"]
    computed = [each for each in claims if not each.row["declared_verdict"]]
    misread = [each for each in ledger.judged if each.row["kind"] == "misreading"]
    open_or_held = (*HOLDING, "too coarse to test", "not computable")
    groups = {
        "computed": computed,
        "declared": [each for each in claims if each.row["declared_verdict"]],
        "misreading": misread,
        "failing_misreading": [each for each in misread if each.verdict not in open_or_held],
    }
    by_verdict = [each for each in claims if each.verdict.replace(" ", "_") == name]
    found = groups.get(name, by_verdict)
    has_figure = {
        number_id.rpartition(".")[0]
        for which in ("printed", "stated")
        for number_id, number in figures_of_claims(ledger, which)
        if number is not None
    }
    # what cannot be counted by a number of its own gives no number
    if found and all(
        each.apart is not None or each.row["article_line"] or each.row["claim_id"] in has_figure
        for each in found
    ):
        yield f"claims.{name}_count", Number(Fraction(len(found)))


def values_of_conflicts(ledger: Ledger) -> Found:
    """The values that sources print."""
    for own, _, number in ledger.conflicts():
        yield f"{own}.printed", number


def ratios_of_conflicts(ledger: Ledger) -> Found:
    """The values over those that are used."""
    listed = list(ledger.conflicts())
    used = {
        row["conflict_id"]: (row, number) for _, row, number in listed if row["is_used"] == "yes"
    }
    for own, row, number in listed:
        chosen, other = used.get(row["conflict_id"], (row, None))
        if number and other and chosen["unit"] == row["unit"]:
            yield f"{own}.ratio_to_used", Number(number.value / other.value)
    for check_id, printed, computed in ledger.failed_checks():
        for order, number in (("01", printed), ("02", computed)):
            ratio = Number(number.value / computed.value)
            yield f"check.{check_id}.{order}.ratio_to_used", ratio


def counts_of_conflicts(ledger: Ledger, name: str) -> Found:
    """How many things sources contradict each other on, and for how many one value is used."""
    rows = [row for _, row, _ in ledger.conflicts()]
    things = {row["conflict_id"] for row in rows if name == "thing" or row["is_used"] == "yes"}
    found = len(things) + len(list(ledger.failed_checks()))
    yield f"conflicts.{name}_count", Number(Fraction(found))
