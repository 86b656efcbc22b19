UNWIND $pairs AS pair
MATCH (account)
WHERE elementId(account) = pair[0]
MATCH (identifier)
WHERE elementId(identifier) = pair[1]
CALL (account, identifier) {
  <SHOWN>
  RETURN coalesce(min(CASE WHEN s.firstSeen <> 0 THEN s.firstSeen END), 0) AS firstSeen,
    max(s.lastSeen) AS lastSeen, sum(s.count) AS count, count(s) AS shown
}
OPTIONAL MATCH (account)-[has:HAS]->(identifier)
WITH pair, account, identifier, has, firstSeen, lastSeen, count, shown
CALL (pair, account, identifier, has, firstSeen, lastSeen, count, shown) {
  WITH * WHERE has IS NULL AND shown > 0
  CREATE (account)-[:HAS {key: '', firstSeen: firstSeen, lastSeen: lastSeen, count: count, recorded: pair[2]}]->(identifier)
}
CALL (has, firstSeen, lastSeen, count, shown) {
  WITH * WHERE shown > 0 AND (has.firstSeen <> firstSeen OR has.lastSeen <> lastSeen OR has.count <> count)
  SET has.firstSeen = firstSeen, has.lastSeen = lastSeen, has.count = count
}
CALL (pair, account, identifier, has, shown) {
  WITH * WHERE has IS NOT NULL AND shown = 0
  CREATE (account)-[over:ENDED_HAS]->(identifier)
  SET over = properties(has), over.ended = pair[3]
  DELETE has
}
