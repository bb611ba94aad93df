# A claim footnoted elsewhere restates two claims, of which one has the footnote.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-signing-again aisi:restates claim:1-institute } }
