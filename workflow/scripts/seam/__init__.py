"""Between Snakemake and the package: configuration, digests, receipts, jobs.

Standard library only (and jsonschema for the configuration), since all of it
runs each time the Snakefile is read.
"""
