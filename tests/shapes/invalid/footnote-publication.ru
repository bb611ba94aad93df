# A footnote cites nothing and remarks nothing.
DELETE DATA { GRAPH source:concordia-2024 { footnote:3 rdfs:comment "A remark and no source."@en , "本注为说明而非出处。"@zh } }
