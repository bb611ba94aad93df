"""Match names and values of others to the entities of the dataset, and give the values of its properties.

The model is that of the Reconciliation Service API (https://www.w3.org/community/reports/reconciliation/
CG-FINAL-specs-0.2-20230410/): entities have types and properties, and a query gives a name, types and values.
"""

from aisi_kg.store.reconcile.catalogue import Catalogue, Property, Type, gather_catalogue
from aisi_kg.store.reconcile.matching import Candidate, Given, Query, Strictness, candidates, rank, reconcile
from aisi_kg.store.reconcile.paths import Path, read_path
from aisi_kg.store.reconcile.values import Show, Values, claims_of, in_language, shown, values_of

__all__ = [
    "Candidate",
    "Catalogue",
    "Given",
    "Path",
    "Property",
    "Query",
    "Show",
    "Strictness",
    "Type",
    "Values",
    "candidates",
    "claims_of",
    "gather_catalogue",
    "in_language",
    "rank",
    "read_path",
    "reconcile",
    "shown",
    "values_of",
]
