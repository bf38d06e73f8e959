# a ledger of jobs and a history of quotes -> results/ledger/
# The cost of every job, totals by columns of the ledger, and how far the prices reach. Its
# target is `ledger`; it is apart from all the rest. Shards are jobs: any executor runs them.

from seam.ledger_config import FILES as LEDGER_FILES, REMOTE_FILES, SHARDS, settings

try:
    LEDGER = settings(CONFIG)
except UserError as error:
    raise SystemExit(f"\n{error}")

PARTS = [f"-{shard}" for shard in SHARDS]
# one shard is priced from the user's files directly
DIVIDED = len(SHARDS) > 1
LEDGER_PARTS = {
    kind: [f"build/ledger/parts/{kind}/{shard}.parquet" for shard in SHARDS]
    for kind in ["quotes", "usage"]
}
LEDGER_COSTS = expand("build/ledger/costs/{shard}.parquet", shard=SHARDS)
LEDGER_TOTALS = expand(
    "build/ledger/totals/{number}.{dress}",
    number=range(1, len(LEDGER["totals"]) + 1),
    dress=["csv", "html"],
)
LEDGER_SOURCES = [*LEDGER_FILES["quotes"].values(), *LEDGER_FILES["usage"].values()]


rule partition_ledger:
    """Check jobs and quotes, and divide them by series into shards."""
    input:
        quotes=[storage(address) for address in REMOTE_FILES["quotes"]],
        usage=[storage(address) for address in REMOTE_FILES["usage"]],
    output:
        quotes=LEDGER_PARTS["quotes"],
        usage=LEDGER_PARTS["usage"],
        receipt="build/receipts/partition_ledger.json",
    log:
        "logs/partition_ledger.log",
    params:
        *digests.of_rule("partition_ledger", LEDGER_SOURCES),
        # not among the inputs, where Snakemake reads braces and angle brackets in a name
        files=LEDGER_FILES,
    message:
        "Checking and dividing the ledger"
    run:
        workers.run(rule, input, output, params, log)


rule price_ledger:
    """Price the jobs of the ledger, or of one shard of it."""
    input:
        quotes=(
            "build/ledger/parts/quotes/{shard}.parquet"
            if DIVIDED
            else [storage(address) for address in REMOTE_FILES["quotes"]]
        ),
        usage=(
            "build/ledger/parts/usage/{shard}.parquet"
            if DIVIDED
            else [storage(address) for address in REMOTE_FILES["usage"]]
        ),
        receipts=["build/receipts/partition_ledger.json"] if DIVIDED else [],
    output:
        costs="build/ledger/costs/{shard}.parquet",
        sums="build/ledger/sums/{shard}.parquet",
        receipt="build/receipts/price_ledger-{shard}.json",
    log:
        "logs/price_ledger-{shard}.log",
    params:
        *digests.of_rule("price_ledger", [] if DIVIDED else LEDGER_SOURCES, LEDGER, PARTS),
        config=LEDGER,
        files={} if DIVIDED else LEDGER_FILES,
    message:
        "Pricing the ledger, shard {wildcards.shard}"
    run:
        workers.run(rule, input, output, params, log)


rule total_ledger:
    """Add the shards up to totals and coverage."""
    input:
        costs=LEDGER_COSTS,
        sums=expand("build/ledger/sums/{shard}.parquet", shard=SHARDS),
        receipts=[
            *expand("build/receipts/price_ledger-{shard}.json", shard=SHARDS),
            *(["build/receipts/partition_ledger.json"] if DIVIDED else []),
        ],
    output:
        totals=LEDGER_TOTALS,
        coverage="build/ledger/coverage.csv",
        record="build/ledger/record.json",
        receipt="build/receipts/total_ledger.json",
    log:
        "logs/total_ledger.log",
    localrule: True
    params:
        *digests.of_rule("total_ledger", config=LEDGER),
        config=LEDGER,
    message:
        "Adding up the ledger"
    run:
        workers.run(rule, input, output, params, log)


rule publish_ledger:
    """Replace results/ledger/ by the complete new set."""
    input:
        files=[LEDGER_COSTS, LEDGER_TOTALS, "build/ledger/coverage.csv", "build/ledger/record.json"],
        receipts=[
            "build/receipts/total_ledger.json",
            *expand("build/receipts/price_ledger-{shard}.json", shard=SHARDS),
        ],
    output:
        receipt="build/receipts/publish_ledger.json",
    log:
        "logs/publish_ledger.log",
    localrule: True
    params:
        *digests.of_rule("publish_ledger"),
    message:
        "Publishing to results/ledger/"
    run:
        workers.run(rule, input, output, params, log)
