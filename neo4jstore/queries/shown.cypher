CALL (account, identifier) {
  MATCH (account)-[s:SHOWS]->(identifier)
  RETURN account AS object, s
  UNION
  WITH account, identifier
  WHERE COUNT { (account)<-[:OF]-() } <= COUNT { (identifier)<-[:SHOWS]-() }
  MATCH (account)<-[:OF]-(object)
  WITH DISTINCT object, identifier
  MATCH (object)-[s:SHOWS]->(identifier)
  RETURN object, s
  UNION
  WITH account, identifier
  WHERE COUNT { (account)<-[:OF]-() } > COUNT { (identifier)<-[:SHOWS]-() }
  MATCH (identifier)<-[s:SHOWS]-(object)
  WHERE EXISTS { (object)-[:OF]->(account) }
  RETURN object, s
}
