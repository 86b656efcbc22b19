UNWIND $rows AS row
MATCH (from:Node {id: row[0]})
MATCH (to:Node {id: row[1]})
CREATE (from)-[r:<KIND>]->(to)
SET r = row[2]
