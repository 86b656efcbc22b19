UNWIND $rows AS row
CREATE (n:Node:<LABEL>)
SET n = row
RETURN row.id, elementId(n)
