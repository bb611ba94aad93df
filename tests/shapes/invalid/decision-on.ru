# A decision is on nothing.
DELETE DATA { GRAPH claim:1-decision { entity:decision aisi:action aisi:Participate } }
