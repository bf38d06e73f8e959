"""What rows must hold together."""

from __future__ import annotations

import pytest

from traincost.errors import UserError
from unit.world import book, price, quotes_csv, text_of, validate

H800 = "H800 SXM 80GB"


def refused(files: dict[str, str] | None = None, *quotes: dict, **entry) -> list[str]:
    """The lines of the error, without the heading."""
    books = {"mine": book("Mine", quotes_csv(*(quotes or ({},))), **entry)}
    with pytest.raises(UserError) as error:
        validate(files, books)
    return [line.strip() for line in str(error.value).splitlines()[1:]]


def edited(name: str, *changes: tuple[str, str]) -> dict[str, str]:
    text = text_of(f"data/{name}.csv")
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}.csv"
        text = text.replace(old, new)
    return {name: text}


QUOTES = "data/prices/Mine.csv"


@pytest.mark.parametrize(
    ("gpu", "shown"),
    [
        ("H800 SXM 8OGB", "'H800 SXM 8OGB'"),
        ("h800 sxm 80gb", "'h800 sxm 80gb'"),
        ("\u041d800 SXM 80GB", "'\u041d800 SXM 80GB' (with CYRILLIC CAPITAL LETTER EN)"),
    ],
)
def test_an_unknown_gpu_is_named_with_near_names(gpu: str, shown: str) -> None:
    (said,) = refused(None, {"gpu": gpu})
    assert said.startswith(f"{QUOTES}, line 2, column gpu: found {shown}; must stand in")
    assert f"must stand in data/gpus.csv; did you mean '{H800}'" in said


def test_an_unknown_source_is_named() -> None:
    (said,) = refused(None, {"source_id": "deepseek-v3-raport"})
    assert said.startswith(
        f"{QUOTES}, line 2, column source_id: found 'deepseek-v3-raport'; must stand in"
        " data/sources.csv; did you mean 'deepseek-v3-report'"
    )


def test_ids_in_a_list_are_looked_up_one_by_one() -> None:
    assert refused(edited("scopes", (",v3 r1,", ",v3 r2,"))) == [
        "data/scopes.csv, line 4, column run_ids: found 'r2'; must stand in data/stages.csv;"
        " did you mean 'r1'?"
    ]


def test_an_id_twice_in_a_list_is_refused_and_not_counted_twice() -> None:
    assert refused(edited("scopes", (",v3 r1,", ",v3 r1 v3,"))) == [
        "data/scopes.csv, line 4, column run_ids: found 'v3 r1 v3'; must name each id once"
    ]
    twice = "r1.zero-rl r1.sft-data r1.sft-data r1.training"
    line = "r1.total.gpu_hours,r1,"
    change = (f"{line}r1.zero-rl r1.sft-data r1.training", f"{line}{twice}")
    (said,) = refused(edited("printed_totals", change))
    assert f"column stage_ids: found '{twice}'; must name each id once" in said


def test_a_scope_named_after_a_run_must_hold_that_run_alone() -> None:
    assert refused(edited("scopes", ("r1,R1 alone,r1,", "r1,R1 alone,v3 r1,"))) == [
        "data/scopes.csv, line 2, column run_ids: found 'v3 r1'; must be 'r1', the run that the"
        " scope is named after"
    ]


def test_a_date_after_as_of_is_refused() -> None:
    assert refused(None, {"quote_date": "2026-11-25"}) == [
        f"{QUOTES}, line 2, column quote_date: found '2026-11-25'; must not be later than as_of in"
        " the configuration (2026-11-24)"
    ]
    validate(None, {"mine": book("Mine", quotes_csv({"quote_date": "2026-11-24"}))})


def test_a_book_is_dated_in_all_rows_or_in_none() -> None:
    quotes = ({"quote_date": "2024-01-01"}, {"vendor": "Other"})
    assert refused(None, *quotes) == [
        f"{QUOTES}, line 3, column quote_date: must not be empty: other quotes of this book are"
        " dated"
    ]


