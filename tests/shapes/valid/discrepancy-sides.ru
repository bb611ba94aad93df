# A discrepancy involves a claim and a publication.
DELETE DATA { GRAPH source:concordia-2024 { discrepancy:signing-date aisi:involvesClaim claim:1-signing } } ;
INSERT DATA { GRAPH source:concordia-2024 { discrepancy:signing-date aisi:involvesPublication publication:forest-page } }
