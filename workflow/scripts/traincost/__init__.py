"""Price disclosed AI training runs and keep every number traceable.

Pure functions, DataFrame in and DataFrame out. Nothing here knows of Snakemake,
of paths or of the configuration file; the scripts one folder up do the reading
and writing.
"""
