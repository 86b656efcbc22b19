package casegraph

import (
	"context"
	"crypto/sha256"
)

// Store keeps the graph and its log. localstore and neo4jstore implement it
// and storetest says what it must do. A store knows records, links and
// events; what a change means is decided above it.
//
// All methods may be called from many goroutines. They return *Error for what
// a caller did wrong (bounds, a kind that does not exist) and CodeUnavailable
// if the database can't be reached; ctx ends any of them.
type Store interface {
	// Nodes reads nodes by id. Ids that do not exist, or that the mask hides,
	// are not in the map.
	Nodes(ctx context.Context, r NodesRequest) (map[ID]Node, error)
	// Resolve finds nodes by what others call them. A key that names nothing is
	// not in the map; one without a source may name several nodes, in order of
	// their ids, at most 10.
	Resolve(ctx context.Context, keys []Key) (map[Key][]ID, error)
	// Links reads the links of nodes. Every id asked for that exists, and that
	// the mask does not hide, is in the map, with a page that may be empty. Links
	// come without fields where the mask hides these; nodes have theirs.
	Links(ctx context.Context, r LinkRequest) (map[ID]LinkPage, error)
	// Evidence reads the SHOWS links behind HAS links: for each pair those of
	// the account and of what is OF it, newest last seen first, then by object
	// id and key.
	Evidence(ctx context.Context, r EvidenceRequest) (map[Pair][]*Link, error)
	// List reads a page of the nodes of one kind.
	List(ctx context.Context, r ListRequest) (ListPage, error)
	// Count counts what a ListRequest without places and page would list.
	Count(ctx context.Context, r ListRequest) (int, error)
	// CountEach counts the same of several requests, at most MaxPage, each no further
	// than most: it gives most where there are as many, or more.
	CountEach(ctx context.Context, r []ListRequest, most int) ([]int, error)
	// Groups counts the same by the text at a path, which is a filter's: a node
	// without such a text is in the group "". Groups come in the order of their
	// values; more than MaxGroups are refused.
	Groups(ctx context.Context, r ListRequest, by string) ([]Group, error)
	// Search finds the nodes whose texts hold, for each word, at least one of
	// its alternatives; newest updatedAt first, then by id.
	Search(ctx context.Context, r SearchRequest) ([]ID, error)
	// Terms reads the vocabulary: which known words have each of these
	// variants. Unknown variants are not in the map; lists are sorted.
	Terms(ctx context.Context, variants []string) (map[string][]string, error)

	// Timeline reads the events about each node (its subject), newest first if not
	// asked otherwise.
	Timeline(ctx context.Context, r TimelineRequest) (map[ID][]Event, error)
	// Events reads the log in order, what comes after a number, at most n, and
	// the number of the log's last event.
	Events(ctx context.Context, after Seq, n int) ([]Event, Seq, error)
	// Values reads what is kept beside the graph; keys that do not exist, or
	// have expired at now, are not in the map.
	Values(ctx context.Context, keys []string, now Time) (map[string][]byte, error)

	// Begin starts a write: it takes the log's lock and then reads what the
	// changes need. The batch must be ended by Write or Rollback.
	Begin(ctx context.Context, needs Needs) (Batch, error)

	// Migrate makes the schema or brings it up to date, also while other
	// servers do the same.
	Migrate(ctx context.Context) error
	Ping(ctx context.Context) error
	Close() error
}

// Batch is a write begun: one transaction that holds the log's lock.
type Batch interface {
	// State is what Begin read.
	State() *State
	// Write writes everything, durably, or nothing, and ends the batch. It
	// works out the HAS links of the decided pairs from the evidence.
	Write(ctx context.Context, d *Decided) error
	// Rollback ends the batch without a trace. After Write it does nothing.
	Rollback()
}

// NodesRequest asks for nodes by id.
type NodesRequest struct {
	IDs []ID
	// AsOf asks for the nodes as they were recorded by then; 0 is now. An
	// identifier is a value: it is there whenever it was met, its links tell when
	// it was known, and only its risk mark has a past.
	AsOf Seq
	// Mask is of today, by the nodes' classes of today.
	Mask Mask
}

// Check refuses what can't be answered.
func (r *NodesRequest) Check() error {
	if r.AsOf < 0 {
		return BadInput("asOf: at least 1")
	}
	return nil
}

// EvidenceRequest asks what stands behind HAS links.
type EvidenceRequest struct {
	Pairs []Pair
	Limit int // links a pair
	// AsOf asks for what was recorded by then; 0 is now.
	AsOf Seq
}

