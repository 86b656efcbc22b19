package traverse

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"casegraph"
)

// Cursor is a place at which an expansion goes on: behind one of a node's
// links. It is plain data: whoever hands it out signs it.
type Cursor struct {
	Node casegraph.ID `json:"n"`
	// After is the last link that was taken; nil goes on before the first.
	After *casegraph.LinkCursor `json:"a,omitempty"`
	// Query is a digest of what decides a node's list of links. An expansion
	// that asks for another list can't go on here.
	Query string `json:"q"`
}

// digest names the list of links that a query takes of a node. Depth, budgets
// and mask are not in it: they may differ from one step to the next.
func (q *ExpandQuery) digest() string {
	parts := []any{q.Kinds, q.NodeKinds, q.Direction, q.Since, q.Until, q.PerNode, q.HubLimits, q.AsOf}
	if len(q.Where) > 0 {
		parts = append(parts, q.Where)
	}
	text, err := json.Marshal(parts)
	if err != nil {
		panic(err) // plain values
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}
