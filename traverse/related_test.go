package traverse

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"casegraph"
)

func relatedIn(t *testing.T, g *drawn, q RelatedQuery) Related {
	t.Helper()
	g.calls = nil
	answer, err := RelatedCases(context.Background(), g, q)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func relatedText(cases []RelatedNode) string {
	var words []string
	for _, c := range cases {
		words = append(words, fmt.Sprintf("%s:%d", c.ID, c.Distance))
	}
	return strings.Join(words, " ")
}

// ring: case_1 is about ann. case_2 is about her as well, case_3 about bob, who
// has her phone, case_4 about an inquiry of cid, who has her device, case_5 is
// linked to case_1; case_6 is about somebody at the same carrier; case_7 shares
// an account with case_2 alone.
const ring = `
	case_1 CONTAINS act_ann
	case_2 CONTAINS act_ann
	case_3 CONTAINS act_bob
	act_ann HAS idn_phone-1
	act_bob HAS idn_phone-1
	case_4 CONTAINS inq_4
	inq_4 OF act_cid
	act_cid HAS idn_device-1
	act_ann HAS idn_device-1
	case_5 RELATES_TO case_1 #RELATES
	case_6 CONTAINS act_x001
	act_ann HAS idn_ip-1
	case_2 CONTAINS act_eve
	case_7 CONTAINS act_eve
`

func TestRelatedCases(t *testing.T) {
	g := draw(ring + fan("act_x%03d HAS idn_ip-1", 150) + "case_8! CONTAINS act_ann")
	for _, test := range []struct {
		name              string
		query             RelatedQuery
		cases, boundaries string
	}{
		{
			name:       "linked, sharing an object, an identifier of accounts; not through a hub, nor through another case",
			query:      RelatedQuery{Of: "case_1", Mask: casegraph.Mask{RestrictedCases: true}},
			cases:      "case_5:1 case_2:2 case_3:4 case_4:5",
			boundaries: "idn_ip-1 HUB 151",
		},
		{
			name:       "from the other side it is as far",
			query:      RelatedQuery{Of: "case_4", Mask: casegraph.Mask{RestrictedCases: true}},
			cases:      "case_1:5 case_2:5",
			boundaries: "",
		},
		{
			name:       "no farther than asked for",
			query:      RelatedQuery{Of: "case_1", MaxLength: 4, Mask: casegraph.Mask{RestrictedCases: true}},
			cases:      "case_5:1 case_2:2 case_3:4",
			boundaries: "idn_ip-1 HUB 151",
		},
		{
			name:       "through a hub if told so",
			query:      RelatedQuery{Of: "case_1", HubLimits: NoHubLimits(), Mask: casegraph.Mask{RestrictedCases: true}},
			cases:      "case_5:1 case_2:2 case_3:4 case_4:5 case_6:4",
			boundaries: "",
		},
		{
			name:       "from an identifier",
			query:      RelatedQuery{Of: "idn_phone-1", MaxLength: 2, Mask: casegraph.Mask{RestrictedCases: true}},
			cases:      "case_3:2 case_1:2 case_2:2",
			boundaries: "",
		},
		{
			name:       "who may see restricted cases does",
			query:      RelatedQuery{Of: "case_1", MaxLength: 2},
			cases:      "case_5:1 case_2:2 case_8!:2",
			boundaries: "",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer := relatedIn(t, g, test.query)
			equal(t, "cases", relatedText(answer.Nodes), test.cases)
			equal(t, "boundaries", boundaryText(answer.Boundaries), test.boundaries)
			if !answer.Complete || answer.Cost.StoreCalls != len(g.calls) {
				t.Errorf("complete %v, cost %d calls of %v", answer.Complete, answer.Cost.StoreCalls, g.calls)
			}
		})
	}
}

func TestRelatedCasesGiveTheFirst(t *testing.T) {
	answer := relatedIn(t, draw(ring), RelatedQuery{Of: "case_1", First: 2})
	equal(t, "cases", relatedText(answer.Nodes), "case_5:1 case_2:2")
	if !answer.More || answer.Complete {
		t.Errorf("more %v, complete %v", answer.More, answer.Complete)
	}
}

