"""Every kind of bad input ends in its sentence: file, line, column, found, what must hold."""

from __future__ import annotations

import pytest

from price_files.files import COLUMNS, GOOD, csv_of, own, quotes, read, refusal

PLAIN = "must be a plain number such as 3.42: digits, a point, at most six decimals"

PRICES = [
    ("-3.42", f"'-3.42'; begins with a minus, and nothing here is below zero; {PLAIN}"),
    ("0", "'0'; must be greater than 0"),
    ("0.000000", "'0.000000'; must be greater than 0"),
    ("$4.86", f"'$4.86'; has the currency with it; {PLAIN}"),
    ("4.86 USD", f"'4.86 USD'; has the currency with it; {PLAIN}"),
    ("44,489.88", f"'44,489.88'; has a comma for the thousands; {PLAIN}"),
    ("2,05", f"'2,05'; has a comma for a decimal point; {PLAIN}"),
    ("\u22122.05", "(with MINUS SIGN); begins with the sign U+2212, and nothing here is below"),
    ("NaN", f"'NaN'; is no number; {PLAIN}"),
    ("inf", f"'inf'; is no number; {PLAIN}"),
    ("Infinity", f"'Infinity'; is no number; {PLAIN}"),
    ("n/a", f"'n/a'; is no number; {PLAIN}"),
    ("2.7500001", f"'2.7500001'; has more decimals; {PLAIN}"),
    ("27e-1", f"'27e-1'; has an exponent; {PLAIN}"),
    ("\uff12.75", "(with FULLWIDTH DIGIT TWO); has other digits than 0 to 9; " + PLAIN),
    ("9" * 30, "this has too many digits"),
    (" 2.75", "must not begin or end with a space"),
    ("2.75\xa0", "must not begin or end with a space or hold a no-break space"),
    ("two", f"'two'; {PLAIN}"),
]


@pytest.mark.parametrize(("price", "sentence"), PRICES)
def test_a_price_that_is_none(price: str, sentence: str) -> None:
    said = refusal(own({}, {"usd_per_gpu_hour": price, "vendor": "Other"}))
    assert said.startswith("1 bad cell in 1 file; nothing was built from them:\n")
    assert "  mine.csv, line 3, column usd_per_gpu_hour: found '" in said
    assert sentence in said


def test_a_blank_price() -> None:
    said = refusal(own({"usd_per_gpu_hour": ""}))
    assert (
        "mine.csv, line 2, column usd_per_gpu_hour: must not be empty, unless price_per_gpu_hour"
        " and currency are filled" in said
    )


def test_the_price_of_a_node_is_told_from_that_of_a_gpu() -> None:
    said = refusal(own({"usd_per_gpu_hour": "27.36", "gpus_in_offer": "8"}))
    assert "column usd_per_gpu_hour: found '27.36'; must be at most 15 USD for one GPU-hour" in said
    assert "this looks like the price of a whole node: divide it by the GPUs of the node" in said
    assert "27.36 / 8 is 3.42" in said


def test_the_plausible_range_is_that_of_the_gpu() -> None:
    """8.80 may be an H100; it is eight A100s at 1.10."""
    assert len(quotes(own({"gpu": "H100 SXM 80GB", "usd_per_gpu_hour": "8.80"}))) == 1
    assert "must be at most 8 USD" in refusal(
        own({"gpu": "A100 SXM 40GB", "usd_per_gpu_hour": "8.80"})
    )


def test_a_price_per_minute_is_too_low() -> None:
    said = refusal(own({"usd_per_gpu_hour": "0.0458"}))
    assert "found '0.0458'; must be at least 0.6 USD for one GPU-hour of H800 SXM 80GB" in said


def test_a_gpu_without_a_plausible_range_is_not_priced() -> None:
    said = refusal(own({"gpu": "GPU not stated"}))
    assert "column gpu: found 'GPU not stated'; has no plausible price in data/gpus.csv" in said