def test_two_quotes_of_a_vendor_for_the_same_day_are_refused() -> None:
    dear, cheap = {"usd_per_gpu_hour": "3"}, {"usd_per_gpu_hour": "2"}
    quotes = [quote | {"quote_date": "2024-01-01"} for quote in (dear, {"vendor": "Other"}, cheap)]
    assert refused(None, *quotes) == [
        f"{QUOTES}, line 4, column quote_date: found '2024-01-01'; must differ from that of line"
        " 2, a quote of the same vendor for the same GPU, region and commitment"
    ]


def test_undated_quotes_of_a_vendor_all_count() -> None:
    tables = validate(None, {"mine": book("Mine", quotes_csv({}, {"usd_per_gpu_hour": "3"}))})
    row = price(tables)["stages"].filter(stage_id="r1.training").row(0, named=True)
    names = ("usd_per_gpu_hour", "usd_per_gpu_hour_low", "usd_per_gpu_hour_high")
    assert [row[name] for name in names] == [2.5, 2, 3]


def test_quotes_of_other_regions_gpus_commitments_or_days_are_no_second_quotes() -> None:
    base = {"quote_date": "2024-01-01"}
    quotes = [
        base,
        base | {"region": "east"},
        base | {"gpu": "H100 SXM 80GB"},
        base | {"commitment": "spot"},
        base | {"quote_date": "2024-01-02"},
    ]
    validate(None, {"mine": book("Mine", quotes_csv(*quotes), commitment="on-demand")})


def test_a_stage_has_hours_or_gpus_and_time() -> None:
    assert refused(edited("stages", (",119K,", ",,"))) == [
        "data/stages.csv, line 3, column gpu_hours_printed: must be there, or gpu_count and"
        " wall_time both must"
    ]


def test_model_developer_and_release_are_the_same_in_all_stages_of_a_run() -> None:
    change = ("r1.sft-data,r1,2,DeepSeek-R1,", "r1.sft-data,r1,2,DeepSeek-R2,")
    assert refused(edited("stages", change)) == [
        "data/stages.csv, line 6, column model: found 'DeepSeek-R2'; must be the same in every"
        " stage of run r1"
    ]


def test_an_unreadable_cell_is_refused_once_and_blames_no_other() -> None:
    text = text_of("data/stages.csv").splitlines()
    text[1] = text[1].replace("2664K", "2664X").replace("2024-12-26", "2024-12-32")
    said = refused({"stages": "\n".join(text)})
    assert [line.split(": found")[0] for line in said] == [
        "data/stages.csv, line 2, column gpu_hours_printed",
        "data/stages.csv, line 2, column release_date",
    ]


def test_two_stages_cannot_have_the_same_place_in_a_run() -> None:
    assert refused(edited("stages", ("r1.sft-data,r1,2,", "r1.sft-data,r1,1,"))) == [
        "data/stages.csv, line 6, column stage_order: found '1'; must differ from that of the"
        " other stages of run r1"
    ]


def test_a_rate_needs_tokens() -> None:
    (said,) = refused(edited("printed_totals", ("180K,,14.8T,", "180K,,,")))
    assert said == (
        "data/printed_totals.csv, line 7, column tokens: must be there: a rate is checked with its"
        " tokens"
    )


def test_an_alias_is_not_the_name_of_another_gpu() -> None:
    assert refused(edited("gpu_aliases", ("A100-SXM,A100 (form", f"{H800},A100 (form"))) == [
        f"data/gpu_aliases.csv, line 4, column alias: found '{H800}'; must not be the canonical"
        " name of an accelerator"
    ]


def test_a_stand_in_must_be_an_accelerator() -> None:
    books = {"mine": book("Mine", quotes_csv({}), stand_ins={"*": "H800 SXM 8OGB"})}
    with pytest.raises(UserError) as error:
        validate(None, books)
    assert str(error.value).startswith(
        "configuration, price_books.mine.stand_ins: 'H800 SXM 8OGB' is no accelerator of"
        f" data/gpus.csv; did you mean '{H800}'"
    )
