UNWIND $rows AS row
MATCH (n:Node {id: row.id})
SET n = row
