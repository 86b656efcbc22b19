package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"casegraph"
)

// Nodes looks at every node of a store.
type Nodes struct {
	Store casegraph.Store
	// Found is called with each node that something is wrong with, and what.
	Found func(id casegraph.ID, wrong string)
	// Progress, if set, is called after each page of nodes.
	Progress func(Counts)
}

// Counts are what was looked at. A link counts at each of its ends.
type Counts struct {
	Nodes, Ends, Wrong int
}

// seen is what is looked at: all but keys.
var seen = casegraph.Mask{SeesMarks: true}

// Run looks at the nodes, kind by kind. What others write meanwhile is looked
// at several times before it is found to be wrong.
func (n *Nodes) Run(ctx context.Context) (Counts, error) {
	var done Counts
	for _, kind := range casegraph.Kinds() {
		request := casegraph.ListRequest{Kind: kind, First: casegraph.MaxPage, Mask: seen}
		for more := true; more; {
			page, err := n.Store.List(ctx, request)
			if err != nil {
				return done, err
			}
			if err := n.page(ctx, page.Nodes, &done); err != nil {
				return done, err
			}
			if more = page.More; more {
				place := casegraph.PlaceOf(page.Nodes[len(page.Nodes)-1], request.OrderBy)
				request.After = &place
			}
		}
	}
	return done, nil
}

// looks is how often a node is looked at that seems wrong.
const looks = 3

func (n *Nodes) page(ctx context.Context, nodes []casegraph.Node, done *Counts) error {
	var wrong map[casegraph.ID]string
	for look := 0; look < looks && len(nodes) > 0; look++ {
		links, err := map[casegraph.ID]int{}, error(nil)
		if wrong, err = n.look(ctx, nodes, links); err != nil {
			return err
		}
		if look == 0 {
			done.Nodes += len(nodes)
			for _, ends := range links {
				done.Ends += ends
			}
		}
		if len(wrong) == 0 {
			break
		}
		if nodes, err = n.again(ctx, wrong); err != nil {
			return err
		}
	}
	for _, node := range nodes {
		if id := node.Head().ID; wrong[id] != "" {
			done.Wrong++
			n.Found(id, wrong[id])
		}
	}
	if n.Progress != nil {
		n.Progress(*done)
	}
	return nil
}

