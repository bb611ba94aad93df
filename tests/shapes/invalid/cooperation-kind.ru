# A memorandum is of no kind.
DELETE DATA { GRAPH claim:1-memorandum { entity:memorandum aisi:cooperationKind aisi:SignedMemorandum } }