// Key is a node's name elsewhere: a source's reference, a case's number in
// upper case (CaseKey), a user's e-mail. An empty Kind or Source stands for any.
type Key struct {
	Kind      Kind
	Source    string
	Reference string
}

// Pair is an account and an identifier that it may have.
type Pair struct{ Account, Identifier ID }

// TouchedPair is a pair whose evidence changes. A HAS link that begins is
// recorded by the First event that touched it, one that ends is ended by the
// Last: so its numbers do not depend on which changes share a transaction.
type TouchedPair struct {
	Pair
	First, Last Seq
}

// SearchRequest asks for nodes by words in their texts.
type SearchRequest struct {
	// Words holds, for each word of the question, the terms that count as it.
	Words [][]string
	Kinds []Kind // none: every kind
	First int    // at most MaxPage
	Mask  Mask
}

// TimelineRequest asks for the newest events about nodes.
type TimelineRequest struct {
	IDs    []ID
	Before Seq // only events with a lower number; 0 is no bound
	After  Seq // only events with a higher number
	First  int // events a node, at most MaxTimeline
	// OldestFirst turns the order round: the oldest behind After.
	OldestFirst bool
	EventFilter
}

// EventFilter says which events; what is empty is no condition.
type EventFilter struct {
	Names  []string `json:"names,omitempty"`
	Actors []ID     `json:"actors,omitempty"`
	Since  Time     `json:"since,omitempty"` // at or after
	Until  Time     `json:"until,omitempty"` // at or before
}

// MaxTimeline is one more than a page, so that who asks for a page sees
// whether there is more.
const MaxTimeline = MaxPage + 1

// Needs names what must be read before changes can be decided.
type Needs struct {
	Nodes []ID
	// Links are single links; what is not there now is not read.
	Links []LinkID
	// Evidence asks for all live OF and SHOWS links that go out of these nodes,
	// and for what these cases contain.
	Evidence []ID
	Values   []string
	// Loads asks how many open cases these users have.
	Loads []ID
}

// State is what was read for Needs, at one moment.
type State struct {
	Seq   Seq               // the log's last number
	Hash  [sha256.Size]byte // and its hash
	Nodes map[ID]Node
	Links map[LinkID]*Link
	// Evidence holds an entry for every node that was asked for.
	Evidence map[ID][]*Link
	Values   map[string]Value
	// Loads holds an entry for every user that was asked for.
	Loads map[ID]int
}

// Value is something small that is kept beside the graph, such as a counter,
// an import's position or the answer to a request that may be repeated.
type Value struct {
	Key  string
	Data []byte
	// ExpiresAt is when the value is no longer there; 0 is never.
	ExpiresAt Time
}

// Decided is what a batch of changes comes to: final states, each once.
type Decided struct {
	Nodes []NodeWrite
	// Links are whole links to put in place of those with the same LinkID; Ends
	// are those that hold no more, where they do; Past are the versions that
	// this leaves behind, with Ended, in the order of the log.
	Links  []Link
	Ends   []LinkID
	Past   []Link
	Values []Value
	// Events follow State.Seq without a gap; Payloads are their JSON.
	Events   []Event
	Payloads [][]byte
	// Pairs are the accounts and identifiers whose HAS link must be worked out
	// again; each once.
	Pairs []TouchedPair
	// Terms are the words of the written nodes' texts that the vocabulary may
	// lack, with their variants.
	Terms map[string][]string
}

// Named are the nodes that links, pairs and events name, each once: those that
// a store must find, or refuse the batch.
func (d *Decided) Named() []ID {
	seen := map[ID]bool{}
	var named []ID
	add := func(ids ...ID) {
		for _, id := range ids {
			if !seen[id] {
				seen[id] = true
				named = append(named, id)
			}
		}
	}
	for i := range d.Links {
		add(d.Links[i].From, d.Links[i].To)
	}
	for i := range d.Past {
		add(d.Past[i].From, d.Past[i].To)
	}
	for _, pair := range d.Pairs {
		add(pair.Account, pair.Identifier)
	}
	for i := range d.Events {
		add(d.Events[i].Subject)
	}
	return named
}

// NodeWrite is a node's final state in a batch.
type NodeWrite struct {
	Record
	// New is set if the node was not there before.
	New bool
	// Before is the class it had.
	Before Class
	// Words are the words of its texts; TextChanged is set if they may differ
	// from what the store has.
	Words       []string
	TextChanged bool
}
