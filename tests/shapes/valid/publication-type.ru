# A cited publication is a report, which is a work.
DELETE DATA { GRAPH source:concordia-2024 { publication:forest-page a fabio:Work } } ;
INSERT DATA { GRAPH source:concordia-2024 { publication:forest-page a fabio:Report } }
