"""Write every number's lineage, the dictionary, and the record of every file's hash."""

from pathlib import Path

from seam import provenance
from seam.job import Job
from traincost.audit import audit_numbers
from traincost.declarations import AUDIT
from traincost.dictionary import dictionary


def run(job: Job) -> None:
    """Layers to numbers, declarations to the dictionary, receipts to the record."""
    layers = {}
    for path in map(Path, job.input.layers):
        if path.suffix == ".parquet" and path.parent.name != "ingested":
            layers[f"{path.parent.name}.{path.stem}"] = job.read(path)
        else:
            job.read_bytes(path)
    job.write(audit_numbers(layers), AUDIT["numbers"], job.output.numbers)
    job.write_bytes(dictionary().encode(), job.output.dictionary)
    record = provenance.record([job.read_bytes(path) for path in job.input.receipts], job.receipt())
    job.write_bytes(record, job.output.provenance)
