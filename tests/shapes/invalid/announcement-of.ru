# An announcement is of nothing.
DELETE DATA { GRAPH claim:1-announcement { entity:announcement aisi:announces entity:meeting-plan } }
