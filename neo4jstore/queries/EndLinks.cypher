UNWIND $rows AS row
MATCH (from)
WHERE elementId(from) = row[0]
MATCH (to)
WHERE elementId(to) = row[1]
OPTIONAL MATCH (from)-[live:<KIND> {key: row[2].key}]->(to)
DELETE live
MERGE (from)-[r:<ENDED> {key: row[2].key}]->(to)
SET r = row[2]
