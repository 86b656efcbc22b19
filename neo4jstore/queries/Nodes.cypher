UNWIND $ids AS id
MATCH (n:Node {id: id})
WHERE NOT n.class IN $hidden
RETURN n.id, n.kind, n.version, n.createdAt, n.updatedAt, n.data
