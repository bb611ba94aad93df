# A ministry is a person.
INSERT DATA { GRAPH graph:entities { entity:arden-ministry a foaf:Person } }
