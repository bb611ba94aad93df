"""The built dataset: how it is made, where it lives, and what it is written as."""

__all__: list[str] = []
