UNWIND $ids AS id
WITH DISTINCT id
CALL (id) {
  MATCH (e:Event)
  USING INDEX e:Event(subject, seq)
  WHERE e.subject = id AND e.seq < $before AND e.seq > $after
    AND (size($names) = 0 OR e.name IN $names) AND (size($actors) = 0 OR e.actor IN $actors)
    AND e.at >= $since AND e.at <= $until
  RETURN e
  ORDER BY e.seq <DIRECTION>
  LIMIT $first
}
RETURN e.seq, e.at, e.name, e.subject, e.actor, e.payload, e.payloadHash, e.hash