func TestAReasonIsWhatIsShared(t *testing.T) {
	g := draw(`
		case_1 CONTAINS inq_1
		case_1 CONTAINS ses_1
		inq_1 OF act_ann
		ses_1 OF act_ann
		act_ann HAS idn_phone-1
		act_ann HAS idn_email-1
		act_bob HAS idn_phone-1
		act_bob HAS idn_email-1
		act_cid HAS idn_email-1
		act_dan HAS idn_email-1
		inq_2 OF act_bob
		case_2 CONTAINS inq_2
	`)
	answer := relatedIn(t, g, RelatedQuery{Of: "case_1"})
	if len(answer.Nodes) != 1 {
		t.Fatal(relatedText(answer.Nodes))
	}
	var lines []string
	for _, reason := range answer.Nodes[0].Reasons {
		lines = append(lines, pathText([]Path{reason.Path}))
	}
	equal(t, "reasons", strings.Join(lines, "; "),
		"case_1 >CONTAINS inq_1 >OF act_ann >HAS idn_phone-1 <HAS act_bob <OF inq_2 <CONTAINS case_2; "+
			"case_1 >CONTAINS inq_1 >OF act_ann >HAS idn_email-1 <HAS act_bob <OF inq_2 <CONTAINS case_2")
	phone, email := answer.Nodes[0].Reasons[0], answer.Nodes[0].Reasons[1]
	close(t, "a phone of two", phone.Rarity, 1)
	close(t, "an email of four", email.Rarity, 0.5)
	close(t, "six hops", phone.Nearness, 1.0/6)
	close(t, "the score is the sum", answer.Nodes[0].Score, 1.0/6+0.5/6)
}

func TestWhatManyCasesMeetInIsLessRare(t *testing.T) {
	g := draw("case_1 CONTAINS act_shop\n" + fan("case_2%d CONTAINS act_shop", 7))
	for _, c := range relatedIn(t, g, RelatedQuery{Of: "case_1"}).Nodes {
		close(t, "eight cases meet", c.Reasons[0].Rarity, 1.0/3)
	}
}

func TestAReasonAges(t *testing.T) {
	now := casegraph.Time(10 * year)
	at := func(years float64) string { return fmt.Sprintf(" @%d", int(10*year-years*year)) }
	for _, test := range []struct {
		name    string
		first   string
		second  string
		now     casegraph.Time
		recency float64
	}{
		{"the hop that was seen longest ago counts", at(0), at(2), now, 0.25},
		{"an unknown time counts for nothing", at(1), "", now, 0.5},
		{"nothing is known", "", "", now, 0.5},
		{"what lies ahead is as new as now", at(-1), at(-1), now, 1},
		{"without a time to count from", at(9), at(9), 0, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := draw("case_1 CONTAINS act_ann" + test.first + "\ncase_2 CONTAINS act_ann" + test.second)
			answer := relatedIn(t, g, RelatedQuery{Of: "case_1", Now: test.now})
			close(t, "recency", answer.Nodes[0].Reasons[0].Recency, test.recency)
			close(t, "score", answer.Nodes[0].Score, test.recency/2)
		})
	}
}

