package traverse

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"casegraph"

	"pgregory.net/rapid"
)

// The tests here hold the traversals against the plainest program that could
// answer: it walks every way there is.

// randomGraph draws a small graph of every kind of link, with ties in time,
// links side by side and identifiers of two kinds.
func randomGraph(t *rapid.T) *drawn {
	pick := func(prefix string, n int) func() string {
		return func() string { return fmt.Sprintf("%s%d", prefix, rapid.IntRange(1, n).Draw(t, prefix)) }
	}
	account, object, caseID := pick("act_", 6), pick("inq_", 4), pick("case_", 5)
	identifier := func() string {
		return rapid.SampledFrom([]string{"idn_phone-1", "idn_phone-2", "idn_ip-1", "idn_ip-2"}).Draw(t, "identifier")
	}
	ends := map[casegraph.LinkKind][2]func() string{
		casegraph.LinkContains: {caseID, func() string {
			return rapid.SampledFrom([]func() string{account, object}).Draw(t, "object")()
		}},
		casegraph.LinkRelatesTo: {caseID, caseID},
		casegraph.LinkOf:        {object, account},
		casegraph.LinkShows:     {object, identifier},
		casegraph.LinkHas:       {account, identifier},
		casegraph.LinkPaid:      {account, account},
		casegraph.LinkRelated:   {account, account},
		casegraph.LinkSameAs:    {account, account},
	}
	g := draw("act_1")
	drawn := map[casegraph.LinkID]bool{}
	for range rapid.IntRange(0, 45).Draw(t, "links") {
		kind := rapid.SampledFrom(casegraph.LinkKinds()[:8]).Draw(t, "kind")
		from, to := ends[kind][0](), ends[kind][1]()
		key := ""
		if kind == casegraph.LinkPaid || kind == casegraph.LinkRelated {
			key = rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key")
		}
		id := casegraph.LinkID{From: casegraph.ID(from), Kind: kind, To: casegraph.ID(to), Key: key}
		if from == to || drawn[id] {
			continue
		}
		drawn[id] = true
		g.link([]string{from, string(kind), to, "#" + key, fmt.Sprintf("@%d", rapid.IntRange(0, 3).Draw(t, "time"))})
	}
	return g
}

func (g *drawn) visible(mask casegraph.Mask) []casegraph.ID {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(g.nodes)), func(id casegraph.ID) bool { return mask.Hides(g.nodes[id].Class()) })
}

// some are nodes that the mask does not hide.
func (g *drawn) some(t *rapid.T, mask casegraph.Mask, most int) []casegraph.ID {
	all := g.visible(mask)
	return rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, min(most, len(all)), rapid.ID[casegraph.ID]).Draw(t, "nodes")
}

func randomHubLimits(t *rapid.T) *casegraph.HubLimits {
	if rapid.Bool().Draw(t, "limited") {
		return HubLimits(map[casegraph.IdentifierKind]int{"phone": rapid.IntRange(1, 3).Draw(t, "limit"), "ip": 1})
	}
	return NoHubLimits()
}

func randomKinds(t *rapid.T) []casegraph.LinkKind {
	return rapid.SampledFrom([][]casegraph.LinkKind{nil, {casegraph.LinkHas}, {casegraph.LinkPaid, casegraph.LinkHas},
		{casegraph.LinkContains, casegraph.LinkOf, casegraph.LinkShows, casegraph.LinkHas}, casegraph.LinkKinds()[:8]}).Draw(t, "kinds")
}

func randomMask(t *rapid.T) casegraph.Mask {
	if rapid.Bool().Draw(t, "masked") {
		return casegraph.Mask{IdentifierKinds: []casegraph.IdentifierKind{"ip"}}
	}
	return casegraph.Mask{}
}

// follows are the links that the words of a question allow out of a node.
func (g *drawn) follows(id casegraph.ID, kinds []casegraph.LinkKind, direction casegraph.Direction, nodeKinds []casegraph.Kind, mask casegraph.Mask) []casegraph.Hop {
	if len(kinds) == 0 {
		kinds = DefaultKinds()
		if strings.HasPrefix(string(id), "inq_") {
			kinds = append(kinds, casegraph.LinkShows)
		}
	}
	var hops []casegraph.Hop
	for _, link := range g.links {
		far, out := link.To, true
		if link.To == id {
			far, out = link.From, false
		} else if link.From != id {
			continue
		}
		class := g.nodes[far].Class()
		if slices.Contains(kinds, link.Kind) && (out || direction != casegraph.DirectionOut) && (!out || direction != casegraph.DirectionIn) &&
			(len(nodeKinds) == 0 || slices.Contains(nodeKinds, class.Kind())) && !mask.Hides(class) {
			hops = append(hops, casegraph.Hop{Link: link, Far: far, FarClass: class, Out: out})
		}
	}
	return hops
}

