# A claim with a footnote of its own restates another.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-memorandum aisi:restates claim:1-signing } }
