# all layers and numbers -> build/tables/traincost.xlsx
# The published tables and every number behind them, with live formulas.

WORKBOOK = "build/tables/traincost.xlsx"

# shown as what the run was set to; paths of a user's files are not
SETTINGS = {name: CONFIG[name] for name in ["as_of", "baseline", "quote_max_age_days"]}


rule write_workbook:
    """Write the published tables as a workbook that computes."""
    input:
        layers=[VALIDATED, PRICED, ESTIMATES, CLAIMS, CELLS],
        numbers=NUMBERS,
        ingest_receipt="build/receipts/ingest_data.json",
        receipts=[NUMBERED_RECEIPTS, "build/receipts/trace_numbers.json"],
    output:
        workbook=WORKBOOK,
        receipt="build/receipts/write_workbook.json",
    log:
        "logs/write_workbook.log",
    params:
        *digests.of_rule("write_workbook", config=SETTINGS),
        config=SETTINGS,
    message:
        "Writing the workbook"
    run:
        workers.run(rule, input, output, params, log)
