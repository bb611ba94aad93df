# An institute is a research organisation.
INSERT DATA { GRAPH graph:entities { entity:arden-aisi a aisi:ResearchOrganisation } }