func (g *drawn) isHub(id casegraph.ID, degree int, limits *casegraph.HubLimits) bool {
	limit := limits.Of(g.nodes[id].Class())
	return limit > 0 && degree > limit
}

func TestExpandMeetsWhatAPlainSearchMeets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, mask := randomGraph(t), randomMask(t)
		q := ExpandQuery{From: g.some(t, mask, 2), Depth: rapid.IntRange(1, 4).Draw(t, "depth"), Kinds: randomKinds(t), HubLimits: randomHubLimits(t),
			Direction: rapid.SampledFrom([]casegraph.Direction{casegraph.DirectionBoth, casegraph.DirectionOut, casegraph.DirectionIn}).Draw(t, "direction"),
			NodeKinds: rapid.SampledFrom([][]casegraph.Kind{nil, {casegraph.KindAccount, casegraph.KindIdentifier}}).Draw(t, "nodeKinds"), Mask: mask}
		answer, err := Expand(context.Background(), g, q)
		if err != nil {
			t.Fatal(err)
		}

		distance := map[casegraph.ID]int{}
		links := map[casegraph.LinkID]bool{}
		hubs := map[casegraph.ID]bool{}
		level := q.From
		for _, id := range level {
			distance[id] = 0
		}
		for depth := 1; depth <= q.Depth; depth++ {
			var next []casegraph.ID
			for _, id := range level {
				hops := g.follows(id, q.Kinds, q.Direction, q.NodeKinds, q.Mask)
				if depth > 1 && g.isHub(id, len(hops), q.HubLimits) {
					hubs[id] = true
					continue
				}
				for _, hop := range hops {
					links[hop.Link.LinkID] = true
					if _, known := distance[hop.Far]; !known {
						distance[hop.Far] = depth
						next = append(next, hop.Far)
					}
				}
			}
			level = next
		}

		met, reached := map[casegraph.ID]int{}, 0
		for _, node := range answer.Nodes {
			if node.Distance < reached {
				t.Fatalf("%s comes after farther ones", node.ID)
			}
			reached = node.Distance
			met[node.ID] = node.Distance
		}
		if fmt.Sprint(met) != fmt.Sprint(distance) || len(met) != len(answer.Nodes) {
			t.Fatalf("met %v, a plain search meets %v", met, distance)
		}
		followed := map[casegraph.LinkID]bool{}
		for _, step := range answer.Links {
			followed[step.Link.LinkID] = true
		}
		if fmt.Sprint(followed) != fmt.Sprint(links) || len(followed) != len(answer.Links) {
			t.Fatalf("followed %v, a plain search follows %v", followed, links)
		}

		// A boundary is a hub, or lies at the last depth, and has links that are
		// not in the answer.
		var want []string
		for _, node := range answer.Nodes {
			hops := g.follows(node.ID, q.Kinds, q.Direction, q.NodeKinds, q.Mask)
			unseen := slices.ContainsFunc(hops, func(hop casegraph.Hop) bool { return !links[hop.Link.LinkID] })
			switch {
			case !unseen:
			case hubs[node.ID]:
				want = append(want, fmt.Sprintf("%s HUB %d", node.ID, len(hops)))
			case node.Distance == q.Depth:
				want = append(want, fmt.Sprintf("%s DEPTH %d", node.ID, len(hops)))
			default:
				t.Fatalf("%s has unseen links and no reason", node.ID)
			}
		}
		if got := boundaryText(answer.Boundaries); got != strings.Join(want, ", ") {
			t.Fatalf("boundaries %s, want %v", got, want)
		}
	})
}

