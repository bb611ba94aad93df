# A cited publication is no fabio:Work.
DELETE DATA { GRAPH source:concordia-2024 { publication:forest-page a fabio:Work } }
