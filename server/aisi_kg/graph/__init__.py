"""From curated files to one checked dataset of named graphs."""

__all__: list[str] = []
