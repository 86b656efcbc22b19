package traverse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"casegraph"

	"pgregory.net/rapid"
)

func componentIn(t *testing.T, g *drawn, q ComponentQuery) Component {
	t.Helper()
	g.calls = nil
	answer, err := ComponentOf(context.Background(), g, q)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func kindsText(counts []KindCount) string {
	var words []string
	for _, c := range counts {
		words = append(words, strings.TrimSuffix(fmt.Sprintf("%d %s/%s", c.Count, c.Kind, c.IdentifierKind), "/"))
	}
	return strings.Join(words, ", ")
}

func partsText(c Component) string {
	var words []string
	for _, b := range c.Bridges {
		words = append(words, fmt.Sprintf("%s: %d", linkText(b.Link), b.CutsOff))
	}
	for _, n := range c.CutNodes {
		words = append(words, fmt.Sprintf("%s: %d of %d parts", n.ID, n.CutsOff, n.Parts))
	}
	return strings.Join(words, ", ")
}

// gang: ann, bob and cid share a phone; cid alone pays dan, twice, who has a
// device with eve. All have been at one public address.
const gang = `
	act_ann HAS idn_phone-1 @5
	act_bob HAS idn_phone-1 @6
	act_cid HAS idn_phone-1 @7
	act_ann PAID act_bob #1 @3
	act_cid PAID act_dan #2 @8
	act_cid PAID act_dan #3 @9
	act_dan HAS idn_device-1
	act_eve HAS idn_device-1 @4
	act_ann HAS idn_ip-1 @1
	act_eve HAS idn_ip-1 @1
	case_1! CONTAINS act_eve @2
	act_far HAS idn_phone-2 @1
`

func TestComponent(t *testing.T) {
	g := draw(gang + fan("act_x%03d HAS idn_ip-1 @1", 150))
	for _, test := range []struct {
		name                                  string
		query                                 ComponentQuery
		size, links                           int
		nodes, kinds, parts, held, boundaries string
	}{
		{
			name: "all that hangs together but through the hub", query: ComponentQuery{Of: "act_ann"}, size: 8, links: 9,
			nodes: "act_ann:0 idn_phone-1:1 act_bob:1 act_cid:2 act_dan:3 idn_device-1:4 act_eve:5 case_1!:6",
			kinds: "1 CASE, 5 ACCOUNT, 1 IDENTIFIER/device, 1 IDENTIFIER/phone",
			parts: "act_cid HAS idn_phone-1: 5, act_dan HAS idn_device-1: 3, act_eve HAS idn_device-1: 2, case_1! CONTAINS act_eve: 1, " +
				"act_cid: 3 of 2 parts, act_dan: 3 of 2 parts, idn_device-1: 2 of 2 parts, idn_phone-1: 2 of 2 parts, act_eve: 1 of 2 parts",
			held: "2 to 9", boundaries: "idn_ip-1 HUB 152",
		},
		{
			name: "over some links, between some nodes, as they held in a time",
			query: ComponentQuery{Of: "act_ann", Kinds: []casegraph.LinkKind{casegraph.LinkHas}, Since: 6,
				NodeKinds: []casegraph.Kind{casegraph.KindAccount, casegraph.KindIdentifier}},
			size: 1, nodes: "act_ann:0", kinds: "1 ACCOUNT", held: "0 to 0",
		},
		{
			name: "what is masked joins nothing", query: ComponentQuery{Of: "act_cid", Mask: casegraph.Mask{RestrictedCases: true,
				IdentifierKinds: []casegraph.IdentifierKind{"phone", "ip"}}},
			size: 4, links: 4, nodes: "act_cid:0 act_dan:1 idn_device-1:2 act_eve:3", kinds: "3 ACCOUNT, 1 IDENTIFIER/device",
			parts: "act_dan HAS idn_device-1: 2, act_eve HAS idn_device-1: 1, act_dan: 1 of 2 parts, idn_device-1: 1 of 2 parts", held: "4 to 9",
		},
		{
			name: "a hub that is asked about is no hub", query: ComponentQuery{Of: "idn_ip-1", List: 2}, size: 159, links: 161,
			nodes: "idn_ip-1:0 act_ann:1", kinds: "1 CASE, 155 ACCOUNT, 1 IDENTIFIER/device, 1 IDENTIFIER/ip, 1 IDENTIFIER/phone",
			parts: "act_x001 HAS idn_ip-1: 1, act_x002 HAS idn_ip-1: 1, idn_ip-1: 150 of 151 parts, act_eve: 1 of 2 parts", held: "1 to 9",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer := componentIn(t, g, test.query)
			if answer.Size != test.size || answer.LinkCount != test.links || !answer.Complete {
				t.Errorf("%d nodes, %d links, complete %v", answer.Size, answer.LinkCount, answer.Complete)
			}
			equal(t, "nodes", metText(answer.Nodes), test.nodes)
			equal(t, "kinds", kindsText(answer.ByKind), test.kinds)
			equal(t, "parts", partsText(answer), test.parts)
			equal(t, "held", fmt.Sprintf("%d to %d", answer.FirstSeen, answer.LastSeen), test.held)
			equal(t, "boundaries", boundaryText(answer.Boundaries), test.boundaries)
			if answer.Cost.StoreCalls != len(g.calls) {
				t.Errorf("cost says %d calls of %v", answer.Cost.StoreCalls, g.calls)
			}
		})
	}
}

