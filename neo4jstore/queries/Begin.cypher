MATCH (log:Log {id: 1})
SET log.locked = true
WITH log
CALL (log) {
  UNWIND $nodes AS id
  MATCH (n:Node {id: id})
  RETURN collect([n.id, n.kind, n.version, n.createdAt, n.updatedAt, n.data]) AS nodes
}
CALL (log) {
  UNWIND $values AS key
  MATCH (v:Value {key: key})
  RETURN collect([v.key, v.data, v.expiresAt]) AS values
}
CALL (log) {
  UNWIND $evidence AS id
  MATCH (n:Node {id: id})
  MATCH (n)-[r:OF|SHOWS]->(far)
  RETURN collect([id, type(r), far.id, null, r.key, r.firstSeen, r.lastSeen, r.count, r.recorded, r.props]) AS evidence
}
<LINKS>
RETURN log.seq, log.hash, nodes, values, evidence, <COLUMNS>
