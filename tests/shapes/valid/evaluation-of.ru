# An evaluation is of a risk.
DELETE DATA { GRAPH claim:1-evaluation { entity:portia-evaluation aisi:evaluatedModel entity:portia-1 } } ;
INSERT DATA { GRAPH claim:1-evaluation { entity:portia-evaluation aisi:risk aisi:BiasRisk } }
