"""Serve the entities to OpenRefine and others by the Reconciliation Service API, version 0.2.

The specification is https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/; it is
called "the API" here. What clients really send is taken from the source of OpenRefine.
"""

from aisi_kg.web.reconcile.service import router

__all__ = ["router"]
