MATCH (log:Log {id: 1})
WITH log.seq AS last
RETURN last, COLLECT {
  MATCH (e:Event)
  USING INDEX e:Event(seq)
  WHERE e.seq > $after AND e.seq <= $after + $first
  RETURN [e.seq, e.at, e.name, e.subject, e.actor, e.payload, e.payloadHash, e.hash]
  ORDER BY e.seq
}
