UNWIND $ids AS id
WITH DISTINCT id
CALL (id) {
  MATCH (e:Event)
  USING INDEX e:Event(subject, seq)
  WHERE e.subject = id AND e.seq < $before
  RETURN e
  ORDER BY e.seq DESC
  LIMIT $first
}
RETURN e.seq, e.at, e.name, e.subject, e.actor, e.payload, e.payloadHash, e.hash