func TestComponentSaysWhenItIsNotWhole(t *testing.T) {
	answer := componentIn(t, draw(gang), ComponentQuery{Of: "act_ann", MaxNodes: 4})
	equal(t, "nodes", metText(answer.Nodes), "act_ann:0 idn_phone-1:1 act_bob:1 idn_ip-1:1")
	equal(t, "where it ended", boundaryText(answer.Boundaries), "idn_phone-1 BUDGET 3")
	equal(t, "what would part it", partsText(answer), "")
	if answer.Complete || answer.Size != 4 {
		t.Errorf("complete %v, %d nodes", answer.Complete, answer.Size)
	}
	long := draw(fan("act_ann PAID act_x%05d", casegraph.MaxLinkCap+1))
	answer = componentIn(t, long, ComponentQuery{Of: "act_x00001", MaxNodes: MostComponentNodes})
	equal(t, "the long list", boundaryText(answer.Boundaries), "act_ann PAGE 10001")
	if answer.Complete || answer.Size != casegraph.MaxLinkCap+1 || answer.LinkCount != casegraph.MaxLinkCap {
		t.Errorf("complete %v, %d nodes, %d links", answer.Complete, answer.Size, answer.LinkCount)
	}
}

func TestComponentRefuses(t *testing.T) {
	g := draw(gang)
	for _, test := range []struct {
		query ComponentQuery
		code  casegraph.Code
		field string
	}{
		{ComponentQuery{Of: "act_nobody"}, casegraph.CodeNotFound, "of"},
		{ComponentQuery{Of: "case_1!", Mask: casegraph.Mask{RestrictedCases: true}}, casegraph.CodeNotFound, "of"},
		{ComponentQuery{Of: "act_ann", MaxNodes: MostComponentNodes + 1}, casegraph.CodeBadInput, "maxNodes"},
		{ComponentQuery{Of: "act_ann", List: MostListed + 1}, casegraph.CodeBadInput, "list"},
		{ComponentQuery{Of: "act_ann", Kinds: []casegraph.LinkKind{"LIKES"}}, casegraph.CodeBadInput, "kinds[0]"},
		{ComponentQuery{Of: "act_ann", NodeKinds: []casegraph.Kind{"PLANET"}}, casegraph.CodeBadInput, "nodeKinds[0]"},
		{ComponentQuery{Of: "act_ann", Since: 2, Until: 1}, casegraph.CodeBadInput, "until"},
	} {
		_, err := ComponentOf(context.Background(), g, test.query)
		refused(t, err, test.code, test.field)
	}
}

// What a component is, where it would fall apart, and that it does not matter
// which of its nodes one asks about.
func TestComponentIsThatOfAPlainSearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, mask := randomGraph(t), randomMask(t)
		q := ComponentQuery{Of: g.some(t, mask, 1)[0], Kinds: randomKinds(t), HubLimits: randomHubLimits(t), Mask: mask, List: MostListed,
			NodeKinds: rapid.SampledFrom([][]casegraph.Kind{nil, {casegraph.KindAccount, casegraph.KindIdentifier}}).Draw(t, "nodeKinds")}
		if rapid.Bool().Draw(t, "windowed") {
			q.Since, q.Until = 1, 2
		}
		answer, err := ComponentOf(context.Background(), g, q)
		if err != nil {
			t.Fatal(err)
		}
		inside, links := g.plainComponent(q)
		got := map[casegraph.ID]bool{}
		for _, met := range answer.Nodes {
			got[met.ID] = true
		}
		if fmt.Sprint(got) != fmt.Sprint(inside) || answer.Size != len(inside) {
			t.Fatalf("met %v, a plain search meets %v", got, inside)
		}
		if answer.LinkCount != len(links) || len(answer.Links) != len(links) {
			t.Fatalf("%d links, a plain search follows %d", answer.LinkCount, len(links))
		}
		if got, want := partsText(answer), partsText(plainParts(q.Of, inside, links)); got != want {
			t.Fatalf("it would fall apart at\n%s\nand should at\n%s", got, want)
		}
		if g.isHub(q.Of, plainDegree(g, q), q.HubLimits) || !wantsKind(q.NodeKinds, q.Of) {
			return // others do not pass it
		}
		for id := range inside {
			q.Of = id
			other, err := ComponentOf(context.Background(), g, q)
			if err != nil || other.Size != answer.Size || other.LinkCount != answer.LinkCount || other.BridgeCount != answer.BridgeCount ||
				other.CutNodeCount != answer.CutNodeCount || kindsText(other.ByKind) != kindsText(answer.ByKind) {
				t.Fatalf("asked of %s: %+v, %v", id, other, err)
			}
		}
	})
}

