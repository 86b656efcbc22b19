UNWIND $links AS link
MATCH (from:Node {id: link[0]})
MATCH (to:Node {id: link[1]})
CALL (from, to, link) {
  OPTIONAL MATCH (from)-[r:<KIND> {key: link[2]}]->(to)
  RETURN r
}
RETURN link[0], link[1], elementId(from), elementId(to), type(r), r.key, r.firstSeen, r.lastSeen, r.count, r.recorded, r.props
