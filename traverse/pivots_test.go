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

// mark marks a node of a drawing.
func (g *drawn) mark(id casegraph.ID, level casegraph.RiskLevel, expires casegraph.Time) {
	g.nodes[id].Head().Risk = &casegraph.RiskMark{Level: level, ExpiresAt: expires}
}

func pivotsIn(t *testing.T, g *drawn, q PivotsQuery) Pivots {
	t.Helper()
	g.calls = nil
	answer, err := SuggestPivots(context.Background(), g, q)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Cost.StoreCalls != len(g.calls) {
		t.Errorf("it cost %d calls of %v", answer.Cost.StoreCalls, g.calls)
	}
	return answer
}

func pivotText(pivots []Pivot) string {
	var words []string
	for _, p := range pivots {
		words = append(words, fmt.Sprintf("%s %.2f+%.2f+%.2f+%.2f", p.ID, p.Rarity, p.Risk, p.Recency, p.Money))
	}
	return strings.Join(words, ", ")
}

// street: ann shares a phone with bob, a mail with four, a carrier with many,
// and a document with nobody; she paid bob and cid.
const street = `
	act_ann HAS idn_phone-1 @1
	act_bob HAS idn_phone-1
	act_ann HAS idn_email-1
	act_bob HAS idn_email-1
	act_cid HAS idn_email-1
	act_dan HAS idn_email-1
	act_ann HAS idn_document-1
	act_ann HAS idn_ip-1
	act_ann PAID act_bob #1
	act_ann PAID act_cid #2
	act_cid PAID act_ann #3
	act_cid HAS idn_device-1
	act_eve HAS idn_device-1
`

func drawStreet() *drawn {
	g := draw(street + fan("act_x%03d HAS idn_ip-1", 150))
	for _, link := range g.links {
		if link.Kind == casegraph.LinkPaid {
			link.Amount, link.Currency = casegraph.Decimal(map[string]string{"1": "100.50", "2": "20", "3": "30.25"}[link.Key]), "EUR"
		}
	}
	return g
}

func TestPivots(t *testing.T) {
	for _, test := range []struct {
		name               string
		marks              func(*drawn)
		query              PivotsQuery
		pivots, boundaries string
	}{
		{
			name:       "the rare and the rich; not hubs, nor what leads nowhere",
			query:      PivotsQuery{From: ids("act_ann")},
			pivots:     "act_bob 0.63+0.00+1.00+1.00, act_cid 0.50+0.00+1.00+0.50, idn_phone-1 1.00+0.00+1.00+0.00, idn_email-1 0.50+0.00+1.00+0.00",
			boundaries: "idn_ip-1 HUB 151",
		},
		{
			name: "near what is marked",
			marks: func(g *drawn) {
				g.mark("idn_device-1", casegraph.RiskKnownBad, 0)
				g.mark("act_bob", casegraph.RiskSuspicious, 0)
			},
			query:      PivotsQuery{From: ids("act_ann"), NodeKinds: []casegraph.Kind{casegraph.KindAccount}},
			pivots:     "act_bob 0.63+0.50+1.00+1.00, act_cid 0.50+0.50+1.00+0.50",
			boundaries: "",
		},
		{
			name: "trusted itself; a mark that has expired",
			marks: func(g *drawn) {
				g.mark("idn_device-1", casegraph.RiskKnownBad, 0)
				g.mark("act_cid", casegraph.RiskTrusted, 0)
				g.mark("act_bob", casegraph.RiskKnownBad, 9)
			},
			query:  PivotsQuery{From: ids("act_ann"), NodeKinds: []casegraph.Kind{casegraph.KindAccount}, Now: 9},
			pivots: "act_bob 0.63+0.00+0.50+1.00, act_cid 0.50+0.00+0.50+0.50",
		},
		{
			name:       "what was gone on from already leads nowhere",
			query:      PivotsQuery{From: ids("act_ann"), Expanded: ids("act_bob idn_email-1"), HubLimits: NoHubLimits()},
			pivots:     "act_cid 0.50+0.00+1.00+1.00, idn_ip-1 0.14+0.00+1.00+0.00",
			boundaries: "",
		},
		{
			name:       "through a hub that is named",
			query:      PivotsQuery{From: ids("idn_ip-1"), MaxNodes: 2, First: 1},
			pivots:     "act_ann 0.36+0.00+1.00+0.00",
			boundaries: "idn_ip-1 BUDGET 151",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := drawStreet()
			if test.marks != nil {
				test.marks(g)
			}
			answer := pivotsIn(t, g, test.query)
			equal(t, "pivots", pivotText(answer.Pivots), test.pivots)
			equal(t, "boundaries", boundaryText(answer.Boundaries), test.boundaries)
		})
	}
}

