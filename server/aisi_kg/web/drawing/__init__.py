"""Draw pictures as SVG: pure functions from what is to be shown to places, and from places to markup."""

__all__: list[str] = []
