# Nothing is said about what nothing is reported.
DELETE DATA { GRAPH claim:1-gap { entity:belmont-funding-gap aisi:gapOf entity:belmont-aisi } }
