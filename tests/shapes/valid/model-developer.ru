# A model is a version of a family.
DELETE DATA { GRAPH claim:1-access { entity:portia-1 aisi:developedBy entity:portia-labs } } ;
INSERT DATA { GRAPH claim:1-access { entity:portia-1 aisi:versionOf entity:portia } } ;
INSERT DATA { GRAPH claim:1-access { entity:portia aisi:developedBy entity:portia-labs } } ;
INSERT DATA { GRAPH graph:entities { entity:portia a aisi:ModelFamily ; skos:prefLabel "Portia"@en , "Portia"@zh } }
