// Package commit turns changes into what a store writes: many changes in one
// transaction, each decided on its own, one gap-free, hash-chained log.
package commit

import (
	"encoding/json"
	"fmt"

	"casegraph"
)

// Change is one thing that somebody wants to happen: what must be read first,
// and a pure function that decides it from that.
type Change struct {
	// Actor is the user behind it, or "" for the system.
	Actor casegraph.ID
	Needs casegraph.Needs
	// Decide is called with what Needs names, as the changes before it in the
	// same transaction have left it. It must not keep the view, nor do anything
	// else than decide: it is called again if the transaction is. An error
	// refuses this change alone.
	Decide func(*View) (*Writes, error)
	// Once, if set, makes a repeat of the same request harmless.
	Once *Once
	// Cause, if set, is the rule by which it happens.
	Cause *casegraph.Cause
	// Told, if set, is called with what became of it, before the changes behind it
	// in the same transaction are decided; again if the transaction is. Where the
	// transaction fails, nothing became of it.
	Told func(Result)
}

// Once names a request, so that a repeat within a day gives the first answer
// and changes nothing.
type Once struct {
	// Key is unique to the caller, the mutation field and its idempotency key.
	Key string
	// Digest is over the request's body: another body under the same key is
	// refused.
	Digest string
}

// OnceHeader is what callers name a request by that they may repeat.
const OnceHeader = "Idempotency-Key"

// OnceFor is how long a request's answer is remembered, in milliseconds.
const OnceFor = 24 * 60 * 60 * 1000

type remembered struct {
	Digest string          `json:"digest"`
	Answer json.RawMessage `json:"answer,omitempty"`
}

// Writes is what a change comes to.
type Writes struct {
	// Nodes are whole nodes as they shall be. Version and times are set by the
	// commit; a node that is as it was is not written.
	Nodes []casegraph.Node
	// Links are whole links as they shall be; one that is as it was is not
	// written. Ends are links that no longer hold.
	Links  []casegraph.Link
	Ends   []casegraph.LinkID
	Values []casegraph.Value
	// Sums are accounts and identifiers whose HAS is worked out again although
	// no evidence changes: what mends a sum that went wrong.
	Sums []casegraph.Pair
	// Events tell the change. Every written node but an identifier needs one
	// about it; links are told by the first. If nothing is written, none is kept.
	Events []Event
	// Noted is the event that is kept instead where nothing is written, for
	// what the actor said; nil keeps none.
	Noted *Event
	// Answer is what the asker gets, and gets again on a repeat.
	Answer json.RawMessage
}

// Event is what is said of a change; the commit adds number, time, actor,
// values before and after, and the chain.
type Event struct {
	Name    string
	Subject casegraph.ID
	Note    string
	// Links are further links that the event tells of, beside those written.
	Links []casegraph.LinkChange
}

// Result is what became of a change.
type Result struct {
	Answer json.RawMessage
	// Seq is the number of the change's last event, or of the log's end if it
	// changed nothing.
	Seq casegraph.Seq
	// Changed is whether anything was written; Replayed whether the answer is
	// an earlier one's.
	Changed  bool
	Replayed bool
	Err      error
}

// View is the graph as a change finds it.
type View struct {
	// Now is the time of the change.
	Now   casegraph.Time
	Actor casegraph.ID
	state *casegraph.State
	needs *needed
}

// Node is a copy of a node that may be changed, or nil if there is none. It
// panics if the change did not say that it needs it.
func (v *View) Node(id casegraph.ID) casegraph.Node {
	v.needs.node(id)
	if n := v.state.Nodes[id]; n != nil {
		return n.Clone()
	}
	return nil
}

// Link is a copy of a link, an ended one too, or nil if there is none.
func (v *View) Link(id casegraph.LinkID) *casegraph.Link {
	v.needs.link(id)
	if l := v.state.Links[id]; l != nil {
		clone := *l
		return &clone
	}
	return nil
}

// Evidence are the live OF and SHOWS links that go out of a node; of a case, the
// CONTAINS links. They must not be changed in place.
func (v *View) Evidence(id casegraph.ID) []*casegraph.Link {
	v.needs.evidence(id)
	return v.state.Evidence[id]
}

// Load is how many open cases a user has, those of the changes before included.
func (v *View) Load(user casegraph.ID) int {
	v.needs.load(user)
	return v.state.Loads[user]
}

// Value is what is kept under a key; nil if nothing is, or it has expired.
func (v *View) Value(key string) []byte {
	v.needs.value(key)
	value, ok := v.state.Values[key]
	if !ok || (value.ExpiresAt != 0 && value.ExpiresAt <= v.Now) {
		return nil
	}
	return value.Data
}

// needed is what a change may look at; asking for more is a fault of ours
// that must not pass for "there is none".
type needed struct {
	nodes, evidences, loads map[casegraph.ID]bool
	links                   map[casegraph.LinkID]bool
	values                  map[string]bool
}

func newNeeded(n casegraph.Needs) *needed {
	return &needed{nodes: set(n.Nodes), evidences: set(n.Evidence), links: set(n.Links), values: set(n.Values), loads: set(n.Loads)}
}

func set[K comparable](keys []K) map[K]bool {
	m := make(map[K]bool, len(keys))
	for _, key := range keys {
		m[key] = true
	}
	return m
}

func (n *needed) node(id casegraph.ID)     { mustNeed(n.nodes[id], "node", id) }
func (n *needed) evidence(id casegraph.ID) { mustNeed(n.evidences[id], "evidence", id) }
func (n *needed) load(id casegraph.ID)     { mustNeed(n.loads[id], "load of", id) }
func (n *needed) link(id casegraph.LinkID) { mustNeed(n.links[id], "link", id) }
func (n *needed) value(key string)         { mustNeed(n.values[key], "value", key) }
func mustNeed(ok bool, what string, name any) {
	if !ok {
		panic(fmt.Sprintf("commit: a change looks at the %s %v, which its needs do not name", what, name))
	}
}