func TestPivotsSayWhatTheyAreOf(t *testing.T) {
	g := drawStreet()
	g.mark("idn_device-1", casegraph.RiskKnownBad, 0)
	answer := pivotsIn(t, g, PivotsQuery{From: ids("act_ann"), Expanded: ids("idn_email-1"), NodeKinds: []casegraph.Kind{casegraph.KindAccount}, First: 1})
	p := answer.Pivots[0]
	equal(t, "pivot", fmt.Sprintf("%s %d/%d %q %s %s %d %v %v", p.ID, p.Unseen, p.Degree, p.Marked, p.Paid, p.Currency, len(p.Links), answer.More, answer.Complete), `act_bob 1/3 "" 100.50 EUR 1 true false`)
	p = pivotsIn(t, g, PivotsQuery{From: ids("act_ann act_bob"), NodeKinds: []casegraph.Kind{casegraph.KindAccount}}).Pivots[0]
	equal(t, "pivot", fmt.Sprintf("%s %d/%d %q %s %s %d", p.ID, p.Unseen, p.Degree, p.Marked, p.Paid, p.Currency, len(p.Links)), `act_cid 2/4 "idn_device-1" 50.25 EUR 2`)
}

func TestPivotsRefuse(t *testing.T) {
	g := drawStreet()
	for name, test := range map[string]struct {
		query PivotsQuery
		code  casegraph.Code
		field string
	}{
		"nothing":                  {PivotsQuery{}, casegraph.CodeBadInput, "from"},
		"what is not there":        {PivotsQuery{From: ids("act_0")}, casegraph.CodeNotFound, "from"},
		"no kind of link":          {PivotsQuery{From: ids("act_ann"), Kinds: []casegraph.LinkKind{"X"}}, casegraph.CodeBadInput, "kinds[0]"},
		"too many":                 {PivotsQuery{From: ids("act_ann"), First: MostPivots + 1}, casegraph.CodeBadInput, "first"},
		"too many neighbours":      {PivotsQuery{From: ids("act_ann"), MaxNodes: MostWeighed + 1}, casegraph.CodeBadInput, "maxNodes"},
		"too many gone on from":    {PivotsQuery{From: ids("act_ann"), Expanded: make([]casegraph.ID, MostNodes+1)}, casegraph.CodeBadInput, "expanded"},
		"a window of nothing":      {PivotsQuery{From: ids("act_ann"), Since: 2, Until: 1}, casegraph.CodeBadInput, "until"},
		"a hub limit of less than": {PivotsQuery{From: ids("act_ann"), HubLimits: &casegraph.HubLimits{Default: -1}}, casegraph.CodeBadInput, "hubLimits"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := SuggestPivots(context.Background(), g, test.query)
			refused(t, err, test.code, test.field)
		})
	}
}

