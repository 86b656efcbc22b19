UNWIND $rows AS row
MERGE (v:Variant {text: row[0]})
SET v.terms = coalesce(v.terms, []) + [term IN row[1] WHERE NOT term IN coalesce(v.terms, [])]
