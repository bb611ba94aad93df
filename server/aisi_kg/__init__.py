"""A knowledge graph of AI safety institutes: what their sources say, claim by claim."""

__all__ = ["__version__"]

__version__ = "0.1.0"
