"""training_cost under its own and under other prices."""

from __future__ import annotations

import pytest

from traincost.errors import UserError
from unit.tables.worlds import table, with_stages, world
from unit.world import layers, standard, text_of


def training_cost(tables):
    return table("training_cost", tables)


def column(shown, key: str) -> dict[str, str]:
    return {row.row_id: row.cells[key].display for row in shown.rows}


def test_it_goes_from_the_stages_of_r1_to_the_whole_bill() -> None:
    shown = training_cost(standard())
    assert shown.title == (
        "The $294,000 of DeepSeek-R1 rests on a base model: with V3 the bill is $5.87 million"
    )
    assert column(shown, "cost_usd") == {
        "r1.zero-rl": "202,000",
        "r1.sft-data": "10,000",
        "r1.training": "82,000",
        "r1.total": "294,000",
        "r1.total.unrounded": "294,672",
        "v3.pre-training": "5,328,000",
        "v3.context-extension": "238,000",
        "v3.post-training": "10,000",
        "v3.total": "5,576,000",
        "v3-r1.total": "5,870,000",
    }
    low, high = column(shown, "cost_usd_low"), column(shown, "cost_usd_high")
    assert (low["r1.total"], high["r1.total"]) == ("291,000", "297,000")
    assert (low["v3-r1.total"], high["v3-r1.total"]) == ("5,864,000", "5,876,000")


def test_shares_of_the_stages_add_up_to_the_whole() -> None:
    shown = training_cost(standard())
    shares = {row.row_id: row.cells["share"].value for row in shown.rows}
    stages = [share for row_id, share in shares.items() if "total" not in row_id]
    assert sum(stages) == pytest.approx(1)
    assert shares["r1.total"] + shares["v3.total"] == pytest.approx(1)
    assert column(shown, "share")["r1.total"] == "5.0"


def test_what_is_not_printed_and_what_does_not_apply_are_told_apart() -> None:
    counts = column(training_cost(standard()), "gpu_count")
    assert counts["r1.sft-data"] == "[x]"
    assert counts["r1.total"] == "[z]"


SENTENCES = {
    "flat": (
        "The $294,000 of DeepSeek-R1 rests on a base model: with V3 the bill is $5.87 million",
        "rented at 2.00 USD per GPU-hour (Two dollars; assumed, undated). Final runs only.",
        ["The price is taken as exact."],
        ["highest price", "Stand-in", "No total"],
    ),
    "dated": (
        "The $441,000 of DeepSeek-R1 rests on a base model: with V3 the bill is $8.81 million",
        "rented at 3.00 USD per GPU-hour (Dated; mean over the assumed dates of the runs). Final",
        ["The price is taken as exact."],
        ["highest price", "Stand-in", "No total"],
    ),
    "vendors": (
        "The $294,000 of DeepSeek-R1",
        "rented at 2.00 USD per GPU-hour (Two vendors; mean over the assumed dates of the runs)",
        ["They also span the lowest and the highest price in force."],
        ["exact", "Stand-in"],
    ),
    "stand-in": (
        "The $294,000 of DeepSeek-R1",
        "mean over the assumed dates of the runs; price of another GPU as a stand-in)",
        ["Stand-ins: prices of H100 SXM 80GB for H800 SXM 80GB."],
        ["No total"],
    ),
    "r1-only": (
        "No bill for DeepSeek-R1 with V3: Only R1 does not price V3",
        "GPU-hours as the maker prints them. Final runs only.",
        ["No total under Only R1: v3.context-extension: no quote for H800 SXM 80GB in force on"],
        ["Stand-in"],
    ),
    "unpriced": (
        "No bill for DeepSeek-R1 with V3: Nothing does not price R1 and V3",
        "GPU-hours as the maker prints them. Final runs only.",
        ["no quote for H800 SXM 80GB and no stand-in configured"],
        ["exact", "highest price", "Stand-ins"],
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_other_prices_leave_no_false_sentence(name: str) -> None:
    title, subtitle, said, unsaid = SENTENCES[name]
    shown = training_cost(world(name))
    assert shown.title.startswith(title)
    assert subtitle in shown.subtitle
    notes = " ".join(shown.notes)
    assert all(sentence in notes for sentence in said), notes
    assert not any(word in notes for word in unsaid), notes


def test_a_run_without_a_price_shows_no_total_and_no_share() -> None:
    shown = training_cost(world("r1-only"))
    costs, shares = column(shown, "cost_usd"), column(shown, "share")
    assert costs["r1.total"] == "294,000"
    assert costs["v3.total"] == costs["v3-r1.total"] == "[x]"
    assert shares["r1.total"] == shares["v3.total"] == "[x]"


def test_hours_that_are_a_product_are_not_called_printed() -> None:
    shown = training_cost(with_stages(("roughly 80 hours,1,41K,", "roughly 80 hours,1,,")))
    labels = {row.row_id: row.label for row in shown.rows}
    assert labels["r1.total"] == "Added up"
    assert labels["v3.total"] == "As printed, added up"


def test_it_names_its_documents_and_the_files_read() -> None:
    sources, read = training_cost(standard()).notes[-2:]
    assert sources.startswith("Sources: DeepSeek-AI, Nature 645")
    assert "DeepSeek-V3 Technical Report" in sources
    assert "data/prices/deepseek_2usd.csv (" in read and "data/stages.csv (" in read
    assert "h100" not in read


def without_bill(text: str, bill: str) -> str:
    """The lines of a data file that do not name the bill."""
    return "".join(line for line in text.splitlines(keepends=True) if bill not in line)


def test_a_bill_that_is_gone_from_the_data_is_named() -> None:
    # with the bill go the claims, the quantities, the conflicts and the rungs that name it
    names = ("scopes", "claims", "quantities", "conflicts", "rungs")
    without = {name: without_bill(text_of(f"data/{name}.csv"), "v3-r1") for name in names}
    # so does the claim about buying in place of renting both runs
    without["claims"] = without_bill(without["claims"], "cluster_to_rental")
    tables = layers(without)
    for name in ("training_cost", "price_books"):
        with pytest.raises(UserError) as error:
            table(name, tables)
        assert str(error.value) == (
            f"table {name}: there is no bill 'v3-r1'; it must be a run of data/stages.csv or a"
            " scope of data/scopes.csv"
        )
