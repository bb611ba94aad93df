# What took the place of one name was given up itself.
INSERT DATA { GRAPH graph:retired {
	claim:1-oldest owl:deprecated true ; dcterms:isReplacedBy claim:1-old ; skos:editorialNote "Retired before 1.0."@en , "1.0版之前停用。"@zh .
	claim:1-old owl:deprecated true ; dcterms:isReplacedBy claim:1-institute ; skos:editorialNote "Retired before 1.0."@en , "1.0版之前停用。"@zh .
} }
