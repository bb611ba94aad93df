# Two claims restate each other.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-signing aisi:restates claim:1-signing-again } }
