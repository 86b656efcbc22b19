CALL (log) {
  UNWIND $values AS key
  MATCH (v:Value {key: key})
  RETURN collect([v.key, v.data, v.expiresAt]) AS values
}
