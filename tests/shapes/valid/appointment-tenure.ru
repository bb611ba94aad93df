# Two claims give one appointment different tenures.
INSERT DATA { GRAPH claim:1-staff { entity:rosalind-director aisi:tenure aisi:FormerTenure } }
