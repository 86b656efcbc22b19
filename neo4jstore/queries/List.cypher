CALL () {
<RANGES>}
RETURN n.id, n.kind, n.version, n.createdAt, n.updatedAt, n.data
ORDER BY <BY> <DIRECTION>, n.id <DIRECTION>
LIMIT $first
