UNWIND $variants AS variant
MATCH (v:Variant {text: variant})
UNWIND v.terms AS term
WITH DISTINCT variant, term ORDER BY term
RETURN variant, collect(term)
