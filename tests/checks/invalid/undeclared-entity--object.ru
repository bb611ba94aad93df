# A claim names an entity that nothing describes.
INSERT DATA { GRAPH claim:1-evaluation { entity:portia-evaluation aisi:evaluator entity:nobody } }
