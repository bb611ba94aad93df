# Access is given at no stage.
DELETE DATA { GRAPH claim:1-access { entity:portia-access aisi:accessStage aisi:PreDeployment } }