// Pivots are those of a program that looks at every node and every link, and of
// the graph that truly lacks what the mask hides.
func TestPivotsAreThoseOfAPlainSearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, mask := randomGraph(t), randomMask(t)
		for _, link := range g.links {
			link.FirstSeen, link.LastSeen = link.FirstSeen*year, link.LastSeen*year
			if link.Kind == casegraph.LinkPaid {
				link.Amount = casegraph.Decimal(rapid.SampledFrom([]string{"0.10", "7", "3.5", "-1", ""}).Draw(t, "amount"))
				link.Currency = rapid.SampledFrom([]string{"EUR", "USD"}).Draw(t, "currency")
			}
		}
		for _, id := range slices.Sorted(maps.Keys(g.nodes)) {
			if level := rapid.SampledFrom(append(casegraph.RiskLevels(), "", "")).Draw(t, "level"); level != "" {
				g.mark(id, level, rapid.SampledFrom([]casegraph.Time{0, 3 * year, 5 * year}).Draw(t, "expires"))
			}
		}
		q := PivotsQuery{From: g.some(t, mask, 2), Expanded: g.some(t, mask, 3), Kinds: randomKinds(t), HubLimits: randomHubLimits(t), Mask: mask, Now: 4 * year, First: 100,
			NodeKinds: rapid.SampledFrom([][]casegraph.Kind{nil, {casegraph.KindAccount, casegraph.KindIdentifier}}).Draw(t, "nodeKinds")}
		answer, err := SuggestPivots(context.Background(), g, q)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i, p := range answer.Pivots {
			got = append(got, fmt.Sprintf("%s %.9f+%.9f+%.9f+%.9f %d/%d %s", p.ID, p.Rarity, p.Risk, p.Recency, p.Money, p.Unseen, p.Degree, p.Marked))
			if p.Score != p.Rarity+p.Risk+p.Recency+p.Money {
				t.Fatalf("%s has the score %v", p.ID, p.Score)
			}
			if i > 0 && cmp.Or(cmp.Compare(answer.Pivots[i-1].Score, p.Score), -strings.Compare(string(answer.Pivots[i-1].ID), string(p.ID))) <= 0 {
				t.Fatalf("%s comes behind %s", p.ID, answer.Pivots[i-1].ID)
			}
		}
		want := g.plainPivots(q)
		slices.Sort(got)
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

func (g *drawn) plainPivots(q PivotsQuery) []string {
	expanded := append(slices.Clone(q.From), q.Expanded...)
	paid := map[casegraph.ID]map[string]float64{}
	most := map[string]float64{}
	newest := map[casegraph.ID]casegraph.Time{}
	var pivots []casegraph.ID
	for _, near := range q.From {
		for _, hop := range g.follows(near, q.Kinds, casegraph.DirectionBoth, q.NodeKinds, q.Mask) {
			all := g.follows(hop.Far, q.Kinds, casegraph.DirectionBoth, nil, q.Mask)
			on := slices.ContainsFunc(all, func(on casegraph.Hop) bool { return !slices.Contains(expanded, on.Far) })
			if slices.Contains(expanded, hop.Far) || g.isHub(hop.Far, len(all), q.HubLimits) || !on {
				continue
			}
			if paid[hop.Far] == nil {
				paid[hop.Far] = map[string]float64{}
				pivots = append(pivots, hop.Far)
			}
			newest[hop.Far] = max(newest[hop.Far], hop.Link.LastSeen)
			if amount := hop.Link.Amount.Float(); amount > 0 {
				paid[hop.Far][hop.Link.Currency] += amount
				most[hop.Link.Currency] = max(most[hop.Link.Currency], paid[hop.Far][hop.Link.Currency])
			}
		}
	}
	weights := map[casegraph.RiskLevel]float64{casegraph.RiskKnownBad: 1, casegraph.RiskSuspicious: 0.5}
	level := func(id casegraph.ID) casegraph.RiskLevel {
		if mark := g.nodes[id].Head().Risk; mark != nil && (mark.ExpiresAt == 0 || mark.ExpiresAt > q.Now) {
			return mark.Level
		}
		return ""
	}
	var lines []string
	for _, id := range pivots {
		all := g.follows(id, q.Kinds, casegraph.DirectionBoth, nil, q.Mask)
		risk, marked, unseen, money := 0.0, casegraph.ID(""), 0, 0.0
		for _, hop := range all {
			if half := weights[level(hop.Far)] / 2; half > risk || half > 0 && half == risk && hop.Far < marked {
				risk, marked = half, hop.Far
			}
			if !slices.Contains(expanded, hop.Far) {
				unseen++
			}
		}
		if own := level(id); own != "" {
			risk, marked = weights[own], id
		}
		for currency, amount := range paid[id] {
			money = max(money, amount/most[currency])
		}
		recency := 0.5
		if newest[id] != 0 {
			recency = math.Pow(2, -float64(q.Now-newest[id])/year)
		}
		lines = append(lines, fmt.Sprintf("%s %.9f+%.9f+%.9f+%.9f %d/%d %s", id, 1/math.Log2(math.Max(2, float64(len(all)))), risk, recency, money, unseen, len(all), marked))
	}
	slices.Sort(lines)
	return lines
}
