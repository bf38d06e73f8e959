# all layers, receipts and declarations -> build/audit/
# Every number with what it was made of, the page on which to open them, what every file means,
# and how to tell that it is what the workflow wrote.

NUMBERS, PAGE = "build/audit/numbers.parquet", "build/audit/index.html"
AUDIT = [NUMBERS, PAGE, "build/audit/dictionary.md", "build/audit/provenance.json"]
LAYER_RECEIPTS = [
    "build/receipts/validate_data.json",
    "build/receipts/price_stages.json",
    "build/receipts/estimate_costs.json",
    "build/receipts/render_tables.json",
]


rule trace_numbers:
    """Tie every number that a table shows to what it was made of."""
    input:
        layers=[VALIDATED, PRICED, ESTIMATES, CELLS, CHANGES],
        receipts=LAYER_RECEIPTS,
    output:
        numbers=NUMBERS,
        receipt="build/receipts/trace_numbers.json",
    log:
        "logs/trace_numbers.log",
    params:
        *digests.of_rule("trace_numbers"),
    message:
        "Tracing numbers"
    run:
        workers.run(rule, input, output, params, log)


rule write_page:
    """Write the audit page: every table and every number behind it, in one file."""
    input:
        layers=[VALIDATED, PRICED, ESTIMATES, TABLES],
        numbers=NUMBERS,
        ingest_receipt="build/receipts/ingest_data.json",
        receipts=[LAYER_RECEIPTS, "build/receipts/trace_numbers.json"],
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


rule write_audit:
    """Write the dictionary, and the record of every file's hash."""
    input:
        receipts=[
            "build/receipts/ingest_data.json",
            LAYER_RECEIPTS,
            "build/receipts/trace_numbers.json",
            "build/receipts/write_page.json",
        ],
    output:
        dictionary="build/audit/dictionary.md",
        provenance="build/audit/provenance.json",
        receipt="build/receipts/write_audit.json",
    log:
        "logs/write_audit.log",
    params:
        *digests.of_rule("write_audit"),
    message:
        "Writing dictionary and provenance"
    run:
        workers.run(rule, input, output, params, log)


rule verify:
    """Re-hash everything under results/ against results/audit/provenance.json."""
    log:
        "logs/verify.log",
    message:
        "Verifying results/"
    run:
        workers.run(rule, input, output, params, log)
