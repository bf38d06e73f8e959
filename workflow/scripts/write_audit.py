"""Write every number's lineage, the dictionary, and the record of every file's hash."""

from seam import provenance
from seam.job import Job
from traincost.audit import audit_numbers
from traincost.declarations import AUDIT
from traincost.dictionary import dictionary


def run(job: Job) -> None:
    """Layers to numbers, declarations to the dictionary, receipts to the record."""
    paths = job.input.layers
    numbered = [path for path in paths if path.endswith(".parquet") and "/ingested/" not in path]
    layers = job.read_layers(numbered)
    for path in sorted({*paths} - {*numbered}):  # for the record of hashes
        job.read_bytes(path)
    job.write(audit_numbers(layers), AUDIT["numbers"], job.output.numbers)
    job.write_bytes(dictionary().encode(), job.output.dictionary)
    record = provenance.record([job.read_bytes(path) for path in job.input.receipts], job.receipt())
    job.write_bytes(record, job.output.provenance)
