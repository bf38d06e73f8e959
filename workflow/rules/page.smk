# all layers, tables and numbers -> build/audit/index.html
# The page on which every number opens.

PAGE = "build/audit/index.html"


rule write_page:
    """Write the audit page: every table, picture and number behind them, in one file."""
    input:
        layers=[VALIDATED, PRICED, ESTIMATES, CLAIMS],
        numbers=NUMBERS,
        ingest_receipt="build/receipts/ingest_data.json",
        receipts=[NUMBERED_RECEIPTS, "build/receipts/trace_numbers.json"],
    output:
        page=PAGE,
        receipt="build/receipts/write_page.json",
    log:
        "logs/write_page.log",
    params:
        *digests.of_rule("write_page"),
    message:
        "Writing the audit page"
    run:
        workers.run(rule, input, output, params, log)
