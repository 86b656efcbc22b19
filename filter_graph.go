package casegraph

// GraphCondition is a condition on where a node stands in the graph: one of the
// four. Package traverse turns it into ids; a store is never asked it.
type GraphCondition struct {
	// ConnectedTo is a node that the node is at most Within hops from, 1 or 2,
	// over links of Kinds.
	ConnectedTo ID
	Within      int
	// SharesIdentifierWith is a node of which the node has an identifier too, of
	// IdentifierKinds; none are all.
	SharesIdentifierWith ID
	IdentifierKinds      []IdentifierKind
	// Degree is how many links of Kinds it has.
	Degree *DegreeRange
	// Related is a case that has to do with it.
	Related *RelatedCondition

	Kinds []LinkKind // none: every kind but ABOUT
}

// DegreeRange is from how many to how many; nil is no bound.
type DegreeRange struct{ AtLeast, AtMost *int }

// RelatedCondition asks for a case that somebody linked to a case, or attached
// an account to; with MinScore, for one that is found to be related.
type RelatedCondition struct{ MinScore *float64 }

// Check refuses what can't be asked.
func (g *GraphCondition) Check() error {
	for _, kind := range g.Kinds {
		if kind.Number() == 0 {
			return BadInput("filter: %q is no kind of link", kind)
		}
	}
	switch {
	case g.Degree != nil:
		for _, n := range []*int{g.Degree.AtLeast, g.Degree.AtMost} {
			if n != nil && *n < 0 {
				return BadInput("filter.degree: 0 or more")
			}
		}
		if g.Degree.AtLeast == nil && g.Degree.AtMost == nil {
			return BadInput("filter.degree: give gte or lte")
		}
	case g.Related != nil:
		if g.Related.MinScore != nil && !(*g.Related.MinScore > 0) {
			return BadInput("filter.hasRelatedCase.minScore: more than 0")
		}
	case g.ConnectedTo != "" && (g.Within < 1 || g.Within > 2):
		return BadInput("filter.connectedTo.within: 1 or 2")
	}
	return nil
}

// AsksGraph tells whether some condition is on the graph.
func (f *Filter) AsksGraph() bool {
	if f == nil {
		return false
	}
	for _, parts := range [][]Filter{f.And, f.Or} {
		for i := range parts {
			if parts[i].AsksGraph() {
				return true
			}
		}
	}
	return f.Graph != nil || f.Not.AsksGraph()
}
