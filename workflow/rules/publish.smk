# build/ -> results/
# The whole set at once, and only when every rule has passed: until then results/
# keeps the last good set.

PUBLISHED = "build/receipts/publish_results.json"


rule publish_results:
    """Replace results/ by the complete new set."""
    input:
        files=[INGESTED, VALIDATED, PRICED, ESTIMATES, CLAIMS, TABLES, WORKBOOK, AUDIT],
        receipts=[
            "build/receipts/ingest_data.json",
            "build/receipts/validate_data.json",
            "build/receipts/price_stages.json",
            "build/receipts/estimate_costs.json",
            "build/receipts/judge_claims.json",
            "build/receipts/render_tables.json",
            "build/receipts/trace_numbers.json",
            "build/receipts/write_page.json",
            "build/receipts/write_workbook.json",
            "build/receipts/write_audit.json",
        ],
    output:
        receipt=PUBLISHED,
    log:
        "logs/publish_results.log",
    params:
        *digests.of_rule("publish_results"),
    message:
        "Publishing to results/"
    run:
        workers.run(rule, input, output, params, log)
