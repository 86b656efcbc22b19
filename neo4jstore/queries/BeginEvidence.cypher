CALL (log) {
  UNWIND $evidence AS id
  MATCH (n:Node {id: id})
  WITH id, n
  MATCH (n)-[r:OF|SHOWS]->(far)
  RETURN collect([id, type(r), far.id, null, r.key, r.firstSeen, r.lastSeen, r.count, r.recorded, r.props]) AS evidence
}
