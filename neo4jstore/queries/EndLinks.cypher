UNWIND $rows AS row
MATCH (from)
WHERE elementId(from) = row[0]
MATCH (to)
WHERE elementId(to) = row[1]
MATCH (from)-[live:<KIND> {key: row[2].key}]->(to)
DELETE live
