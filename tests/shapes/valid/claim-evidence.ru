# A footnote stands on the sentence of a claim that cites it.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:evidence aisi:ReportOnly } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:evidence aisi:FootnoteOnSentence ; cito:citesAsEvidence footnote:2 } }