func close(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9 {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestRelatedCasesRefuse(t *testing.T) {
	g := draw(ring)
	for _, test := range []struct {
		name  string
		query RelatedQuery
		code  casegraph.Code
		field string
	}{
		{"a node that is not there", RelatedQuery{Of: "case_0"}, casegraph.CodeNotFound, "of"},
		{"too far", RelatedQuery{Of: "case_1", MaxLength: 7}, casegraph.CodeBadInput, "maxLength"},
		{"too many", RelatedQuery{Of: "case_1", First: 101}, casegraph.CodeBadInput, "first"},
		{"too many nodes", RelatedQuery{Of: "case_1", MaxNodes: MostSearchNodes + 1}, casegraph.CodeBadInput, "maxNodes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := RelatedCases(context.Background(), g, test.query)
			refused(t, err, test.code, test.field)
		})
	}
}

func linkedIn(t *testing.T, g *drawn, q RelatedQuery) Related {
	t.Helper()
	answer, err := LinkedAccounts(context.Background(), g, q)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestLinkedAccounts(t *testing.T) {
	g := draw(ring + `
		act_cid HAS idn_email-1
		act_eve HAS idn_email-1
		act_ann RELATED act_fay #owns
		act_gus SAME_AS act_ann
		act_ann PAID act_shop #txn_1
		act_hal PAID act_shop #txn_2
		inq_9 OF act_ann
	` + fan("act_x%03d HAS idn_ip-1", 150))
	for _, test := range []struct {
		name            string
		query           RelatedQuery
		accounts, score string
	}{
		{"joined by a link, sharing an identifier; not through a hub, a case or a payment", RelatedQuery{Of: "act_ann"},
			"act_fay:1 act_gus:1 act_bob:2 act_cid:2", "1.000 1.000 0.500 0.500"},
		{"farther, through others", RelatedQuery{Of: "act_ann", MaxLength: 4}, "act_fay:1 act_gus:1 act_bob:2 act_cid:2 act_eve:4", "1.000 1.000 0.500 0.500 0.250"},
		{"by payments", RelatedQuery{Of: "act_ann", Kinds: []casegraph.LinkKind{casegraph.LinkPaid}}, "act_shop:1 act_hal:2", "1.000 0.500"},
		{"by one kind", RelatedQuery{Of: "act_ann", MaxLength: 1, Kinds: []casegraph.LinkKind{casegraph.LinkSameAs}}, "act_gus:1", "1.000"},
		{"without what may not be seen", RelatedQuery{Of: "act_ann", Mask: casegraph.Mask{IdentifierKinds: []casegraph.IdentifierKind{"phone"}}},
			"act_fay:1 act_gus:1 act_cid:2", "1.000 1.000 0.500"},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer := linkedIn(t, g, test.query)
			equal(t, "accounts", relatedText(answer.Nodes), test.accounts)
			var scores []string
			for _, n := range answer.Nodes {
				scores = append(scores, fmt.Sprintf("%.3f", n.Score))
			}
			equal(t, "scores", strings.Join(scores, " "), test.score)
		})
	}
}

func TestLinkedAccountsRefuse(t *testing.T) {
	for name, test := range map[string]struct {
		query RelatedQuery
		code  casegraph.Code
		field string
	}{
		"an account that is not there": {RelatedQuery{Of: "act_0"}, casegraph.CodeNotFound, "account"},
		"what is no account":           {RelatedQuery{Of: "case_1"}, casegraph.CodeNotFound, "account"},
		"links of other nodes":         {RelatedQuery{Of: "act_ann", Kinds: []casegraph.LinkKind{casegraph.LinkHas, casegraph.LinkOf}}, casegraph.CodeBadInput, "kinds[1]"},
		"too far":                      {RelatedQuery{Of: "act_ann", MaxLength: 7}, casegraph.CodeBadInput, "maxLength"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := LinkedAccounts(context.Background(), draw(ring), test.query)
			refused(t, err, test.code, test.field)
		})
	}
}

// What was refused is left out unless it is asked for, and its link is followed
// by nobody.
func TestWhatWasRefusedIsLeftOut(t *testing.T) {
	g := draw(ring + "act_gus SAME_AS act_ann\nact_gus HAS idn_card-1\nact_hal HAS idn_card-1\nact_bob SAME_AS act_ann")
	for _, link := range g.links {
		switch {
		case link.Kind == casegraph.LinkRelatesTo, link.Kind == casegraph.LinkSameAs:
			link.State = casegraph.StateRefused
		}
	}
	equal(t, "cases", relatedText(relatedIn(t, g, RelatedQuery{Of: "case_1"}).Nodes), "case_2:2 case_3:4 case_4:5")
	equal(t, "accounts", relatedText(linkedIn(t, g, RelatedQuery{Of: "act_ann", MaxLength: 3}).Nodes), "act_cid:2")
	all := linkedIn(t, g, RelatedQuery{Of: "act_ann", MaxLength: 3, Refused: true}).Nodes
	equal(t, "with what was refused", relatedText(all), "act_bob:2 act_cid:2")
	if all[0].Decision == nil || !all[0].Decision.Refused() || all[1].Decision != nil {
		t.Errorf("%+v", all)
	}
	expansion := expandIn(t, g, ExpandQuery{From: ids("act_gus"), Depth: 1})
	equal(t, "expanded", stepText(expansion.Links), "act_gus HAS idn_card-1")
}
