package api

import "casegraph"

// ConnectedTo holds near a node.
type ConnectedTo struct {
	ID     casegraph.ID
	Kinds  []casegraph.LinkKind
	Within int
}

func (f *ConnectedTo) condition() casegraph.Filter {
	return casegraph.Filter{Graph: &casegraph.GraphCondition{ConnectedTo: f.ID, Kinds: f.Kinds, Within: f.Within}}
}

// SharesIdentifier holds where an identifier of a node's is met.
type SharesIdentifier struct {
	ID    casegraph.ID
	Kinds []casegraph.IdentifierKind
}

func (f *SharesIdentifier) condition() casegraph.Filter {
	return casegraph.Filter{Graph: &casegraph.GraphCondition{SharesIdentifierWith: f.ID, IdentifierKinds: f.Kinds}}
}

// DegreeFilter is a condition on how many links a node has.
type DegreeFilter struct {
	Kinds    []casegraph.LinkKind
	Gte, Lte *int
}

func (f *DegreeFilter) condition() casegraph.Filter {
	return casegraph.Filter{Graph: &casegraph.GraphCondition{Degree: &casegraph.DegreeRange{AtLeast: f.Gte, AtMost: f.Lte}, Kinds: f.Kinds}}
}

// HasRelatedCase holds where another case has to do with the node.
type HasRelatedCase struct {
	Exists   bool
	MinScore *float64
}

func (f *HasRelatedCase) condition() casegraph.Filter {
	part := casegraph.Filter{Graph: &casegraph.GraphCondition{Related: &casegraph.RelatedCondition{MinScore: f.MinScore}}}
	if f.Exists {
		return part
	}
	return casegraph.Filter{Not: &part}
}