DATES = [
    ("soon", "'soon'; must be a date of the calendar, written YYYY-MM-DD"),
    ("2024-13-45", "'2024-13-45'; must be a date of the calendar, written YYYY-MM-DD"),
    ("2024-02-30", "'2024-02-30'; must be a date of the calendar"),
    ("29/09/2022", "'29/09/2022'; must be a date of the calendar, written YYYY-MM-DD"),
    ("20240901", "'20240901'; must be a date of the calendar"),
    ("2024-9-1", "'2024-9-1'; must be a date of the calendar"),
    ("3022-09-01", "'3022-09-01'; must not be later than as_of in the configuration (2026-11-24)"),
    ("0024-09-01", "'0024-09-01'; must not be earlier than 2000-01-01"),
    ("\uff12024-09-01", "must be a date of the calendar"),
    ("2024-09-01 00:00", "must be a date of the calendar"),
]


@pytest.mark.parametrize(("day", "sentence"), DATES)
def test_a_date_that_is_none(day: str, sentence: str) -> None:
    said = refusal(own({}, {"quote_date": day, "vendor": "Other"}))
    assert "mine.csv, line 3, column quote_date: found '" in said
    assert sentence in said


def test_a_blank_date_in_a_dated_book() -> None:
    said = refusal(own({}, {"quote_date": ""}))
    assert (
        "mine.csv, line 3, column quote_date: must not be empty: other quotes of this book are"
        " dated" in said
    )


def test_no_date_at_all_is_a_flat_book() -> None:
    assert quotes(own({"quote_date": ""}))["quote_date"].to_list() == [None]


GPUS = [
    ("H800 SXM 8OGB", "must stand in data/gpus.csv; did you mean 'H800 SXM 80GB'"),
    ("h800 sxm 80gb", "did you mean 'H800 SXM 80GB'"),
    (
        "\u041d800 SXM 80GB",
        "(with CYRILLIC CAPITAL LETTER EN); must stand in data/gpus.csv; did you mean"
        " 'H800 SXM 80GB'? It only looks like that: it holds U+041D",
    ),
    ("H\uff1800 SXM 80GB", "'H800 SXM 80GB'? It only looks like that: it holds U+FF18"),
    ("H100\u2011SXM", "did you mean 'H100-SXM'? It only looks like that: it holds U+2011"),
    ("H800 SXM\xa080GB", "must not begin or end with a space or hold a no-break space"),
    ("H800  SXM 80GB", "must not hold two spaces in a row"),
    ("H800 SXM 80GB ", "must not begin or end with a space"),
    ("H800\u200b SXM 80GB", "must not hold control or invisible characters"),
    ("Voodoo 5", "found 'Voodoo 5'; must stand in data/gpus.csv"),
    ("", "column gpu: must not be empty"),
]


@pytest.mark.parametrize(("gpu", "sentence"), GPUS)
def test_a_gpu_that_is_none(gpu: str, sentence: str) -> None:
    said = refusal(own({"gpu": gpu}))
    assert "mine.csv, line 2, column gpu: " in said
    assert sentence in said


@pytest.mark.parametrize("column", ["vendor", "region"])
@pytest.mark.parametrize("name", ["A\xa0B", "A  B", " A", "A\t"])
def test_spaces_in_keys_that_nobody_sees(column: str, name: str) -> None:
    said = refusal(own({column: name}))
    assert f"mine.csv, line 2, column {column}: found " in said


TWINS = ["example cloud", "Ex\u0430mple Cloud", "\uff25xample Cloud"]


@pytest.mark.parametrize("column", ["vendor", "region"])
@pytest.mark.parametrize("name", TWINS)
def test_one_name_in_two_spellings(column: str, name: str) -> None:
    """Taken for two vendors, they would count twice in the median."""
    said = refusal(own({column: "Example Cloud"}, {column: name}))
    assert f"mine.csv, line 3, column {column}: found '" in said
    assert "must be spelt as 'Example Cloud' in line 2" in said


