UNWIND $ids AS id
MATCH (n:Node {id: id})
WHERE NOT n.class IN $hidden
WITH n, id, n.class AS class, <DEGREE> AS degree
RETURN id, class, degree,
  CASE
    WHEN degree > coalesce($limits[class], $limit) THEN []
    WHEN degree > 2 * $cap THEN COLLECT {
      MATCH (n)<LEFT>[r:<KINDS>]<RIGHT>(far)
      <CONDITION>
      RETURN [type(r), startNode(r) = n, far.id, far.class, r.key, r.firstSeen, r.lastSeen, r.count, r.recorded, r.props]
      ORDER BY r.lastSeen DESC, far.id, $order[type(r)], startNode(r) <> n, r.key
      LIMIT $cap + 1
    }
    ELSE [(n)<LEFT>[r:<KINDS>]<RIGHT>(far) <CONDITION> |
      [type(r), startNode(r) = n, far.id, far.class, r.key, r.firstSeen, r.lastSeen, r.count, r.recorded, r.props]]
  END
