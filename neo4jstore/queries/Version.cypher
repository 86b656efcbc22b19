MATCH (log:Log {id: 1})
RETURN coalesce(log.schema, 0)
