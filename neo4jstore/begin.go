package neo4jstore

import (
	"context"
	"errors"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"casegraph"
)

// batch is one explicit transaction that has written to the log's node first,
// and so holds its lock: what it reads is what it will change.
type batch struct {
	store   *Store
	session neo4j.SessionWithContext
	tx      neo4j.ExplicitTransaction
	state   *casegraph.State
	// nodes are the database's own names of nodes that were met, which it finds
	// without an index; live says of each link that Begin was asked for whether
	// it was there and held.
	nodes map[casegraph.ID]string
	live  map[casegraph.LinkID]bool
	// evidence are the nodes whose CONTAINS, OF and SHOWS links are all in live.
	evidence map[casegraph.ID]bool
}

// writeTimeout is after how long the server ends a transaction that no one
// goes on with, so that its lock does not stop all others.
const writeTimeout = 2 * time.Minute

// Begin takes the log's lock and reads what the changes need.
func (s *Store) Begin(ctx context.Context, needs casegraph.Needs) (casegraph.Batch, error) {
	for attempt := 1; ; attempt++ {
		b, err := s.begin(ctx, needs)
		if err == nil {
			return b, nil
		}
		if attempt == attempts || !again(ctx, err, attempt) {
			return nil, failed(ctx, err)
		}
	}
}

func (s *Store) begin(ctx context.Context, needs casegraph.Needs) (*batch, error) {
	session := s.session(ctx, neo4j.AccessModeWrite)
	b := &batch{store: s, session: session, nodes: map[casegraph.ID]string{}, live: map[casegraph.LinkID]bool{}, evidence: map[casegraph.ID]bool{}}
	tx, err := session.BeginTransaction(ctx, neo4j.WithTxTimeout(writeTimeout))
	if err != nil {
		session.Close(context.WithoutCancel(ctx))
		return nil, err
	}
	b.tx = tx
	if err := b.read(ctx, needs); err != nil {
		b.Rollback()
		return nil, err
	}
	return b, nil
}

// read locks and reads: one statement for all but the links and the loads,
// which few changes ask for, and one for the links of each kind, since a
// relationship's type can't be a parameter.
func (b *batch) read(ctx context.Context, needs casegraph.Needs) error {
	records, err := b.run(ctx, text("Begin"), map[string]any{"nodes": plain(needs.Nodes), "values": plain(needs.Values),
		"evidence": plain(needs.Evidence)})
	if err != nil {
		return err
	}
	if len(records) == 0 {
		return errors.New("the database has no schema: Migrate makes it")
	}
	b.state = &casegraph.State{Nodes: map[casegraph.ID]casegraph.Node{}, Links: map[casegraph.LinkID]*casegraph.Link{},
		Evidence: map[casegraph.ID][]*casegraph.Link{}, Values: map[string]casegraph.Value{}, Loads: map[casegraph.ID]int{}}
	for _, id := range needs.Evidence {
		b.evidence[id], b.state.Evidence[id] = true, nil
	}
	if err := b.keep(records[0].Values); err != nil {
		return err
	}
	if err := b.readLoads(ctx, needs.Loads); err != nil {
		return err
	}
	return b.readLinks(ctx, needs.Links)
}

func (b *batch) readLoads(ctx context.Context, users []casegraph.ID) error {
	if len(users) == 0 {
		return nil
	}
	records, err := b.run(ctx, text("BeginLoads"), map[string]any{"users": plain(users)})
	for _, record := range records {
		b.state.Loads[casegraph.ID(record.Values[0].(string))] = int(record.Values[1].(int64))
	}
	return err
}

// keep fills the state from the columns of Begin.
func (b *batch) keep(columns []any) error {
	b.state.Seq = casegraph.Seq(columns[0].(int64))
	if hash, ok := columns[1].([]byte); ok {
		copy(b.state.Hash[:], hash)
	}
	for i, keep := range []func([]any) error{b.keepNode, b.keepValue, b.keepEvidence} {
		for _, row := range columns[2+i].([]any) {
			if err := keep(row.([]any)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *batch) readLinks(ctx context.Context, ids []casegraph.LinkID) error {
	links := map[casegraph.LinkKind][]any{}
	for _, id := range ids {
		links[id.Kind] = append(links[id.Kind], []any{string(id.From), string(id.To), id.Key})
		b.live[id] = false
	}
	for _, kind := range casegraph.LinkKinds() {
		if len(links[kind]) == 0 {
			continue
		}
		records, err := b.run(ctx, text("BeginLinks", "<KIND>", string(kind)), map[string]any{"links": links[kind]})
		if err != nil {
			return err
		}
		for _, record := range records {
			if err := b.keepLink(record.Values); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *batch) keepNode(values []any) error {
	node, err := nodeOf(values)
	if err == nil {
		b.state.Nodes[node.Head().ID] = node
		b.nodes[node.Head().ID] = values[6].(string)
	}
	return err
}

func (b *batch) keepValue(values []any) error {
	v := casegraph.Value{Key: values[0].(string), Data: values[1].([]byte)}
	if expiresAt, ok := values[2].(int64); ok {
		v.ExpiresAt = casegraph.Time(expiresAt)
	}
	b.state.Values[v.Key] = v
	return nil
}

func (b *batch) keepEvidence(values []any) error {
	l, err := b.link(values)
	if err == nil {
		b.live[l.LinkID] = true
		b.state.Evidence[l.From] = append(b.state.Evidence[l.From], l)
	}
	return err
}

// keepLink keeps a link; where there is none the row has the two nodes alone.
func (b *batch) keepLink(values []any) error {
	l, err := b.link(values)
	if l == nil || err != nil {
		return err
	}
	b.live[l.LinkID], b.state.Links[l.LinkID] = true, l
	return nil
}

// link makes a link of from, to, the database's names of both, type, key,
// firstSeen, lastSeen, count, recorded and props; nil if the type is.
func (b *batch) link(values []any) (*casegraph.Link, error) {
	from, to := casegraph.ID(values[0].(string)), casegraph.ID(values[1].(string))
	b.nodes[from], b.nodes[to] = values[2].(string), values[3].(string)
	kind, ok := values[4].(string)
	if !ok {
		return nil, nil
	}
	l := &casegraph.Link{LinkID: casegraph.LinkID{From: from, Kind: casegraph.LinkKind(kind), To: to}}
	return l, readLink(l, values[5:])
}

// run runs a statement of the transaction.
func (b *batch) run(ctx context.Context, statement string, params map[string]any) ([]*neo4j.Record, error) {
	result, err := b.tx.Run(ctx, language+statement, params)
	if err != nil {
		return nil, err
	}
	return result.Collect(ctx)
}

// State is what Begin read.
func (b *batch) State() *casegraph.State { return b.state }

// Rollback ends the batch without a trace. After Write it does nothing.
func (b *batch) Rollback() {
	if b.tx == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	b.tx.Close(ctx)
	b.session.Close(ctx)
	b.tx = nil
}
