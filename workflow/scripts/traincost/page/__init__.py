"""The audit page: every published table and every number behind it, in one HTML file.

`build.py` puts it together: the tables (`sections.py`), the ledger of all
numbers behind them (`ledger.py`), and what the script needs to compute again
(`graph.py`). Templates, stylesheet and scripts lie beside these modules; the
page works without its scripts.
"""
