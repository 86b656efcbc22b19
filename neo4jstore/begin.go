package neo4jstore

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"casegraph"
)

// batch is one explicit transaction that has written to the log's node first,
// and so holds its lock: what it reads is what it will change.
type batch struct {
	session neo4j.SessionWithContext
	tx      neo4j.ExplicitTransaction
	state   *casegraph.State
	// nodes are known to be there; live says of each link that Begin was asked
	// for whether it was there and held.
	nodes map[casegraph.ID]bool
	live  map[casegraph.LinkID]bool
	// evidence are the nodes whose OF and SHOWS links are all in live.
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
	b := &batch{session: session, nodes: map[casegraph.ID]bool{}, live: map[casegraph.LinkID]bool{}, evidence: map[casegraph.ID]bool{}}
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

// beginning is the one statement that locks and reads. Links are read kind by
// kind, since a relationship's type can't be a parameter.
var beginning = func() string {
	var reads, columns []string
	for _, kind := range casegraph.LinkKinds() {
		reads = append(reads, text("BeginLinks", "<KIND>", string(kind), "<ENDED>", ended(kind)))
		columns = append(columns, "linked_"+string(kind))
	}
	return text("Begin", "<LINKS>", strings.Join(reads, ""), "<COLUMNS>", strings.Join(columns, " + "))
}()

func (b *batch) read(ctx context.Context, needs casegraph.Needs) error {
	links := map[string][]any{}
	for _, kind := range casegraph.LinkKinds() {
		links[string(kind)] = []any{}
	}
	for _, id := range needs.Links {
		links[string(id.Kind)] = append(links[string(id.Kind)], []any{string(id.From), string(id.To), id.Key})
	}
	records, err := b.run(ctx, beginning, map[string]any{"nodes": plain(needs.Nodes), "links": links,
		"evidence": plain(needs.Evidence), "values": plain(needs.Values)})
	if err != nil {
		return err
	}
	if len(records) == 0 {
		return errors.New("the database has no schema: Migrate makes it")
	}
	b.state = &casegraph.State{Nodes: map[casegraph.ID]casegraph.Node{}, Links: map[casegraph.LinkID]*casegraph.Link{},
		Evidence: map[casegraph.ID][]*casegraph.Link{}, Values: map[string]casegraph.Value{}}
	return b.keep(records[0].Values, needs)
}

// keep fills the state from the columns of Begin.
func (b *batch) keep(columns []any, needs casegraph.Needs) error {
	b.state.Seq = casegraph.Seq(columns[0].(int64))
	if hash, ok := columns[1].([]byte); ok {
		copy(b.state.Hash[:], hash)
	}
	for _, row := range columns[2].([]any) {
		node, err := nodeOf(row.([]any))
		if err != nil {
			return err
		}
		b.state.Nodes[node.Head().ID] = node
		b.nodes[node.Head().ID] = true
	}
	for _, row := range columns[3].([]any) {
		values := row.([]any)
		v := casegraph.Value{Key: values[0].(string), Data: values[1].([]byte)}
		if expiresAt, ok := values[2].(int64); ok {
			v.ExpiresAt = casegraph.Time(expiresAt)
		}
		b.state.Values[v.Key] = v
	}
	for _, id := range needs.Evidence {
		b.evidence[id], b.state.Evidence[id] = true, nil
	}
	for _, row := range columns[4].([]any) {
		l, err := b.link(row.([]any))
		if err != nil {
			return err
		}
		b.state.Evidence[l.From] = append(b.state.Evidence[l.From], l)
	}
	for _, id := range needs.Links {
		b.live[id] = false
	}
	for _, row := range columns[5].([]any) {
		l, err := b.link(row.([]any))
		if err != nil {
			return err
		}
		if held := b.state.Links[l.LinkID]; held == nil || held.Ended != 0 {
			b.state.Links[l.LinkID] = l
		}
	}
	return nil
}

// link makes a link of from, type, to, ended, key, firstSeen, lastSeen, count,
// recorded and props.
func (b *batch) link(values []any) (*casegraph.Link, error) {
	l := &casegraph.Link{LinkID: casegraph.LinkID{From: casegraph.ID(values[0].(string)),
		Kind: casegraph.LinkKind(strings.TrimPrefix(values[1].(string), ended(""))), To: casegraph.ID(values[2].(string))}}
	if seq, ok := values[3].(int64); ok {
		l.Ended = casegraph.Seq(seq)
	}
	if err := readLink(l, values[4:]); err != nil {
		return nil, err
	}
	b.nodes[l.From], b.nodes[l.To] = true, true
	if l.Ended == 0 {
		b.live[l.LinkID] = true
	}
	return l, nil
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
