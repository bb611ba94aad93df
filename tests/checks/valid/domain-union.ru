# A subclass of one of the classes has the property.
INSERT DATA { GRAPH claim:1-mandate { entity:mandate aisi:target entity:guideline } }
