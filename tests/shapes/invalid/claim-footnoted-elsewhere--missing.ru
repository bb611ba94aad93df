# A claim footnoted elsewhere restates no claim.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-signing-again aisi:restates claim:1-signing } }
