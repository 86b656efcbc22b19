package api

import "casegraph"

// Lookup is what one pasted value is.
type Lookup struct {
	Value string
	Kinds []string
	Hits  []*LookupHit
}

// LookupHit is a node that a pasted value hits.
type LookupHit struct {
	Node    casegraph.Node
	Matched string
	// Accounts is how many accounts have the identifier; nil for other nodes.
	Accounts *int
}

// Search is what a search found.
type Search struct {
	Words []*SearchWord
	Hits  []*SearchHit
}

// SearchWord is a word of a question and what counts as it.
type SearchWord struct {
	Word  string
	Terms []string
}

// SearchHit is a node that a search found.
type SearchHit struct {
	Node  casegraph.Node
	Exact bool
}
