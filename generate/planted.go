package generate

import (
	"casegraph"
	"casegraph/identity"
	"casegraph/ingest"
)

// Planted is one line of the truth: a fraud, or what looks like one.
type Planted struct {
	Kind Plot `json:"kind"`
	// Resembles is the fraud that this looks like and is not; "" for a fraud.
	Resembles Plot `json:"resembles,omitempty"`
	// Nodes are the accounts, sessions, inquiries, payments, cases and shared
	// identifiers that it consists of, each with its part.
	Nodes []Node `json:"nodes"`
	// Path leads through it. Its links are all of one kind: HAS, either way, or
	// PAID, along the money. A cycle's path ends where it began.
	Path []Node             `json:"path,omitempty"`
	Link casegraph.LinkKind `json:"link,omitempty"`
}

// Plot is what happens.
type Plot string

// The frauds, and what looks like them.
const (
	Ring          Plot = "ring"           // accounts of one hand share identifiers, each with the next
	Household     Plot = "household"      // a family shares address, telephone, tablet
	PublicNetwork Plot = "public-network" // strangers use one hotspot on one evening

	Takeover  Plot = "takeover"   // one device signs in to others' accounts, the telephone changes, money leaves
	NewDevice Plot = "new-device" // somebody moves, with a new telephone, and goes on as before

	MuleChain   Plot = "mule-chain"   // money goes from hand to hand within hours
	SupplyChain Plot = "supply-chain" // invoices are paid from firm to firm, month after month

	Cycle       Plot = "cycle"        // money goes round and comes back
	SharedCosts Plot = "shared-costs" // flatmates owe one another

	FanIn    Plot = "fan-in"   // many pay one account within two days, and it is emptied
	Merchant Plot = "merchant" // many pay a shop, over the year
	Payroll  Plot = "payroll"  // an employer pays many, every month
)

// Node names a node of the graph: by what its source calls it, or, of an
// identifier, by kind and canonical value.
type Node struct {
	ID          casegraph.ID   `json:"id"`
	Kind        casegraph.Kind `json:"kind"`
	Source      string         `json:"source,omitempty"`
	ReferenceID string         `json:"referenceId,omitempty"`

	IdentifierKind casegraph.IdentifierKind `json:"identifierKind,omitempty"`
	Value          string                   `json:"value,omitempty"`

	// Role is its part in what was planted, such as mule.
	Role string `json:"role,omitempty"`
}

func named(row *ingest.Row, role string) Node {
	return Node{ID: casegraph.ImportedID(row.Node, row.Source, row.ReferenceID), Kind: row.Node,
		Source: row.Source, ReferenceID: row.ReferenceID, Role: role}
}

func accountNode(number int, role string) Node {
	return named(&ingest.Row{Node: casegraph.KindAccount, Source: wallet, ReferenceID: accountReference(number)}, role)
}

// identifierNode is an identifier in the form in which the graph keeps it.
func identifierNode(s ingest.Sight, role string) Node {
	value, err := identity.Normalise(identity.Kind(s.Kind), s.Value, identity.Options{})
	if err != nil {
		panic("generate: " + err.Error()) // no value of ours is refused
	}
	return Node{ID: casegraph.IdentifierID(s.Kind, value.Canonical), Kind: casegraph.KindIdentifier,
		IdentifierKind: s.Kind, Value: value.Canonical, Role: role}
}

// has tells whether a node is among those planted.
func (p *Planted) has(id casegraph.ID) bool {
	for i := range p.Nodes {
		if p.Nodes[i].ID == id {
			return true
		}
	}
	return false
}
