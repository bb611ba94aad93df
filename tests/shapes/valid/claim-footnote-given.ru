# A claim that cites no footnote says so.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-mandate cito:citesAsEvidence footnote:1 ; aisi:evidence aisi:FootnoteOnSentence } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-mandate aisi:evidence aisi:ReportOnly } }