func plainDegree(g *drawn, q ComponentQuery) int {
	return len(g.follows(q.Of, plainKinds(q), casegraph.DirectionBoth, nil, q.Mask))
}

func plainKinds(q ComponentQuery) []casegraph.LinkKind {
	if len(q.Kinds) == 0 {
		return DefaultKinds()
	}
	return q.Kinds
}

func wantsKind(kinds []casegraph.Kind, id casegraph.ID) bool {
	kind, _ := casegraph.KindOf(id)
	return len(kinds) == 0 || slices.Contains(kinds, kind)
}

// plainComponent adds nodes until none can be added.
func (g *drawn) plainComponent(q ComponentQuery) (inside map[casegraph.ID]bool, links []*casegraph.Link) {
	joins := func(id casegraph.ID) bool {
		return id == q.Of || !q.Mask.Hides(g.nodes[id].Class()) && wantsKind(q.NodeKinds, id) &&
			!g.isHub(id, len(g.follows(id, plainKinds(q), casegraph.DirectionBoth, nil, q.Mask)), q.HubLimits)
	}
	inside = map[casegraph.ID]bool{q.Of: true}
	for grown := true; grown; {
		grown, links = false, nil
		for _, link := range g.links {
			held := q.Since == 0 || link.LastSeen >= q.Since && link.FirstSeen <= q.Until
			if !slices.Contains(plainKinds(q), link.Kind) || !held || !joins(link.From) || !joins(link.To) {
				continue
			}
			if inside[link.From] != inside[link.To] {
				inside[link.From], inside[link.To], grown = true, true, true
			}
			if inside[link.From] {
				links = append(links, link)
			}
		}
	}
	return inside, links
}

// plainParts takes out one link, and then one node, after the other.
func plainParts(of casegraph.ID, inside map[casegraph.ID]bool, links []*casegraph.Link) Component {
	var c Component
	for _, link := range links {
		parts := plainPieces(inside, links, link, "")
		if len(parts) == 2 {
			beyond := parts[0]
			if beyond[of] {
				beyond = parts[1]
			}
			c.Bridges = append(c.Bridges, Bridge{Link: link, CutsOff: len(beyond)})
		}
	}
	for id := range inside {
		parts := plainPieces(inside, links, nil, id)
		if len(parts) > 1 {
			cut := CutNode{ID: id, Parts: len(parts), CutsOff: len(inside) - 1}
			largest := 0
			for _, part := range parts {
				largest = max(largest, len(part))
			}
			cut.CutsOff -= largest
			c.CutNodes = append(c.CutNodes, cut)
		}
	}
	slices.SortFunc(c.Bridges, func(a, b Bridge) int {
		x, y := min(a.CutsOff, len(inside)-a.CutsOff), min(b.CutsOff, len(inside)-b.CutsOff)
		if x != y {
			return y - x
		}
		return compareLinkIDs(a.Link.LinkID, b.Link.LinkID)
	})
	slices.SortFunc(c.CutNodes, func(a, b CutNode) int {
		if a.CutsOff != b.CutsOff {
			return b.CutsOff - a.CutsOff
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	return c
}

// plainPieces are the pieces that are left without a link or a node.
func plainPieces(inside map[casegraph.ID]bool, links []*casegraph.Link, without *casegraph.Link, gone casegraph.ID) []map[casegraph.ID]bool {
	var pieces []map[casegraph.ID]bool
	done := map[casegraph.ID]bool{gone: true}
	for id := range inside {
		if done[id] {
			continue
		}
		piece := map[casegraph.ID]bool{id: true}
		for grown := true; grown; {
			grown = false
			for _, link := range links {
				if link != without && link.From != gone && link.To != gone && piece[link.From] != piece[link.To] {
					piece[link.From], piece[link.To], grown = true, true, true
				}
			}
		}
		for id := range piece {
			done[id] = true
		}
		pieces = append(pieces, piece)
	}
	return pieces
}

// A chain far longer than a stack of calls should be.
func TestComponentOfALongChain(t *testing.T) {
	var lines strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&lines, "act_%05d PAID act_%05d #1\n", i, i+1)
	}
	answer := componentIn(t, draw(lines.String()), ComponentQuery{Of: "act_10000", MaxNodes: MostComponentNodes, List: 1})
	if answer.Size != 20_001 || answer.BridgeCount != 20_000 || answer.CutNodeCount != 19_999 {
		t.Errorf("%d nodes, %d bridges, %d cut nodes", answer.Size, answer.BridgeCount, answer.CutNodeCount)
	}
	equal(t, "the middle", partsText(answer), "act_09999 PAID act_10000 #1: 10000, act_10000: 10000 of 2 parts")
}

func BenchmarkComponent(b *testing.B) {
	w := people(3000)
	b.ReportAllocs()
	for b.Loop() {
		answer, err := ComponentOf(context.Background(), w, ComponentQuery{Of: "act_00000", MaxNodes: MostComponentNodes})
		if err != nil || answer.Size != 6000 {
			b.Fatal(answer.Size, err)
		}
	}
}
