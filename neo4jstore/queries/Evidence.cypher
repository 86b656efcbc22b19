UNWIND $pairs AS pair
MATCH (account:Node {id: pair[0]})
MATCH (identifier:Node {id: pair[1]})
WITH DISTINCT account, identifier
CALL (account, identifier) {
  <SHOWN>
  RETURN object, s
  ORDER BY s.lastSeen DESC, object.id, s.key
  LIMIT $limit
}
RETURN account.id, identifier.id, object.id, s.key, s.firstSeen, s.lastSeen, s.count, s.recorded, s.props
