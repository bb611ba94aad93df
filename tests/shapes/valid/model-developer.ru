# The source does not say whose the model is, and a note says so.
DELETE DATA { GRAPH claim:1-access { entity:portia-1 aisi:developedBy entity:portia-labs } } ;
INSERT DATA { GRAPH graph:entities { entity:portia-1 skos:editorialNote "The source does not name the developer."@en , "来源未指明开发者。"@zh } }
