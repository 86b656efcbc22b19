MATCH (log:Log {id: 1})
SET log.seq = $seq, log.hash = $hash
WITH log
CALL () {
  UNWIND $events AS event
  CREATE (e:Event)
  SET e = event
}
CALL () {
  MATCH (v:Value)
  WHERE v.expiresAt <= $now
  WITH v LIMIT $swept
  DELETE v
}
CALL () {
  UNWIND $values AS row
  MERGE (v:Value {key: row.key})
  SET v = row
}
CALL () {
  UNWIND $changed AS row
  MATCH (n)
  WHERE elementId(n) = row[0]
  SET n = row[1]
}
