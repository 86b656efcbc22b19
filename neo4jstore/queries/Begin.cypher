MATCH (log:Log {id: 1})
SET log.locked = true
WITH log
<READS>
RETURN log.seq AS seq, log.hash AS hash<COLUMNS>