def test_an_accent_may_be_a_letter_of_its_own_or_not() -> None:
    said = refusal(own({"vendor": "Caf\u00e9"}, {"vendor": "Cafe\u0301"}))
    assert "line 3, column vendor: found" in said
    assert "must be spelt as 'Caf\u00e9' in line 2" in said
    assert len(quotes(own({"vendor": "Caf\u00e9"}, {"vendor": "Cafe"}))) == 2


def test_two_quotes_of_a_vendor_for_one_day() -> None:
    said = refusal(own({}, {"usd_per_gpu_hour": "2.80", "gpus_in_offer": "1"}))
    assert (
        "mine.csv, line 3, column quote_date: found '2024-09-01'; must differ from that of line 2,"
        " a quote of the same vendor for the same GPU, region and commitment" in said
    )


def test_one_id_for_two_quotes() -> None:
    said = refusal(own({}, {"quote_id": "q1", "quote_date": "2024-10-01"}))
    assert "mine.csv, line 3, column quote_id: found 'q1'; must be unique" in said
    assert "also stands in mine.csv, line 2" in said


def header(columns: list[str]) -> str:
    return ",".join(columns) + "\n" + ",".join("x" for _ in columns) + "\n"


HEADERS = [
    ([c for c in COLUMNS if c != "vendor"], "column 'vendor' is missing"),
    ([*COLUMNS, "colour"], "column 'colour' is not known"),
    (
        ["GPU" if c == "gpu" else c for c in COLUMNS],
        "column 'GPU' is not known; did you mean 'gpu'",
    ),
    (["GPU" if c == "gpu" else c for c in COLUMNS], "column 'gpu' is missing"),
    ([*COLUMNS, "vendor"], "column 'vendor' stands 2 times"),
    ([c for c in COLUMNS if c != "usd_per_gpu_hour"], "column 'usd_per_gpu_hour' is missing"),
    ([*COLUMNS, "currency"], "column 'price_per_gpu_hour' is missing: 'currency' needs it"),
    ([*COLUMNS, ""], "column without a name is not known"),
    ([" gpu" if c == "gpu" else c for c in COLUMNS], "column ' gpu' is not known; did you mean"),
    ([c.upper() for c in COLUMNS], "column 'GPU' is not known; did you mean 'gpu'"),
]


@pytest.mark.parametrize(("columns", "sentence"), HEADERS)
def test_a_wrong_header(columns: list[str], sentence: str) -> None:
    said = refusal(header(columns))
    assert said.startswith("mine.csv, line 1: the header is wrong for a file with this project's")
    assert sentence in said


def test_short_and_long_rows_come_with_the_bad_cells_of_the_others() -> None:
    good, other, third = own({}, {"vendor": "B"}, {"vendor": "C", "kind": "bargain"}).splitlines()[
        1:
    ]
    text = "\n".join([",".join(COLUMNS), f"{good},more", other.rsplit(",", 2)[0], third]) + "\n"
    said = refusal(text)
    assert said.startswith("3 bad cells in 1 file")
    assert "mine.csv, line 2: found 18 cells; a row must have 17" in said
    assert "mine.csv, line 3: found 15 cells; a row must have 17" in said
    assert "mine.csv, line 4, column kind: found 'bargain'; must be one of: list, index" in said


def test_the_line_is_where_a_row_starts_whatever_its_cells_hold() -> None:
    said = refusal(own({"note": "two\nlines"}, {"vendor": "B", "kind": "bargain"}))
    assert "line 2, column note: found 'two\\u000alines'; must not hold control" in said
    assert "line 4, column kind" in said


def test_all_mistakes_of_a_file_come_at_once() -> None:
    said = refusal(
        own(
            {"usd_per_gpu_hour": "$1", "gpu": "H8000", "status": "sure"},
            {"vendor": "", "quote_date": "2024-13-01", "source_id": "nowhere"},
        )
    )
    assert said.startswith("6 bad cells in 1 file")
    for column in ("usd_per_gpu_hour", "gpu", "status"):
        assert f"mine.csv, line 2, column {column}: found" in said
    for column in ("quote_date", "source_id"):
        assert f"mine.csv, line 3, column {column}: found" in said
    assert "mine.csv, line 3, column vendor: must not be empty" in said


