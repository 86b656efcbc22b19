CALL (account, identifier) {
  WITH account AS object, identifier
  MATCH (object)-[s:SHOWS|ENDED_SHOWS]->(identifier)
  WHERE <S>
  RETURN object, s
  UNION
  WITH account, identifier
  MATCH (account)<-[o:OF|ENDED_OF]-(object)
  WHERE <O>
  WITH DISTINCT object, identifier
  MATCH (object)-[s:SHOWS|ENDED_SHOWS]->(identifier)
  WHERE <S>
  RETURN object, s
}
