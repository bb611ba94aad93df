# A change has a month, which a feed has no place for.
INSERT DATA {
  GRAPH graph:changes {
    graph:one a prov:Activity ; dcterms:issued "2026-01"^^xsd:gYearMonth ;
      dcterms:title "One"@en , "一"@zh ; dcterms:description "One thing."@en , "一事。"@zh .
  }
}
