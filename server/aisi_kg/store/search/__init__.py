"""Find entities, claims, publications, footnotes, terms and stored queries by what they are called.

The index is gathered from the store with SPARQL when a dataset is loaded, so that a search finds only what a
query would; :func:`search` then needs no store.
"""

from aisi_kg.store.search.documents import Document, Field, Kind, Role, gather
from aisi_kg.store.search.folding import fold
from aisi_kg.store.search.index import Index
from aisi_kg.store.search.ranking import Group, Hit, Results, Snippet, search

__all__ = [
    "Document",
    "Field",
    "Group",
    "Hit",
    "Index",
    "Kind",
    "Results",
    "Role",
    "Snippet",
    "fold",
    "gather",
    "search",
]
