CALL (log) {
  UNWIND $links.<KIND> AS link
  MATCH (from:Node {id: link[0]})
  MATCH (to:Node {id: link[1]})
  WITH link, from, to
  MATCH (from)-[r:<KIND>|<ENDED>]->(to)
  WHERE r.key = link[2]
  RETURN collect([from.id, type(r), to.id, r.ended, r.key, r.firstSeen, r.lastSeen, r.count, r.recorded, r.props]) AS linked_<KIND>
}
