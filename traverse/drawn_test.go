package traverse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"casegraph"
)

// drawn is a small graph in memory, drawn as text: one link a line,
//
//	act_ann HAS idn_phone-1 @5
//	act_ann PAID act_bob #k1 @7
//
// @ is the time, first and last seen; # the key. A node's kind is its prefix;
// an identifier's kind stands before the last hyphen. A case with "!" in its name
// is restricted.
type drawn struct {
	nodes map[casegraph.ID]casegraph.Node
	links []*casegraph.Link
	at    map[casegraph.ID][]*casegraph.Link
	shows map[casegraph.Pair][]*casegraph.Link
	calls []string
}

func draw(lines string) *drawn {
	g := &drawn{nodes: map[casegraph.ID]casegraph.Node{}, at: map[casegraph.ID][]*casegraph.Link{}, shows: map[casegraph.Pair][]*casegraph.Link{}}
	for _, line := range strings.Split(lines, "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case len(words) == 1:
			g.node(casegraph.ID(words[0]))
		default:
			g.link(words)
		}
	}
	return g
}

func (g *drawn) link(words []string) {
	link := &casegraph.Link{LinkID: casegraph.LinkID{From: casegraph.ID(words[0]), Kind: casegraph.LinkKind(words[1]), To: casegraph.ID(words[2])}, Count: 1}
	for _, word := range words[3:] {
		switch word[0] {
		case '#':
			link.Key = word[1:]
		case '@':
			at, err := strconv.Atoi(word[1:])
			if err != nil {
				panic(err)
			}
			link.FirstSeen, link.LastSeen = casegraph.Time(at), casegraph.Time(at)
		}
	}
	if link.Kind.Number() == 0 {
		panic(fmt.Sprintf("%s is no kind of link", link.Kind))
	}
	g.node(link.From)
	g.node(link.To)
	if comment, is := g.nodes[link.From].(*casegraph.Comment); is && strings.HasPrefix(string(link.To), "case_") {
		comment.CaseID = link.To
	}
	g.links = append(g.links, link)
	g.at[link.From] = append(g.at[link.From], link)
	g.at[link.To] = append(g.at[link.To], link)
}

func (g *drawn) node(id casegraph.ID) {
	if g.nodes[id] != nil {
		return
	}
	kind, _ := casegraph.KindOf(id)
	var node casegraph.Node
	switch kind {
	case casegraph.KindCase:
		node = &casegraph.Case{Restricted: strings.Contains(string(id), "!")}
	case casegraph.KindIdentifier:
		name := strings.TrimPrefix(string(id), "idn_")
		node = &casegraph.Identifier{IdentifierKind: casegraph.IdentifierKind(name[:strings.LastIndex(name, "-")])}
	case casegraph.KindAccount:
		node = &casegraph.Account{}
	case casegraph.KindTransaction:
		node = &casegraph.Transaction{}
	case casegraph.KindComment:
		node = &casegraph.Comment{}
	case casegraph.KindSession:
		node = &casegraph.Session{}
	default:
		node = &casegraph.Inquiry{}
	}
	node.Head().ID = id
	g.nodes[id] = node
}

func (g *drawn) Nodes(_ context.Context, r casegraph.NodesRequest) (map[casegraph.ID]casegraph.Node, error) {
	g.calls = append(g.calls, "Nodes")
	found := map[casegraph.ID]casegraph.Node{}
	for _, id := range r.IDs {
		if node := g.nodes[id]; node != nil && !r.Mask.Hides(node.Class()) {
			found[id] = node
		}
	}
	return found, nil
}

func (g *drawn) Links(_ context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	g.calls = append(g.calls, "Links")
	if err := r.Check(); err != nil {
		return nil, err
	}
	pages := make(map[casegraph.ID]casegraph.LinkPage, len(r.IDs))
	for _, id := range r.IDs {
		if node := g.nodes[id]; node != nil {
			hops := g.hops(id, &r)
			degree := 0
			for _, hop := range hops {
				if r.Sees(hop.FarClass) {
					degree++
				}
			}
			pages[id] = r.Page(id, node.Class(), degree, hops)
		}
	}
	return pages, nil
}

