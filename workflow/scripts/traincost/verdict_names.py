"""The verdicts there are. docs/verdicts.md defines each."""

from __future__ import annotations

EXACT = "exact"
CONSISTENT = "consistent"
BY_QUALIFIER = "consistent only through the qualifier"
TOO_COARSE = "too coarse to test"
INCONSISTENT = "inconsistent"
WRONG_UNIT = "wrong unit"
AMBIGUOUS_UNIT = "ambiguous unit"
TRANSCRIPTION = "transcription error"
NOT_COMPUTABLE = "not computable"
WRONG_SCOPE = "wrong scope"
SCOPE_HOLDS = "scope holds"

# with whether the claim then holds; None: it could not be tested
COMPUTED: dict[str, bool | None] = {
    EXACT: True,
    CONSISTENT: True,
    BY_QUALIFIER: True,
    TOO_COARSE: None,
    WRONG_SCOPE: False,
    WRONG_UNIT: False,
    AMBIGUOUS_UNIT: False,
    TRANSCRIPTION: False,
    INCONSISTENT: False,
    NOT_COMPUTABLE: None,
}
DECLARED: dict[str, bool | None] = {
    "supported by source": True,
    "true by definition": True,
    "supported in part": False,
    "imprecise wording": False,
    "wrong label": False,
    "not supported by source": False,
    "not checkable": None,
}

# an interval wider than this share of its centre cannot test a figure
COARSE_SHARE = 0.2
