# A name is given up for one that is used, and another for nothing.
INSERT DATA { GRAPH graph:retired {
	claim:1-old owl:deprecated true ; dcterms:isReplacedBy claim:1-institute ; skos:editorialNote "Retired before 1.0."@en , "1.0版之前停用。"@zh .
	entity:arden-labs owl:deprecated true ; skos:editorialNote "Retired before 1.0."@en , "1.0版之前停用。"@zh .
} }