def test_of_very_many_mistakes_the_first_are_listed_and_the_rest_counted() -> None:
    said = refusal(own(*({"usd_per_gpu_hour": "-1", "vendor": f"V{n}"} for n in range(60_001))))
    assert said.startswith("60,001 bad cells in 1 file")
    assert len(said.splitlines()) == 1 + 40 + 1
    assert "mine.csv, line 2, column usd_per_gpu_hour" in said.splitlines()[1]
    assert "mine.csv, line 41, column usd_per_gpu_hour" in said.splitlines()[40]
    assert said.endswith("... and 59,961 more")


FILES = [
    (b"", "mine.csv: is empty; a header and at least one row must be there"),
    (b"\n\n", "mine.csv: is empty; a header and at least one row must be there"),
    (",".join(COLUMNS).encode() + b"\n", "mine.csv: has a header and no rows; at least one row"),
    (own({}).encode("utf-16"), "mine.csv: is UTF-16; save it as UTF-8"),
    (own({}).encode("utf-16-le"), "mine.csv: is UTF-16; save it as UTF-8"),
    (own({}).encode("utf-16-be"), "mine.csv: is UTF-16; save it as UTF-8"),
    (own({"vendor": "Müller"}).encode("latin-1"), "mine.csv, line 2: byte 0xfc is not UTF-8"),
    (own({}).encode() + b"\0", "mine.csv, line 3: holds a NUL byte; it must be a text file"),
    (b"PK\x03\x04rest", "mine.csv: is a workbook or another ZIP file; save the sheet as CSV"),
    (b"\x1f\x8brest", "mine.csv: is compressed with gzip; unpack it"),
    (b"%PDF-1.7", "mine.csv: is a PDF; a table is needed, as CSV or Parquet"),
    (b"PAR1 and no more", "mine.csv: cannot be read as Parquet"),
    (b"as_of: 2026-11-24\nbaseline: x\n", "mine.csv, line 1: found 'as_of: 2026-11-24'; must be"),
    (b"as_of: 2026-11-24\nbaseline: x\n", "It looks like YAML; `prices` takes a table"),
    (b"# a comment\nas_of: 1\n", "mine.csv, line 2: found 'as_of: 1'; must be"),
    (b"as_of: 1\n", "It looks like YAML; `prices` takes a table; settings go into"),
    (b"# mine\n" + own({}).encode().replace(b",gpu,", b",gpus,"), "mine.csv, line 2: the header"),
    (own({}).encode("utf-32"), "mine.csv: is UTF-32; save it as UTF-8"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "mine.csv: is an old workbook; save the sheet as CSV"),
    (b"BZh91AY&SY", "mine.csv: is compressed with bzip2; unpack it"),
    (own({}).encode() + b"one\n", "mine.csv, line 3: found 1 cell; a row must have 17"),
    (own({}).replace(",", ";").encode(), "Its cells are separated by semicolons; they must be by"),
    (
        own({}).replace(",", "\t").encode(),
        "Its cells are separated by tabs; they must be by commas",
    ),
    (b"once upon a time\n", "found 'once upon a time'; must be the header of a file with this"),
    (
        b"a,b,c\n1,2,3\n",
        "this project's columns, Epoch AI's columns of hardware prices or SkyPilot",
    ),
    (b"\x89PNG\r\n\x1a\n\0\0\0", "byte 0x89 is not UTF-8"),
    (b"x" * 3_000_000, "mine.csv, line 1: is longer than 1,048,576 bytes"),
    (
        (own({}) + 'q2,"H800').encode() + b"x" * 200_000,
        "mine.csv, line 3: not readable as CSV: field larger than",
    ),
    ((own({}) + 'q2,"H8"00,\n').encode(), "mine.csv, line 3: not readable as CSV"),
]


