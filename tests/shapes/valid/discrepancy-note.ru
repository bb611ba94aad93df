# A discrepancy is explained in other words.
DELETE DATA { GRAPH source:concordia-2024 { discrepancy:signing-date skos:editorialNote "One claim gives the day, the other the year."@en } } ;
INSERT DATA { GRAPH source:concordia-2024 { discrepancy:signing-date skos:editorialNote "A day and a year."@en } }