func (g *drawn) hops(id casegraph.ID, r *casegraph.LinkRequest) []casegraph.Hop {
	hops := make([]casegraph.Hop, 0, len(g.at[id]))
	for _, link := range g.at[id] {
		out := link.From == id
		if !slices.Contains(r.WantedKinds(), link.Kind) || (out && !r.WantsOut()) || (!out && !r.WantsIn()) {
			continue
		}
		if r.AsOf != 0 { // its sum may be told anew
			link = new(*link)
		}
		far := link.To
		if !out {
			far = link.From
		}
		hops = append(hops, casegraph.Hop{Link: link, Far: far, FarClass: g.nodes[far].Class(), Out: out})
	}
	return hops
}

func (g *drawn) Evidence(_ context.Context, r casegraph.EvidenceRequest) (map[casegraph.Pair][]*casegraph.Link, error) {
	g.calls = append(g.calls, "Evidence")
	found := map[casegraph.Pair][]*casegraph.Link{}
	for _, pair := range r.Pairs {
		shows := g.shows[pair]
		found[pair] = shows[:min(r.Limit, len(shows))]
	}
	return found, nil
}

// ids reads a list of ids from a line.
func ids(line string) []casegraph.ID {
	var list []casegraph.ID
	for _, word := range strings.Fields(line) {
		list = append(list, casegraph.ID(word))
	}
	return list
}

// fan is many links of one kind from, or to, one node.
func fan(format string, n int) string {
	var lines strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&lines, format+"\n", i)
	}
	return lines.String()
}

func equal(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s\n got %s\nwant %s", what, got, want)
	}
}

func linkText(l *casegraph.Link) string {
	text := fmt.Sprintf("%s %s %s", l.From, l.Kind, l.To)
	if l.Key != "" {
		text += " #" + l.Key
	}
	return text
}

func boundaryText(boundaries []Boundary) string {
	var words []string
	for _, b := range boundaries {
		words = append(words, fmt.Sprintf("%s %s %d", b.Node, b.Reason, b.Degree))
	}
	return strings.Join(words, ", ")
}

func metText(nodes []Met) string {
	var words []string
	for _, met := range nodes {
		words = append(words, fmt.Sprintf("%s:%d", met.ID, met.Distance))
	}
	return strings.Join(words, " ")
}

func refused(t *testing.T, err error, code casegraph.Code, field string) {
	t.Helper()
	known, ok := err.(*casegraph.Error)
	if !ok || known.Code != code || known.Field != field {
		t.Errorf("got %v (%T), want %s of %q", err, err, code, field)
	}
}

func (g *drawn) List(_ context.Context, r casegraph.ListRequest) (page casegraph.ListPage, err error) {
	g.calls = append(g.calls, "List")
	if err := r.Check(); err != nil {
		return page, err
	}
	for _, id := range slices.Sorted(maps.Keys(g.nodes)) {
		n := g.nodes[id]
		switch {
		case n.Kind() != r.Kind || r.Mask.Hides(n.Class()) || !r.Filter.Matches(n) || r.After != nil && id <= r.After.ID:
		case len(page.Nodes) == r.First:
			page.More = true
			return page, nil
		default:
			page.Nodes = append(page.Nodes, n)
		}
	}
	return page, nil
}

func (g *drawn) Count(_ context.Context, r casegraph.ListRequest) (count int, err error) {
	g.calls = append(g.calls, "Count")
	for _, n := range g.nodes {
		if n.Kind() == r.Kind && !r.Mask.Hides(n.Class()) && r.Filter.Matches(n) {
			count++
		}
	}
	return count, r.Check()
}
