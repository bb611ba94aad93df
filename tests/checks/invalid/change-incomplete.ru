# A change has no title in Chinese.
INSERT DATA {
  GRAPH graph:changes {
    graph:one a prov:Activity ; dcterms:issued "2026-01-03"^^xsd:date ;
      dcterms:title "One"@en ; dcterms:description "One thing."@en , "一事。"@zh .
  }
}
