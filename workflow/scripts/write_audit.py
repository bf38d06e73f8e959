"""Write the dictionary, and the record of every file's hash, inputs and versions."""

from seam import provenance
from seam.job import Job
from traincost.dictionary import dictionary


def run(job: Job) -> None:
    """Declarations to the dictionary; receipts to the record."""
    text = dictionary().encode()
    job.write_bytes(text, job.output.dictionary)
    for path in [*job.input.layers, *job.input.receipts]:
        job.read_bytes(path)
    record = provenance.record(job.input.receipts, {"audit/dictionary.md": text}, job.rule)
    job.write_bytes(record, job.output.provenance)
