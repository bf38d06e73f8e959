# all layers and the cells of the tables -> build/audit/numbers.parquet
# Every number with what it was made of.

NUMBERS = "build/audit/numbers.parquet"
# of whatever the surfaces below read
NUMBERED_RECEIPTS = [
    "build/receipts/validate_data.json",
    "build/receipts/price_stages.json",
    "build/receipts/estimate_costs.json",
    "build/receipts/judge_claims.json",
    "build/receipts/render_tables.json",
]


rule trace_numbers:
    """Tie every number that a table shows to what it was made of."""
    input:
        layers=[VALIDATED, PRICED, ESTIMATES, CLAIMS, CELLS, CHANGES],
        receipts=NUMBERED_RECEIPTS,
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
