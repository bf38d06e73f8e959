# data/*.csv and the configured price books -> build/ingested/*.parquet
# Text, nothing renamed or dropped, with file and line of every row.

DATA_FILES = {
    name: f"data/{name}.csv"
    for name in [
        "assumptions",
        "claims",
        "conflicts",
        "cost_estimates",
        "exchange_rates",
        "gpu_aliases",
        "gpus",
        "hardware",
        "owned_runs",
        "price_index",
        "printed_totals",
        "purchase_quotes",
        "quantities",
        "reported_figures",
        "rl_runs",
        "rungs",
        "scopes",
        "serving_days",
        "sources",
        "stages",
        "training_compute",
        "windows",
    ]
}
BOOK_FILES = {book_id: book["file"] for book_id, book in CONFIG["price_books"].items()}
USER_FILES = {name: CONFIG[name] for name in sorted(MAY_BE_ADDED) if CONFIG[name]}
INGEST = {"books": list(BOOK_FILES), "users": list(USER_FILES)}
INGESTED = expand(
    "build/ingested/{table}.parquet", table=[*DATA_FILES, "notes", "quotes", "skipped"]
)

for file in DATA_FILES.values():
    if not Path(file).is_file():
        raise SystemExit(f"\n{file} is missing; the workflow reads it (data/README.md)")


rule ingest_data:
    """Read the data files and price books as text, with the file and line of every row."""
    input:
        # ancient: judged by content alone (params), never by time
        data=ancient(DATA_FILES.values()),
        users=ancient(USER_FILES.values()),
    output:
        tables=INGESTED,
        receipt="build/receipts/ingest_data.json",
    log:
        "logs/ingest_data.log",
    params:
        *digests.of_rule(
            "ingest_data",
            [*DATA_FILES.values(), *BOOK_FILES.values(), *USER_FILES.values()],
            INGEST,
        ),
        config=INGEST,
        # not among the inputs, where Snakemake reads braces and angle brackets in a name
        books=BOOK_FILES,
    message:
        "Reading data files and price books"
    run:
        workers.run(rule, input, output, params, log)
