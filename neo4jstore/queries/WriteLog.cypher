MATCH (log:Log {id: 1})
SET log.seq = $seq, log.hash = $hash
WITH log
UNWIND $events AS event
CREATE (e:Event)
SET e = event
