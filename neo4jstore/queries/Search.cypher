UNWIND $questions AS question
CALL db.index.fulltext.queryNodes('texts', question) YIELD node
WITH DISTINCT node
WHERE node.kind IN $kinds AND NOT node.class IN $hidden
RETURN node.id AS id
ORDER BY node.updatedAt DESC, id
LIMIT $first
