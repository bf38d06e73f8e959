# all layers, receipts and declarations -> build/audit/
# Every number with what it was made of, what every file means, and how to tell that it is what the workflow wrote.

AUDIT = [
    "build/audit/dictionary.md",
    "build/audit/numbers.parquet",
    "build/audit/provenance.json",
]


rule write_audit:
    """Write every number's lineage, the dictionary, and the record of every file's hash."""
    input:
        layers=[INGESTED, VALIDATED, PRICED, ESTIMATES, CLAIMS, TABLES],
        receipts=[
            "build/receipts/ingest_data.json",
            "build/receipts/validate_data.json",
            "build/receipts/price_stages.json",
            "build/receipts/estimate_costs.json",
            "build/receipts/judge_claims.json",
            "build/receipts/render_tables.json",
        ],
    output:
        numbers="build/audit/numbers.parquet",
        dictionary="build/audit/dictionary.md",
        provenance="build/audit/provenance.json",
        receipt="build/receipts/write_audit.json",
    log:
        "logs/write_audit.log",
    params:
        *digests.of_rule("write_audit"),
    message:
        "Writing numbers, dictionary and provenance"
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
