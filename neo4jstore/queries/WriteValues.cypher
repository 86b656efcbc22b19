CALL () {
  MATCH (v:Value)
  WHERE v.expiresAt <= $now
  WITH v LIMIT $swept
  DELETE v
}
UNWIND $rows AS row
MERGE (v:Value {key: row.key})
SET v = row
