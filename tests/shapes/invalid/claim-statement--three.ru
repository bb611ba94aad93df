# A claim has two statements in Chinese.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:statement "至少二十人。"@zh } }
