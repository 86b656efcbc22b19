package traverse

import "casegraph"

// Reason is why a traversal stopped at a node.
type Reason string

// The reasons.
const (
	// Hub: the node is past its hub limit, so none of its links was followed.
	Hub Reason = "HUB"
	// Budget: the budget of nodes, links or time was spent before the node's
	// links were all taken.
	Budget Reason = "BUDGET"
	// Depth: the node lies at the last depth, so its links were not followed.
	Depth Reason = "DEPTH"
	// Page: the node has more links than are taken of one node.
	Page Reason = "PAGE"
)

// Boundary is a node where a traversal stopped although the node has links
// that are not in the answer.
type Boundary struct {
	Node   casegraph.ID
	Reason Reason
	// Degree counts the node's links of the kinds, direction and node kinds
	// asked for, whether they held in the time window or not.
	Degree int
	// Next goes on exactly there; nil where the answer has no going on.
	Next *Cursor
}

// complete tells whether nothing was left out but what lies behind hubs and
// deeper than asked for.
func complete(boundaries []Boundary) bool {
	for _, b := range boundaries {
		if b.Reason == Budget || b.Reason == Page {
			return false
		}
	}
	return true
}
