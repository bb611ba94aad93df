# A digest has letters.
DELETE DATA { GRAPH source:concordia-2024 { source:concordia-2024 aisi:sha256 "0000000000000000000000000000000000000000000000000000000000000000" } } ;
INSERT DATA { GRAPH source:concordia-2024 { source:concordia-2024 aisi:sha256 "afafafafafafafafafafafafafafafafafafafafafafafafafafafafafafafaf" } }
