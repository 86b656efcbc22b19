CALL (log) {
  UNWIND $nodes AS id
  MATCH (n:Node {id: id})
  RETURN collect([n.id, n.kind, n.version, n.createdAt, n.updatedAt, n.data, elementId(n)]) AS nodes
}