// However it is cut, an expansion keeps its bounds, and going on at every
// boundary until none is left meets all that an uncut one meets.
func TestExpandCutAnywhereLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := randomGraph(t)
		q := ExpandQuery{From: g.some(t, casegraph.Mask{}, 1), Depth: rapid.IntRange(1, 2).Draw(t, "depth"), Kinds: randomKinds(t), HubLimits: NoHubLimits(),
			PerNode: rapid.IntRange(1, 4).Draw(t, "perNode"), MaxNodes: rapid.IntRange(2, 8).Draw(t, "maxNodes"), MaxLinks: rapid.IntRange(1, 8).Draw(t, "maxLinks")}
		all := ExpandQuery{From: q.From, Depth: MaxDepth, Kinds: q.Kinds, HubLimits: NoHubLimits(), PerNode: 100}
		links := map[casegraph.LinkID]bool{}
		waiting := []*Cursor{nil}
		asked := map[string]bool{}
		for len(waiting) > 0 {
			if q.After = waiting[0]; q.After != nil {
				q.From = nil
			}
			waiting = waiting[1:]
			answer, err := Expand(context.Background(), g, q)
			if err != nil {
				t.Fatal(err)
			}
			if len(answer.Nodes) > q.MaxNodes || len(answer.Links) > q.MaxLinks {
				t.Fatalf("%d nodes, %d links", len(answer.Nodes), len(answer.Links))
			}
			known := map[casegraph.ID]bool{}
			for _, node := range answer.Nodes {
				known[node.ID] = true
			}
			for _, step := range answer.Links {
				links[step.Link.LinkID] = true
				if !known[step.Near] || !known[step.Far] {
					t.Fatalf("%s has an end that is not met", linkText(step.Link))
				}
			}
			for _, b := range answer.Boundaries {
				if place := fmt.Sprint(b.Next.Node, b.Next.After); !asked[place] {
					asked[place] = true
					waiting = append(waiting, b.Next)
				}
			}
		}
		whole, err := Expand(context.Background(), g, all)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range whole.Links {
			if !links[step.Link.LinkID] {
				t.Fatalf("%s was lost", linkText(step.Link))
			}
		}
	})
}

func randomPathsQuery(t *rapid.T, g *drawn, mode PathMode) PathsQuery {
	q := PathsQuery{Mode: mode, MaxLength: rapid.IntRange(1, 6).Draw(t, "maxLength"), Kinds: randomKinds(t), HubLimits: randomHubLimits(t), Mask: randomMask(t),
		NodeKinds: rapid.SampledFrom([][]casegraph.Kind{nil, {casegraph.KindAccount, casegraph.KindIdentifier}}).Draw(t, "nodeKinds"),
		Direction: rapid.SampledFrom([]casegraph.Direction{casegraph.DirectionBoth, casegraph.DirectionOut, casegraph.DirectionIn}).Draw(t, "direction"),
		MaxPaths:  rapid.IntRange(1, MostRanked).Draw(t, "maxPaths")}
	if rapid.Bool().Draw(t, "windowed") {
		q.Since, q.Until = 1, 2
	}
	q.From, q.To = g.some(t, q.Mask, 2), g.some(t, q.Mask, 2)
	for _, id := range g.visible(q.Mask) {
		switch rapid.IntRange(0, 8).Draw(t, "named") {
		case 0:
			if !q.isEnd(id) {
				q.Avoid = append(q.Avoid, id)
			}
		case 1:
			if len(q.Through) < 2 {
				q.Through = append(q.Through, id)
			}
		}
	}
	return q
}

func TestPathsAreThoseOfAPlainSearch(t *testing.T) {
	for _, mode := range []PathMode{Shortest, KShortest, AllWithin, Cheapest} {
		t.Run(string(mode), rapid.MakeCheck(func(t *rapid.T) {
			g := randomGraph(t)
			q := randomPathsQuery(t, g, mode)
			answer, err := Paths(context.Background(), g, q)
			if err != nil {
				t.Fatal(err)
			}
			want := g.plainPaths(q)
			more := len(want) > q.MaxPaths
			if more {
				want = want[:q.MaxPaths]
			}
			more = more && (mode == Shortest || mode == AllWithin)
			if got := pathText(answer.Paths); got != pathText(want) || answer.More != more || answer.Complete == more {
				t.Fatalf("more %v, complete %v\ngot  %s\nwant %s", answer.More, answer.Complete, got, pathText(want))
			}
			for i, path := range answer.Paths {
				if path.Cost != want[i].Cost {
					t.Fatalf("%s costs %v, and should %v", pathText(want[i:i+1]), path.Cost, want[i].Cost)
				}
			}
		}))
	}
}

