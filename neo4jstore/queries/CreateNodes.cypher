UNWIND $rows AS row
CREATE (n:Node:<LABEL>)
SET n = row
