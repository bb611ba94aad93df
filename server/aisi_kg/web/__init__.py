"""The server: SPARQL over HTTP, documents about every resource, dumps and descriptions."""

__all__: list[str] = []
