# A decision concerns a goal.
DELETE DATA { GRAPH claim:1-decision { entity:decision aisi:action aisi:Participate } } ;
INSERT DATA { GRAPH claim:1-decision { entity:decision aisi:concerns entity:goal } }
