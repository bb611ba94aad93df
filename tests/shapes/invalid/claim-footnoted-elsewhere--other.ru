# A claim footnoted elsewhere restates one without a footnote on its sentence.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-signing-again aisi:restates claim:1-signing } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-signing-again aisi:restates claim:1-institute } }
