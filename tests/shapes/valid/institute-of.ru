# A jurisdiction has an institute.
DELETE DATA { GRAPH claim:1-institute { entity:arden-aisi aisi:instituteOf entity:arden } } ;
INSERT DATA { GRAPH claim:1-institute { entity:arden aisi:hasInstitute entity:arden-aisi } }
