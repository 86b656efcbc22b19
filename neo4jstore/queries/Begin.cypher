MATCH (log:Log {id: 1})
SET log.locked = true
WITH log
CALL (log) {
  UNWIND $nodes AS id
  MATCH (n:Node {id: id})
  RETURN collect([n.id, n.kind, n.version, n.createdAt, n.updatedAt, n.data, elementId(n)]) AS nodes
}
CALL (log) {
  UNWIND $values AS key
  MATCH (v:Value {key: key})
  RETURN collect([v.key, v.data, v.expiresAt]) AS values
}
CALL (log) {
  UNWIND $evidence AS id
  MATCH (n:Node {id: id})
  CALL (n) {
    MATCH (n)-[r:CONTAINS|OF|SHOWS]->(far)
    RETURN r, far
  }
  RETURN collect([id, far.id, elementId(n), elementId(far), type(r), r.key, r.firstSeen, r.lastSeen, r.count, r.recorded,
    r.props]) AS evidence
}
RETURN log.seq AS seq, log.hash AS hash, nodes, values, evidence
