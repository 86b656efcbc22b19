UNWIND $rows AS row
MATCH (from)
WHERE elementId(from) = row[0]
MATCH (to)
WHERE elementId(to) = row[1]
CREATE (from)-[r:<KIND>]->(to)
SET r = row[2]