@pytest.mark.parametrize(("data", "sentence"), FILES)
def test_a_file_that_is_no_price_table(data: bytes, sentence: str) -> None:
    said = refusal(data)
    assert sentence in said
    assert len(said) < 1000


def test_a_byte_order_mark_and_windows_ends_are_accepted_with_a_note() -> None:
    plain = quotes(own({}, {"vendor": "B"}))
    odd = csv_of([GOOD, GOOD | {"quote_id": "q2", "vendor": "B"}], end="\r\n").encode("utf-8-sig")
    assert quotes(odd).equals(plain)
    assert read(odd).notes["note"].to_list() == [
        "the file begins with a byte order mark, which is left out",
        "lines end as on Windows (CR LF)",
    ]


def test_ends_of_old_machines_are_accepted() -> None:
    assert quotes(own({}, {"vendor": "B"}).replace("\n", "\r")).equals(
        quotes(own({}, {"vendor": "B"}))
    )


def test_an_exact_duplicate_counts_once_with_a_note() -> None:
    text = own({}, {"vendor": "B"})
    twice = text + text.splitlines()[1] + "\n"
    assert quotes(twice).equals(quotes(text))
    assert len(read(twice).quotes) == 3, "the ingested layer drops nothing"
    assert read(twice).notes.select("line", "note", "repeats_line").rows() == [
        (4, "repeats line 2 exactly; counted once", 2)
    ]


HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "<script>alert(1)</script>",
    "\\input{/etc/passwd}",
    "$(touch x)",
    "../../x",
    "'; DROP TABLE quotes; --",
    "{quote_id}",
    "+1",
    "@SUM(A1)",
]


@pytest.mark.parametrize("vendor", HOSTILE)
def test_a_hostile_vendor_is_a_name_like_any_other(vendor: str) -> None:
    assert quotes(own({"vendor": vendor}))["vendor"].to_list() == [vendor]


CURRENCIES = [
    (
        {"usd_per_gpu_hour": "", "price_per_gpu_hour": "20", "currency": ""},
        "column currency: must not be empty",
    ),
    (
        {"usd_per_gpu_hour": "", "price_per_gpu_hour": "", "currency": "CNY"},
        "column price_per_gpu_hour: must not be empty",
    ),
    (
        {"price_per_gpu_hour": "20", "currency": "CNY"},
        "column price_per_gpu_hour: found '20'; must be empty where",
    ),
    ({"currency": "CNY"}, "column currency: found 'CNY'; must be empty or USD where"),
    (
        {"usd_per_gpu_hour": "", "price_per_gpu_hour": "20", "currency": "RMB"},
        "found 'RMB'; must be a currency of data/exchange_rates.csv: CNY, USD",
    ),
    (
        {
            "usd_per_gpu_hour": "",
            "price_per_gpu_hour": "20",
            "currency": "CNY",
            "quote_date": "2023-05-01",
        },
        "found 'CNY'; data/exchange_rates.csv has no rate for 2023-05-01, nor of the 31 days"
        " before; it has CNY from 2024-07-24 to 2025-02-01",
    ),
    (
        {"usd_per_gpu_hour": "", "price_per_gpu_hour": "20", "currency": "CNY", "quote_date": ""},
        "column quote_date: must not be empty: a price in CNY is converted at the rate of its day",
    ),
    (
        {"usd_per_gpu_hour": "", "price_per_gpu_hour": "¥20", "currency": "CNY"},
        "column price_per_gpu_hour: found '¥20'",
    ),
    (
        {
            "usd_per_gpu_hour": "",
            "price_per_gpu_hour": "200",
            "currency": "CNY",
            "quote_date": "2024-10-15",
        },
        "column price_per_gpu_hour: found '200'; must be at most 15 USD for one GPU-hour"
        " (28.2163 USD)",
    ),
]


@pytest.mark.parametrize(("cells", "sentence"), CURRENCIES)
def test_a_price_that_cannot_be_converted(cells: dict[str, str], sentence: str) -> None:
    assert sentence in refusal(own(cells))
