# A claim cites a footnote of another source.
INSERT DATA { GRAPH source:other { source:other a aisi:SourceDocument ; dcterms:title "Other"@en , "其他"@zh ; dcterms:publisher entity:publisher . <https://w3id.org/aisi-kg/source/other/footnote/1> a aisi:Footnote ; aisi:number 1 ; aisi:page 1 ; dcterms:isPartOf source:other ; cito:cites publication:forest-page } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-mandate cito:citesAsEvidence <https://w3id.org/aisi-kg/source/other/footnote/1> } }
