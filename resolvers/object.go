package resolvers

import "casegraph"

// The lists that objects have in common.
var (
	ownersOf  = linkList{Direction: casegraph.DirectionOut, Kinds: []casegraph.LinkKind{casegraph.LinkOf}}
	shownBy   = linkList{Direction: casegraph.DirectionOut, Kinds: []casegraph.LinkKind{casegraph.LinkShows}}
	casesWith = linkList{Direction: casegraph.DirectionIn, Kinds: []casegraph.LinkKind{casegraph.LinkContains}}
)

// whatIsOf is the objects of one kind that are of an account.
func whatIsOf(kind casegraph.Kind) linkList {
	return linkList{Direction: casegraph.DirectionIn, Kinds: []casegraph.LinkKind{casegraph.LinkOf}, FarKinds: []casegraph.Kind{kind}}
}