// plainPaths walks every way of every length, and then sorts.
func (g *drawn) plainPaths(q PathsQuery) []Path {
	ends := append(slices.Clone(q.From), q.To...)
	named := append(slices.Clone(ends), q.Through...)
	kindsOf := func(id casegraph.ID) []casegraph.LinkKind {
		if len(q.Kinds) == 0 && !slices.Contains(named, id) {
			return DefaultKinds()
		}
		return q.Kinds
	}
	held := func(l *casegraph.Link) bool {
		return (q.Since == 0 || l.LastSeen >= q.Since) && (q.Until == 0 || l.FirstSeen != 0 && l.FirstSeen <= q.Until)
	}
	follows := func(near, far casegraph.ID) []*casegraph.Link {
		var links []*casegraph.Link
		for _, end := range [][2]casegraph.ID{{near, far}, {far, near}} {
			for _, hop := range g.follows(end[0], kindsOf(end[0]), casegraph.DirectionBoth, nil, q.Mask) {
				along := hop.Link.From == near
				if hop.Far == end[1] && held(hop.Link) && !slices.Contains(links, hop.Link) && (along || q.Direction != casegraph.DirectionOut) && (!along || q.Direction != casegraph.DirectionIn) {
					links = append(links, hop.Link)
				}
			}
		}
		slices.SortFunc(links, func(a, b *casegraph.Link) int { return compareParallel(near, a, b) })
		return links
	}
	degree := func(id casegraph.ID) int {
		return len(g.follows(id, kindsOf(id), casegraph.DirectionBoth, nil, q.Mask))
	}
	through := func(id casegraph.ID) bool {
		return slices.Contains(q.Through, id) || !g.isHub(id, degree(id), q.HubLimits) && (len(q.NodeKinds) == 0 || slices.Contains(q.NodeKinds, g.nodes[id].Kind()))
	}
	cost := func(path Path) float64 {
		thousandths := 0.0
		for i := range path.Hops {
			far := path.Nodes[i+1]
			weight := 2.0
			switch class := g.nodes[far].Class(); {
			case i+1 == len(path.Hops):
			case class.IdentifierKind() == "phone": // hub limit 50
				weight = float64(max(2, degree(far))) * 50 / 20
			case class.IdentifierKind() == "ip": // hub limit 100
				weight = float64(max(2, degree(far))) * 100 / 20
			}
			thousandths += math.Round(math.Log2(weight) * 1000)
		}
		return thousandths / 1000
	}
	all := g.visible(q.Mask)
	var found []Path
	var walk func(nodes []casegraph.ID)
	walk = func(nodes []casegraph.ID) {
		near, hops := nodes[len(nodes)-1], len(nodes)-1
		if slices.Contains(q.To, near) && (hops > 0 || slices.Contains(q.From, near)) {
			path := Path{Nodes: slices.Clone(nodes)}
			for i := range nodes[1:] {
				path.Hops = append(path.Hops, Hop{Near: nodes[i], Far: nodes[i+1], Links: follows(nodes[i], nodes[i+1])})
			}
			if !slices.ContainsFunc(q.Through, func(id casegraph.ID) bool { return !slices.Contains(nodes, id) }) {
				found = append(found, path)
			}
		}
		if hops == q.MaxLength || hops > 0 && (slices.Contains(ends, near) || !through(near)) {
			return
		}
		for _, far := range all {
			if !slices.Contains(nodes, far) && !slices.Contains(q.Avoid, far) && len(follows(near, far)) > 0 {
				walk(append(nodes, far))
			}
		}
	}
	for _, id := range q.From {
		walk([]casegraph.ID{id})
	}
	by := func(path Path) float64 { return float64(len(path.Hops)) }
	if q.Mode == Cheapest {
		by = cost
		for i := range found {
			found[i].Cost = cost(found[i])
		}
	}
	slices.SortFunc(found, func(a, b Path) int { return cmp.Or(cmp.Compare(by(a), by(b)), slices.Compare(a.Nodes, b.Nodes)) })
	if q.Mode == Shortest && len(found) > 0 {
		shortest := by(found[0])
		found = slices.DeleteFunc(found, func(path Path) bool { return by(path) > shortest })
	}
	return found
}

