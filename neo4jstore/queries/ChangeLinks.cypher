UNWIND $rows AS row
MATCH (from)
WHERE elementId(from) = row[0]
MATCH (to)
WHERE elementId(to) = row[1]
MERGE (from)-[r:<KIND> {key: row[2].key}]->(to)
SET r = row[2]
