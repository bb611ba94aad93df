# Access is early.
DELETE DATA { GRAPH claim:1-access { entity:portia-access aisi:accessStage aisi:PreDeployment } } ;
INSERT DATA { GRAPH claim:1-access { entity:portia-access aisi:accessStage aisi:EarlyOrPriority } }
