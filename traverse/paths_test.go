package traverse

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"casegraph"
)

func pathsIn(t *testing.T, g *drawn, q PathsQuery) PathsAnswer {
	t.Helper()
	g.calls = nil
	answer, err := Paths(context.Background(), g, q)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func pathText(paths []Path) string {
	var lines []string
	for _, path := range paths {
		line := string(path.Nodes[0])
		for _, hop := range path.Hops {
			var links []string
			for _, link := range hop.Links {
				arrow := ">"
				if link.From != hop.Near {
					arrow = "<"
				}
				links = append(links, arrow+string(link.Kind)+link.Key)
			}
			line += " " + strings.Join(links, "+") + " " + string(hop.Far)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

// diamond: two ways of two hops from ann to dan, and a hub that would be a
// third; zoe is a way off.
const diamond = `
	act_ann HAS idn_phone-1 @9
	act_dan HAS idn_phone-1 @9
	act_ann HAS idn_email-1 @8
	act_dan HAS idn_email-1 @8
	act_ann HAS idn_ip-1 @7
	act_dan HAS idn_ip-1 @7
	act_dan PAID act_zoe #a @5
	act_dan PAID act_zoe #b @6
	act_zoe PAID act_dan #c @6
	inq_1 SHOWS idn_phone-1 @3
	case_1 CONTAINS inq_1 @3
	act_lone
`

func TestPaths(t *testing.T) {
	g := draw(diamond + fan("act_x%03d HAS idn_ip-1 @1", 120))
	only := func(kinds ...casegraph.LinkKind) []casegraph.LinkKind { return kinds }
	for _, test := range []struct {
		name              string
		query             PathsQuery
		paths, boundaries string
		length            int
	}{
		{
			name:       "all the shortest, in the order of the ids; not through a hub",
			query:      PathsQuery{From: ids("act_ann"), To: ids("act_dan")},
			paths:      "act_ann >HAS idn_email-1 <HAS act_dan; act_ann >HAS idn_phone-1 <HAS act_dan",
			boundaries: "idn_ip-1 HUB 122",
			length:     2,
		},
		{
			name:   "through a hub if told so",
			query:  PathsQuery{From: ids("act_ann"), To: ids("act_dan"), HubLimits: NoHubLimits()},
			paths:  "act_ann >HAS idn_email-1 <HAS act_dan; act_ann >HAS idn_ip-1 <HAS act_dan; act_ann >HAS idn_phone-1 <HAS act_dan",
			length: 2,
		},
		{
			name:   "a hub may be an end",
			query:  PathsQuery{From: ids("idn_ip-1"), To: ids("act_x007")},
			paths:  "idn_ip-1 <HAS act_x007",
			length: 1,
		},
		{
			name:       "links side by side are one hop: newest, then along the path, then by key",
			query:      PathsQuery{From: ids("act_ann"), To: ids("act_zoe"), MaxPaths: 1},
			paths:      "act_ann >HAS idn_email-1 <HAS act_dan >PAIDb+<PAIDc+>PAIDa act_zoe",
			boundaries: "idn_ip-1 HUB 122",
			length:     3,
		},
		{
			name:   "each hop along its link",
			query:  PathsQuery{From: ids("act_dan"), To: ids("act_zoe"), Direction: casegraph.DirectionOut},
			paths:  "act_dan >PAIDb+>PAIDa act_zoe",
			length: 1,
		},
		{
			name:   "each hop against its link",
			query:  PathsQuery{From: ids("act_dan"), To: ids("act_zoe"), Direction: casegraph.DirectionIn},
			paths:  "act_dan <PAIDc act_zoe",
			length: 1,
		},
		{
			name:   "none along the links",
			query:  PathsQuery{From: ids("act_ann"), To: ids("act_dan"), Direction: casegraph.DirectionOut},
			paths:  "",
			length: 0,
		},
		{
			name:   "no longer than asked for",
			query:  PathsQuery{From: ids("act_ann"), To: ids("act_dan"), MaxLength: 1},
			paths:  "",
			length: 0,
		},
		{
			name:   "the ends that are objects show their identifiers, whichever end they are",
			query:  PathsQuery{From: ids("idn_phone-1"), To: ids("inq_1")},
			paths:  "idn_phone-1 <SHOWS inq_1",
			length: 1,
		},
		{
			name:   "an object between the ends does so only if told",
			query:  PathsQuery{From: ids("case_1"), To: ids("act_ann"), Kinds: only(casegraph.LinkContains, casegraph.LinkShows, casegraph.LinkHas)},
			paths:  "case_1 >CONTAINS inq_1 >SHOWS idn_phone-1 <HAS act_ann",
			length: 3,
		},
		{
			name:   "and not otherwise",
			query:  PathsQuery{From: ids("case_1"), To: ids("act_ann")},
			paths:  "",
			length: 0,
		},
		{
			name:   "none to where no link leads",
			query:  PathsQuery{From: ids("act_ann"), To: ids("act_lone")},
			paths:  "",
			length: 0,
		},
		{
			name:   "the two sides share a node",
			query:  PathsQuery{From: ids("act_zoe act_ann"), To: ids("act_dan act_zoe act_ann")},
			paths:  "act_ann; act_zoe",
			length: 0,
		},
		{
			name:   "from set to set only the shortest",
			query:  PathsQuery{From: ids("act_ann act_zoe"), To: ids("act_dan idn_email-1")},
			paths:  "act_ann >HAS idn_email-1; act_zoe >PAIDc+<PAIDb+<PAIDa act_dan",
			length: 1,
		},
		{
			name:       "only through some kinds of nodes, whatever the ends are",
			query:      PathsQuery{From: ids("act_ann"), To: ids("act_dan"), NodeKinds: []casegraph.Kind{casegraph.KindIdentifier}},
			paths:      "act_ann >HAS idn_email-1 <HAS act_dan; act_ann >HAS idn_phone-1 <HAS act_dan",
			boundaries: "idn_ip-1 HUB 122",
			length:     2,
		},
		{
			name:   "only over what held in a time",
			query:  PathsQuery{From: ids("act_ann"), To: ids("act_dan"), Since: 9},
			paths:  "act_ann >HAS idn_phone-1 <HAS act_dan",
			length: 2,
		},
		{
			name:   "not through what is masked",
			query:  PathsQuery{From: ids("act_ann"), To: ids("act_dan"), Mask: casegraph.Mask{IdentifierKinds: []casegraph.IdentifierKind{"phone", "ip"}}},
			paths:  "act_ann >HAS idn_email-1 <HAS act_dan",
			length: 2,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer := pathsIn(t, g, test.query)
			equal(t, "paths", pathText(answer.Paths), test.paths)
			equal(t, "boundaries", boundaryText(answer.Boundaries), test.boundaries)
			if answer.Length != test.length || answer.Found != (test.paths != "") {
				t.Errorf("length %d, found %v", answer.Length, answer.Found)
			}
			if answer.Cost.StoreCalls != len(g.calls) {
				t.Errorf("cost says %d calls of %v", answer.Cost.StoreCalls, g.calls)
			}
		})
	}
}

// town: ann and dan share a document, a mailbox and a network, and eve lives
// between them. A crowd has the network as well.
const town = `
	act_ann HAS idn_government-id-1 @9
	act_dan HAS idn_government-id-1 @9
	act_ann HAS idn_email-1 @9
	act_dan HAS idn_email-1 @9
	act_ann HAS idn_network-1 @9
	act_dan HAS idn_network-1 @9
	act_ann PAID act_eve #1 @9
	act_eve PAID act_dan #1 @9
	act_eve HAS idn_email-1 @9
	case_1 CONTAINS act_ann @9
	case_2 CONTAINS act_dan @9
	inq_1 SHOWS idn_network-1 @9
`

func TestPathsOfEachMode(t *testing.T) {
	g := draw(town + fan("act_x%03d HAS idn_network-1 @1", 6))
	const (
		document = "act_ann >HAS idn_government-id-1 <HAS act_dan"
		mailbox  = "act_ann >HAS idn_email-1 <HAS act_dan"
		network  = "act_ann >HAS idn_network-1 <HAS act_dan"
		paid     = "act_ann >PAID1 act_eve >PAID1 act_dan"
		there    = "act_ann >PAID1 act_eve >HAS idn_email-1 <HAS act_dan"
		back     = "act_ann >HAS idn_email-1 <HAS act_eve >PAID1 act_dan"
	)
	join := func(paths ...string) string { return strings.Join(paths, "; ") }
	ann, dan := ids("act_ann"), ids("act_dan")
	for _, test := range []struct {
		name           string
		query          PathsQuery
		paths          string
		more, complete bool
	}{
		{"the first two, by hops and ids", PathsQuery{Mode: KShortest, From: ann, To: dan, MaxPaths: 2}, join(paid, mailbox), false, true},
		{"longer ones where the shortest are too few", PathsQuery{Mode: KShortest, From: ann, To: dan, MaxPaths: 5},
			join(paid, mailbox, document, network, there), false, true},
		{"all within a length", PathsQuery{Mode: AllWithin, From: ann, To: dan, MaxLength: 3}, join(paid, mailbox, document, network, there, back), false, true},
		{"no more than asked for", PathsQuery{Mode: AllWithin, From: ann, To: dan, MaxLength: 3, MaxPaths: 2}, join(paid, mailbox), true, false},
		{"a document before a network", PathsQuery{Mode: Cheapest, From: ann, To: dan, Kinds: []casegraph.LinkKind{casegraph.LinkHas}},
			join(document, mailbox, network), false, true},
		{"the long way over what few share before a crowd's", PathsQuery{Mode: Cheapest, From: ann, To: dan, MaxPaths: 6, Avoid: ids("idn_government-id-1")},
			join(paid, mailbox, there, back, network), false, true},
		{"not through what is to be avoided", PathsQuery{Mode: AllWithin, From: ann, To: dan, MaxLength: 3, Avoid: ids("idn_email-1 idn_network-1")},
			join(paid, document), false, true},
		{"only through what must be passed", PathsQuery{Mode: AllWithin, From: ann, To: dan, MaxLength: 3, Through: ids("idn_email-1 act_eve")},
			join(there, back), false, true},
		{"the shortest through it", PathsQuery{From: ann, To: dan, Through: ids("idn_email-1")}, mailbox, false, true},
		{"through an end, which every path passes", PathsQuery{From: ann, To: dan, Through: ids("act_dan idn_network-1")}, network, false, true},
		{"through a hub that is named", PathsQuery{From: ann, To: dan, Through: ids("idn_network-1"),
			HubLimits: HubLimits(map[casegraph.IdentifierKind]int{"network": 2})}, network, false, true},
		{"through an object, which shows", PathsQuery{From: ann, To: ids("idn_network-1"), Through: ids("inq_1")}, "", false, true},
		{"from case to case", PathsQuery{Mode: KShortest, From: ids("case_1"), To: ids("case_2"), MaxPaths: 1},
			"case_1 >CONTAINS act_ann >PAID1 act_eve >PAID1 act_dan <CONTAINS case_2", false, true},
		{"past no other end", PathsQuery{Mode: AllWithin, From: ids("act_ann act_eve"), To: dan, MaxLength: 3, Avoid: ids("idn_network-1 idn_email-1")},
			join("act_eve >PAID1 act_dan", document), false, true},
		{"a node of both sides is a path, and may begin one", PathsQuery{Mode: AllWithin, From: ids("act_ann act_eve"), To: ids("act_dan act_eve"), MaxLength: 1},
			join("act_eve", "act_ann >PAID1 act_eve", "act_eve >PAID1 act_dan"), false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer := pathsIn(t, g, test.query)
			equal(t, "paths", pathText(answer.Paths), test.paths)
			if answer.More != test.more || answer.Complete != test.complete {
				t.Errorf("more %v, complete %v", answer.More, answer.Complete)
			}
		})
	}
}

func TestCheapestPathsShowTheirCosts(t *testing.T) {
	g := draw(town + fan("act_x%03d HAS idn_network-1 @1", 6))
	answer := pathsIn(t, g, PathsQuery{Mode: Cheapest, From: ids("act_ann"), To: ids("act_dan"), Kinds: []casegraph.LinkKind{casegraph.LinkHas}})
	var lines []string
	for _, path := range answer.Paths {
		lines = append(lines, fmt.Sprintf("%v: %v for %d, %v", path.Cost, path.Hops[0].Cost, path.Hops[0].Accounts, path.Hops[1].Cost))
	}
	// log2(2 × 20/20), log2(3 × 50/20) and log2(8 × 100/20), and the last hop.
	equal(t, "costs", strings.Join(lines, "; "), "2: 1 for 2, 1; 3.907: 2.907 for 3, 1; 6.322: 5.322 for 8, 1")
	answer = pathsIn(t, g, PathsQuery{Mode: Cheapest, From: ids("act_ann"), To: ids("act_dan"), Through: ids("idn_network-1"), MaxPaths: 1})
	if got := answer.Paths[0].Cost; got != 6.322 {
		t.Errorf("what must be passed costs %v", got)
	}
	if answer := pathsIn(t, g, PathsQuery{From: ids("act_ann"), To: ids("act_dan")}); answer.Paths[0].Cost != 0 {
		t.Error("a path has a cost although costs were not asked for")
	}
}

// However many beginnings lead nowhere, the search ends, and says so.
func TestPathsEndWhenWaysAreTooMany(t *testing.T) {
	var lines strings.Builder
	for i := range 25 {
		for j := range i {
			fmt.Fprintf(&lines, "act_%02d PAID act_%02d\n", i, j)
		}
	}
	lines.WriteString("act_05 HAS idn_phone-1\nact_00 HAS idn_email-1")
	answer := pathsIn(t, draw(lines.String()), PathsQuery{Mode: KShortest, From: ids("act_00"), To: ids("act_24"), Through: ids("idn_phone-1"), MaxLength: 8})
	if len(answer.Paths) != 0 || answer.Complete || !strings.Contains(boundaryText(answer.Boundaries), "BUDGET") {
		t.Errorf("%s, complete %v, boundaries %s", pathText(answer.Paths), answer.Complete, boundaryText(answer.Boundaries))
	}
}

func TestPathsEndWithTheRequest(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	w := walks{length: 1, numbers: []int32{0, 1}, begins: []bool{true, false}, targets: []bool{false, true}, cost: []int32{1, 1},
		must: []uint8{0, 0}, first: []int32{0, 1, 1}, onward: []int32{1}}
	if err := w.weigh(context.Background(), func() bool { return false }); err != nil {
		t.Fatal(err)
	}
	cancel()
	steps := 1025
	if _, err := w.list(ctx, 1, false, &steps, func() bool { return false }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPathsSayWhenTheyAreNotAll(t *testing.T) {
	wide := draw(fan("act_ann HAS idn_phone-%03d", 120) + fan("act_dan HAS idn_phone-%03d", 120))
	answer := pathsIn(t, wide, PathsQuery{From: ids("act_ann"), To: ids("act_dan"), MaxPaths: 2})
	equal(t, "the first", pathText(answer.Paths), "act_ann >HAS idn_phone-001 <HAS act_dan; act_ann >HAS idn_phone-002 <HAS act_dan")
	if !answer.More || answer.Complete {
		t.Errorf("more %v, complete %v", answer.More, answer.Complete)
	}
	answer = pathsIn(t, wide, PathsQuery{From: ids("act_ann"), To: ids("act_dan"), MaxNodes: 12, MaxPaths: 100})
	equal(t, "where the budget ended", boundaryText(answer.Boundaries), "act_ann BUDGET 120")
	if answer.Complete {
		t.Error("complete although the budget ended it")
	}

	// A list that is longer than a page can hold is a boundary too.
	long := draw(fan("act_ann PAID act_x%05d", casegraph.MaxLinkCap+1))
	answer = pathsIn(t, long, PathsQuery{From: ids("act_ann"), To: ids("act_x00001"), MaxNodes: MostSearchNodes})
	equal(t, "the long list", boundaryText(answer.Boundaries), "act_ann PAGE 10001")
	equal(t, "a link that both ends list", pathText(answer.Paths), "act_ann >PAID act_x00001")
	if answer.Complete {
		t.Error("complete although a list was cut")
	}
}

func TestPathsRefuse(t *testing.T) {
	g := draw(diamond)
	ann, dan := ids("act_ann"), ids("act_dan")
	for _, test := range []struct {
		name  string
		query PathsQuery
		code  casegraph.Code
		field string
	}{
		{"no beginning", PathsQuery{To: dan}, casegraph.CodeBadInput, "from"},
		{"no end", PathsQuery{From: ann}, casegraph.CodeBadInput, "to"},
		{"an end that is not there", PathsQuery{From: ann, To: ids("act_nobody")}, casegraph.CodeNotFound, "to"},
		{"too long", PathsQuery{From: ann, To: dan, MaxLength: 9}, casegraph.CodeBadInput, "maxLength"},
		{"too many", PathsQuery{From: ann, To: dan, MaxPaths: 101}, casegraph.CodeBadInput, "maxPaths"},
		{"too many nodes", PathsQuery{From: ann, To: dan, MaxNodes: MostSearchNodes + 1}, casegraph.CodeBadInput, "maxNodes"},
		{"no such mode", PathsQuery{From: ann, To: dan, Mode: "LONGEST"}, casegraph.CodeBadInput, "mode"},
		{"too long for all", PathsQuery{From: ann, To: dan, Mode: AllWithin, MaxLength: 7}, casegraph.CodeBadInput, "maxLength"},
		{"too many of the shortest", PathsQuery{From: ann, To: dan, Mode: KShortest, MaxPaths: 21}, casegraph.CodeBadInput, "maxPaths"},
		{"too many of the cheapest", PathsQuery{From: ann, To: dan, Mode: Cheapest, MaxPaths: 21}, casegraph.CodeBadInput, "maxPaths"},
		{"an end to avoid", PathsQuery{From: ann, To: dan, Avoid: ids("act_zoe act_dan")}, casegraph.CodeBadInput, "avoid[1]"},
		{"to avoid what must be passed", PathsQuery{From: ann, To: dan, Avoid: ids("act_zoe"), Through: ids("act_zoe")}, casegraph.CodeBadInput, "avoid[0]"},
		{"to avoid what is not there", PathsQuery{From: ann, To: dan, Avoid: ids("act_nobody")}, casegraph.CodeNotFound, "avoid"},
		{"to pass what is not there", PathsQuery{From: ann, To: dan, Through: ids("act_nobody")}, casegraph.CodeNotFound, "through"},
		{"to pass too many", PathsQuery{From: ann, To: dan, Through: ids("act_zoe act_lone inq_1 case_1 idn_ip-1 idn_email-1")}, casegraph.CodeBadInput, "through"},
		{"less nodes than ends", PathsQuery{From: ann, To: dan, MaxNodes: 1}, casegraph.CodeBadInput, "maxNodes"},
		{"no such kind", PathsQuery{From: ann, To: dan, Kinds: []casegraph.LinkKind{"LIKES"}}, casegraph.CodeBadInput, "kinds[0]"},
		{"a window that ends before it begins", PathsQuery{From: ann, To: dan, Since: 2, Until: 1}, casegraph.CodeBadInput, "until"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Paths(context.Background(), g, test.query)
			refused(t, err, test.code, test.field)
		})
	}
}

func TestPathsGiveTheEvidenceOfHas(t *testing.T) {
	g := draw(diamond)
	g.shows[casegraph.Pair{Account: "act_ann", Identifier: "idn_email-1"}] = []*casegraph.Link{{}, {}, {}}
	answer := pathsIn(t, g, PathsQuery{From: ids("act_ann"), To: ids("act_dan"), MaxPaths: 1, Evidence: 2})
	if got := len(answer.Paths[0].Hops[0].Evidence); got != 2 {
		t.Errorf("%d sightings, not 2", got)
	}
	if got := g.calls[len(g.calls)-1]; got != "Evidence" {
		t.Errorf("the last call is %s", got)
	}
}