// again reads the nodes that seem wrong, in the order of their ids.
func (n *Nodes) again(ctx context.Context, wrong map[casegraph.ID]string) ([]casegraph.Node, error) {
	var ids []casegraph.ID
	for id := range wrong {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	found, err := n.Store.Nodes(ctx, casegraph.NodesRequest{IDs: ids, Mask: seen})
	var nodes []casegraph.Node
	for _, id := range ids {
		if found[id] != nil {
			nodes = append(nodes, found[id])
		}
	}
	return nodes, err
}

// look tells what is wrong with nodes, and counts their links.
func (n *Nodes) look(ctx context.Context, nodes []casegraph.Node, links map[casegraph.ID]int) (map[casegraph.ID]string, error) {
	wrong := map[casegraph.ID]string{}
	ids := make([]casegraph.ID, len(nodes))
	for i, node := range nodes {
		ids[i] = node.Head().ID
	}
	told, err := n.timelines(ctx, ids)
	if err != nil {
		return nil, err
	}
	degrees, err := n.degrees(ctx, ids, links)
	if err != nil {
		return nil, err
	}
	for _, node := range nodes {
		head := node.Head()
		if degree := degrees[head.ID]; degree != links[head.ID] {
			wrong[head.ID] = fmt.Sprintf("is said to have %d links and has %d", degree, links[head.ID])
		}
		if node.Kind() == casegraph.KindIdentifier {
			continue // a value; what shows it has the events
		}
		fault := told[head.ID].fault(head)
		if fault == "" {
			if fault, err = told[head.ID].otherContent(node); err != nil {
				return nil, err
			}
		}
		if fault != "" {
			wrong[head.ID] = fault
		}
	}
	return wrong, nil
}

// past is what the log tells of a node.
type past struct {
	events, changes int64
	changed, first  casegraph.Time // when it was changed last, and recorded
	before          casegraph.Seq
	// left is what its attributes, and its fields, were changed to last; those that
	// have been the same from the beginning are told by no event.
	left map[string]json.RawMessage
}

func (p *past) take(page []casegraph.Event) {
	for i := range page {
		e := &page[i]
		if len(e.Changes) > 0 {
			if p.changes == 0 {
				p.changed = e.At
			}
			p.changes++
		}
		for _, change := range e.Changes {
			if _, later := p.left[change.Path]; !later {
				p.left[change.Path] = change.After
			}
		}
		p.events++
		p.first, p.before = e.At, e.Seq
	}
}

// fault is where a node is not as the log tells: changed as often, last at that
// time, and recorded by the first event.
func (p *past) fault(head *casegraph.Header) string {
	changed := p.changed
	if p.changes == 0 {
		changed = p.first
	}
	switch {
	case p.events == 0:
		return "is in no event of the log"
	case head.Version != p.changes+1:
		return fmt.Sprintf("has version %d, and the log tells of %d changes", head.Version, p.changes)
	case head.CreatedAt != p.first:
		return fmt.Sprintf("was recorded at %s, and in the log at %s", head.CreatedAt, p.first)
	case head.UpdatedAt != changed:
		return fmt.Sprintf("was changed at %s, and in the log at %s", head.UpdatedAt, changed)
	}
	return ""
}

// otherContent is the first attribute that is not as it was changed to last.
func (p *past) otherContent(node casegraph.Node) (string, error) {
	text, err := json.Marshal(node)
	if err != nil {
		return "", err
	}
	var is, fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &is); err != nil {
		return "", err
	}
	if is["fields"] != nil {
		if err := json.Unmarshal(is["fields"], &fields); err != nil {
			return "", err
		}
	}
	for _, path := range slices.Sorted(maps.Keys(p.left)) {
		value := is[path]
		if name, isField := strings.CutPrefix(path, "fields."); isField {
			value = fields[name]
		}
		if !bytes.Equal(value, p.left[path]) {
			return fmt.Sprintf("has another %s than the log tells", path), nil
		}
	}
	return "", nil
}

func (n *Nodes) timelines(ctx context.Context, ids []casegraph.ID) (map[casegraph.ID]*past, error) {
	all := map[casegraph.ID]*past{}
	for _, id := range ids {
		all[id] = &past{left: map[string]json.RawMessage{}}
	}
	first, err := n.Store.Timeline(ctx, casegraph.TimelineRequest{IDs: ids, First: casegraph.MaxPage})
	if err != nil {
		return nil, err
	}
	for id, page := range first {
		all[id].take(page)
		for len(page) == casegraph.MaxPage {
			next, err := n.Store.Timeline(ctx, casegraph.TimelineRequest{IDs: []casegraph.ID{id}, Before: all[id].before, First: casegraph.MaxPage})
			if err != nil {
				return nil, err
			}
			page = next[id]
			all[id].take(page)
		}
	}
	return all, nil
}

// atOnce is how many links one call reads of a node at most: few enough for
// those of a page of nodes to be held.
const atOnce = 1000

// degrees are how many links nodes are said to have; those that they have are
// counted.
func (n *Nodes) degrees(ctx context.Context, ids []casegraph.ID, links map[casegraph.ID]int) (map[casegraph.ID]int, error) {
	degrees := map[casegraph.ID]int{}
	all := casegraph.LinkRequest{IDs: ids, Kinds: casegraph.LinkKinds(), Cap: atOnce}
	err := casegraph.EveryHop(ctx, n.Store, all, func(pages map[casegraph.ID]casegraph.LinkPage) error {
		for id, page := range pages {
			degrees[id] = page.Degree
			links[id] += len(page.Hops)
		}
		return nil
	})
	return degrees, err
}
