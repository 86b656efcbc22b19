UNWIND $ids AS id
MATCH (n:Node {id: id})
WHERE NOT n.class IN $hidden
RETURN id, n.class, <DEGREE>
