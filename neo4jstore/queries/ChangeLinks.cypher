UNWIND $rows AS row
MATCH (from:Node {id: row[0]})
MATCH (to:Node {id: row[1]})
MERGE (from)-[r:<KIND> {key: row[2].key}]->(to)
SET r = row[2]
