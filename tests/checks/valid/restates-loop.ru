# Two claims restate a third.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-memorandum aisi:restates claim:1-signing } }