func TestRelatedCasesAreThoseOfAPlainSearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, mask := randomGraph(t), randomMask(t)
		q := RelatedQuery{Of: g.some(t, mask, 1)[0], MaxLength: rapid.IntRange(1, 6).Draw(t, "maxLength"), HubLimits: randomHubLimits(t), Mask: mask, First: 100}
		answer, err := RelatedCases(context.Background(), g, q)
		if err != nil {
			t.Fatal(err)
		}
		want := map[casegraph.ID]int{}
		seen := map[casegraph.ID]bool{q.Of: true}
		level := []casegraph.ID{q.Of}
		for length := 1; length <= q.MaxLength; length++ {
			var next []casegraph.ID
			for _, id := range level {
				hops := g.follows(id, RelatedKinds(), casegraph.DirectionBoth, nil, q.Mask)
				if id != q.Of && (g.nodes[id].Kind() == casegraph.KindCase || g.isHub(id, len(hops), q.HubLimits)) {
					continue
				}
				for _, hop := range hops {
					if seen[hop.Far] {
						continue
					}
					seen[hop.Far] = true
					next = append(next, hop.Far)
					if hop.FarClass.Kind() == casegraph.KindCase {
						want[hop.Far] = length
					}
				}
			}
			level = next
		}
		got := map[casegraph.ID]int{}
		for i, c := range answer.Nodes {
			got[c.ID] = c.Distance
			sum := 0.0
			for _, reason := range c.Reasons {
				sum += reason.Score
				if len(reason.Path.Hops) != c.Distance || reason.Score != reason.Rarity*reason.Recency*reason.Nearness {
					t.Fatalf("a reason of %s: %+v", c.ID, reason)
				}
			}
			if sum != c.Score || len(c.Reasons) == 0 || (i > 0 && c.Score > answer.Nodes[i-1].Score) {
				t.Fatalf("%s has the score %v", c.ID, c.Score)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) || len(got) != len(answer.Nodes) {
			t.Fatalf("got %v, a plain search finds %v", got, want)
		}
	})
}

// plainRelated walks every shortest way there is, and adds up what it says.
func (g *drawn) plainRelated(q RelatedQuery, target casegraph.Kind, passed bool) map[casegraph.ID]string {
	follows := func(id casegraph.ID) []casegraph.Hop {
		return g.follows(id, q.Kinds, casegraph.DirectionBoth, nil, q.Mask)
	}
	passes := func(id casegraph.ID) bool {
		return id == q.Of || (passed || g.nodes[id].Kind() != target) && !g.isHub(id, len(follows(id)), q.HubLimits)
	}
	ways := map[casegraph.ID][][]casegraph.ID{q.Of: {{q.Of}}} // of the shortest
	for length := 1; length <= q.MaxLength; length++ {
		next := map[casegraph.ID][][]casegraph.ID{}
		for id, paths := range ways {
			for _, path := range paths {
				if len(path) != length || !passes(id) {
					continue
				}
				met := map[casegraph.ID]bool{}
				for _, hop := range follows(id) {
					if ways[hop.Far] == nil && !met[hop.Far] {
						met[hop.Far] = true
						next[hop.Far] = append(next[hop.Far], append(slices.Clone(path), hop.Far))
					}
				}
			}
		}
		maps.Copy(ways, next)
	}
	shared := map[casegraph.ID]map[string][][]casegraph.ID{}
	meeting := map[string]int{}
	for id, paths := range ways {
		if g.nodes[id].Kind() != target || id == q.Of {
			continue
		}
		shared[id] = map[string][][]casegraph.ID{}
		for _, path := range paths {
			between := path[1 : len(path)-1]
			for _, kind := range []casegraph.Kind{casegraph.KindIdentifier, casegraph.KindAccount} {
				if some := slices.DeleteFunc(slices.Clone(between), func(id casegraph.ID) bool { return g.nodes[id].Kind() != kind }); len(some) > 0 {
					between = some
					break
				}
			}
			shared[id][fmt.Sprint(between)] = append(shared[id][fmt.Sprint(between)], path)
		}
		for key := range shared[id] {
			meeting[key]++
		}
	}
	found := map[casegraph.ID]string{}
	for id, byKey := range shared {
		sum, length := 0.0, 0
		for key, paths := range byKey {
			rarity, identifiers := 1.0, false
			length = len(paths[0]) - 1
			for _, id := range paths[0][1:length] {
				if g.nodes[id].Kind() == casegraph.KindIdentifier {
					identifiers = true
					rarity /= math.Log2(math.Max(2, float64(len(follows(id)))))
				}
			}
			if !identifiers && length > 1 {
				rarity = 1 / math.Log2(math.Max(2, float64(meeting[key]+1)))
			}
			recency := 0.0
			for _, path := range paths {
				recency = max(recency, g.plainRecency(path, follows, q.Now))
			}
			sum += rarity * recency / float64(length)
		}
		found[id] = fmt.Sprintf("%d hops, %d reasons, %.9f", length, len(byKey), sum)
	}
	return found
}

