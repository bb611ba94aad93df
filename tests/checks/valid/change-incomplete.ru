# A change has what pages show of it.
INSERT DATA {
  GRAPH graph:changes {
    graph:one a prov:Activity ; dcterms:issued "2026-01-03"^^xsd:date ;
      dcterms:title "One"@en , "一"@zh ; dcterms:description "One thing."@en , "一事。"@zh .
  }
}
