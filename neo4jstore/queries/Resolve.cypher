UNWIND range(0, size($keys) - 1) AS i
CALL (i) {
  WITH $keys[i] AS key
  MATCH (n:Node {reference: key[0]})
  USING INDEX n:Node(reference)
  WHERE key[1] IN ['', n.kind] AND key[2] IN ['', n.source]
  RETURN n.id AS id ORDER BY id LIMIT 10
}
RETURN i, collect(id)
