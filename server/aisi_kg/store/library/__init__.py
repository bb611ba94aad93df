"""The stored queries: read from their files, checked, published in the dataset, and asked with values."""

__all__: list[str] = []
