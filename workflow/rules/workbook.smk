# build/{validated,priced,estimates}/*.parquet -> build/tables/traincost.xlsx
# The published tables and every number behind them, with live formulas.

WORKBOOK = "build/tables/traincost.xlsx"

# all single settings; those of the price books are in validated/
SETTINGS = {name: value for name, value in CONFIG.items() if not isinstance(value, dict)}


rule write_workbook:
    """Write the published tables as a workbook that computes."""
    input:
        validated=VALIDATED,
        priced=PRICED,
        estimates=ESTIMATES,
        ingest_receipt="build/receipts/ingest_data.json",
        receipts=[
            "build/receipts/validate_data.json",
            "build/receipts/price_stages.json",
            "build/receipts/estimate_costs.json",
        ],
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
