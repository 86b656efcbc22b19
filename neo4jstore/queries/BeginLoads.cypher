UNWIND $users AS user
CALL (user) {
  MATCH (n:Case {holder: user})
  RETURN count(n) AS load
}
RETURN user, load
