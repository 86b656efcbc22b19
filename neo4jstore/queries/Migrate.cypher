MERGE (log:Log {id: 1})
ON CREATE SET log.seq = 0
SET log.schema = CASE WHEN coalesce(log.schema, 0) < $version THEN $version ELSE log.schema END
