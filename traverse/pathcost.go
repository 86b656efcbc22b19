package traverse

import (
	"math"

	"casegraph/identity"
)

// hopCost is the cost of a hop that passes through no identifier. Costs are
// whole thousandths, so that sums are exact and ties are ties.
const hopCost = 1000

// telling is the hub limit of the kinds that tell most, such as documents.
var telling = float64(identity.HubLimit(identity.GovernmentID))

// costInto is what a hop to a node costs. Passing through an identifier that n
// accounts have costs log2(n × L/20), L being the usual hub limit of its kind:
// two accounts that share a network are taken for what ten are that share a
// document. It is never less than another hop.
func (s *pathSearch) costInto(n int32) int32 {
	if s.query.Mode != Cheapest || !s.isPassed(n) {
		return hopCost
	}
	node := &s.nodes[n]
	common := float64(identity.HubLimit(identity.Kind(node.class.IdentifierKind()))) / telling
	bits := math.Log2(float64(max(2, node.degree)) * max(1, common))
	return int32(math.Round(bits * hopCost))
}

// isPassed tells whether a path that comes to the node passes through it and
// it is an identifier.
func (s *pathSearch) isPassed(n int32) bool {
	return s.nodes[n].class.IdentifierKind() != "" && !s.blocks(n)
}