// plainRecency is how recently all hops of a path held.
func (g *drawn) plainRecency(path []casegraph.ID, follows func(casegraph.ID) []casegraph.Hop, now casegraph.Time) float64 {
	var oldest casegraph.Time
	for i := range path[1:] {
		var newest casegraph.Time
		for _, hop := range follows(path[i]) {
			if hop.Far == path[i+1] {
				newest = max(newest, hop.Link.LastSeen)
			}
		}
		if newest != 0 && (oldest == 0 || newest < oldest) {
			oldest = newest
		}
	}
	if oldest == 0 {
		return 0.5
	}
	return math.Pow(2, -float64(now-oldest)/year)
}

func TestScoresAreThoseOfAPlainSum(t *testing.T) {
	for name, test := range map[string]struct {
		ask    func(context.Context, Graph, RelatedQuery) (Related, error)
		kinds  [][]casegraph.LinkKind
		starts casegraph.Kind
		target casegraph.Kind
	}{
		"related cases":   {RelatedCases, [][]casegraph.LinkKind{RelatedKinds()}, "", casegraph.KindCase},
		"linked accounts": {LinkedAccounts, [][]casegraph.LinkKind{LinkedKinds(), AccountLinkKinds(), {casegraph.LinkHas}}, casegraph.KindAccount, casegraph.KindAccount},
	} {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			g, mask := randomGraph(t), randomMask(t)
			for _, link := range g.links {
				link.FirstSeen, link.LastSeen = link.FirstSeen*year, link.LastSeen*year
			}
			of := g.some(t, mask, 1)[0]
			if test.starts != "" {
				of = "act_1"
			}
			q := RelatedQuery{Of: of, MaxLength: rapid.IntRange(1, 6).Draw(t, "maxLength"), Kinds: rapid.SampledFrom(test.kinds).Draw(t, "kinds"),
				HubLimits: randomHubLimits(t), Mask: mask, Now: 4 * year, First: 100}
			answer, err := test.ask(context.Background(), g, q)
			if err != nil {
				t.Fatal(err)
			}
			got := map[casegraph.ID]string{}
			for i, n := range answer.Nodes {
				got[n.ID] = fmt.Sprintf("%d hops, %d reasons, %.9f", n.Distance, len(n.Reasons), n.Score)
				if i > 0 && cmp.Or(cmp.Compare(answer.Nodes[i-1].Score, n.Score), -strings.Compare(string(answer.Nodes[i-1].ID), string(n.ID))) <= 0 {
					t.Fatalf("%s comes behind %s", n.ID, answer.Nodes[i-1].ID)
				}
			}
			if want := g.plainRelated(q, test.target, test.target == casegraph.KindAccount); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("got  %v\nwant %v", got, want)
			}
		}))
	}
}

func TestTheSameQuestionHasTheSameAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := randomGraph(t)
		ends := g.some(t, casegraph.Mask{}, 2)
		ask := func() string {
			expansion, err1 := Expand(context.Background(), g, ExpandQuery{From: ends, Depth: 3, PerNode: 3, MaxNodes: 7})
			paths, err2 := Paths(context.Background(), g, PathsQuery{From: ends[:1], To: ends[len(ends)-1:]})
			component, err4 := ComponentOf(context.Background(), g, ComponentQuery{Of: ends[0], MaxNodes: 9})
			related, err3 := RelatedCases(context.Background(), g, RelatedQuery{Of: ends[0], Now: 9})
			linked, err5 := LinkedAccounts(context.Background(), g, RelatedQuery{Of: "act_1", MaxLength: 4, Now: 9})
			pivots, err6 := SuggestPivots(context.Background(), g, PivotsQuery{From: ends, Now: 9})
			return fmt.Sprint(pivotText(pivots.Pivots), boundaryText(pivots.Boundaries), pivots.Cost, err6, expansion.Nodes, stepText(expansion.Links), boundaryText(expansion.Boundaries), expansion.Cost, err1,
				pathText(paths.Paths), boundaryText(paths.Boundaries), paths.Cost, err2, component.Nodes, component.ByKind, partsText(component),
				boundaryText(component.Boundaries), component.Cost, err4, related.Nodes, related.Cost, err3, linked.Nodes, linked.Cost, err5)
		}
		first := ask()
		slices.Reverse(g.links)
		for id := range g.at {
			slices.Reverse(g.at[id])
		}
		if second := ask(); first != second {
			t.Fatalf("first  %s\nsecond %s", first, second)
		}
	})
}
