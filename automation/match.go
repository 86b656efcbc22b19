package automation

import (
	"cmp"
	"context"
	"slices"

	"casegraph"
)

// active are the rules that run at a moment of the log, by their keys: of each
// the latest that was published, unless it is archived.
func active(ctx context.Context, store casegraph.Store, moment casegraph.Seq) ([]*ready, error) {
	ids, err := everPublished(ctx, store)
	if err != nil || len(ids) == 0 || moment == 0 {
		return nil, err
	}
	then, err := store.Nodes(ctx, casegraph.NodesRequest{IDs: ids, AsOf: moment})
	if err != nil {
		return nil, err
	}
	latest := map[string]*casegraph.Rule{}
	for _, n := range then {
		r := n.(*casegraph.Rule)
		if r.PublishedAt != 0 && (latest[r.Key] == nil || r.Revision > latest[r.Key].Revision) {
			latest[r.Key] = r
		}
	}
	var rules []*ready
	for _, r := range latest {
		if r.State != casegraph.RulePublished {
			continue
		}
		made, err := prepare(r)
		if err != nil {
			return nil, err
		}
		rules = append(rules, made)
	}
	slices.SortFunc(rules, func(a, b *ready) int { return cmp.Compare(a.Key, b.Key) })
	return rules, nil
}

func everPublished(ctx context.Context, store casegraph.Store) (ids []casegraph.ID, err error) {
	request := casegraph.ListRequest{Kind: casegraph.KindRule, First: casegraph.MaxPage,
		Filter: casegraph.Filter{Path: "publishedAt", Op: casegraph.OpExists, Value: true}}
	for {
		page, err := store.List(ctx, request)
		if err != nil {
			return nil, err
		}
		for _, n := range page.Nodes {
			ids = append(ids, n.Head().ID)
		}
		if !page.More {
			return ids, nil
		}
		place := casegraph.PlaceOf(page.Nodes[len(page.Nodes)-1], request.OrderBy)
		request.After = &place
	}
}

// match is a rule that an event sets off, or whose condition could not be
// worked out.
type match struct {
	rule  *ready
	event *casegraph.Event
	node  casegraph.Node
	err   error
}

// matches are the rules that the events, which follow one another in the log,
// set off. Conditions see each node as the event left it.
func matches(ctx context.Context, store casegraph.Store, rules []*ready, events []casegraph.Event) ([]match, error) {
	var found []match
	for i := range events {
		for _, r := range rules {
			if r.of(&events[i]) {
				found = append(found, match{rule: r, event: &events[i]})
			}
		}
	}
	if err := meet(ctx, store, found, events); err != nil {
		return nil, err
	}
	held := found[:0]
	for _, m := range found {
		if m.node == nil {
			continue
		}
		holds, err := m.rule.condition.holds(ctx, m.node, m.event)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if m.err = err; holds || err != nil {
			held = append(held, m)
		}
	}
	return held, nil
}

// meet reads the nodes as the last of these events left them, in one call, and
// goes back from there: what each event changed is taken back before the one
// ahead of it.
func meet(ctx context.Context, store casegraph.Store, found []match, events []casegraph.Event) error {
	if len(found) == 0 {
		return nil
	}
	var ids []casegraph.ID
	seen := map[casegraph.ID]bool{}
	for _, m := range found {
		if id := m.event.Subject; !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	nodes, err := store.Nodes(ctx, casegraph.NodesRequest{IDs: ids, AsOf: events[len(events)-1].Seq})
	if err != nil {
		return err
	}
	next := len(found) - 1
	for i := len(events) - 1; i >= 0 && next >= 0; i-- {
		e := &events[i]
		for ; next >= 0 && found[next].event == e; next-- {
			found[next].node = nodes[e.Subject]
		}
		if n := nodes[e.Subject]; n != nil {
			if nodes[e.Subject], err = e.TakenBack(n); err != nil {
				return err
			}
		}
	}
	return nil
}
