CALL (log) {
  UNWIND $evidence AS id
  MATCH (n:Node {id: id})
  CALL (n) {
    MATCH (n)-[r:OF|SHOWS]->(far)
    RETURN r, far
  }
  RETURN collect([id, far.id, elementId(n), elementId(far), type(r), null, r.key, r.firstSeen, r.lastSeen, r.count, r.recorded,
    r.props]) AS evidence
}
