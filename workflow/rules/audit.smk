# receipts and declarations -> build/audit/
# What every file means, and how to tell that it is what the workflow wrote.

AUDIT = [NUMBERS, PAGE, "build/audit/dictionary.md", "build/audit/provenance.json"]


rule write_audit:
    """Write the dictionary, and the record of every file's hash."""
    input:
        receipts=[
            "build/receipts/ingest_data.json",
            NUMBERED_RECEIPTS,
            "build/receipts/trace_numbers.json",
            "build/receipts/write_page.json",
            "build/receipts/write_workbook.json",
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
