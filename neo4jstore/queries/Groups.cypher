MATCH (n:<LABEL>)
<INDEX>
WHERE <CONDITIONS>
WITH n[$by] AS value, n.createdAt AS created
WITH CASE WHEN value IS :: STRING NOT NULL THEN value ELSE '' END AS value, created
RETURN value, count(*), min(created)
ORDER BY value
LIMIT $most
