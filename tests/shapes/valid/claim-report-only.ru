# A claim that cites a footnote says how it bears on it.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:evidence aisi:ReportOnly } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:evidence aisi:RelatedFootnote ; cito:citesAsEvidence footnote:2 ; skos:editorialNote "Why."@en , "理由。"@zh } }
