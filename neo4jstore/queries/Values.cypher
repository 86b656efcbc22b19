UNWIND $keys AS key
MATCH (v:Value {key: key})
WHERE coalesce(v.expiresAt > $now, true)
RETURN v.key, v.data
