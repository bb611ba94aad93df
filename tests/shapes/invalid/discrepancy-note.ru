# A discrepancy is not explained.
DELETE DATA { GRAPH source:concordia-2024 { discrepancy:signing-date skos:editorialNote "One claim gives the day, the other the year."@en , "一条论断给出日期，另一条只给出年份。"@zh } }
