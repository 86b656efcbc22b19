package generate

import (
	"fmt"
	"slices"

	"casegraph"
	"casegraph/cases"
	"casegraph/ingest"
)

// openCases has somebody look into most frauds, and into some of what looks
// like one. Two who work on one ring, from either end, do not know it yet.
func (s *story) openCases() {
	if s.chance(s.noticed()) {
		s.openCase(0, s.firstAccount())
	}
	if s.planted.Kind == Ring && s.chance(80) {
		s.openCase(1, s.planted.Path[len(s.planted.Path)-1])
	}
}

// noticed is in how many of a hundred such stories somebody opens a case.
func (s *story) noticed() int {
	if s.planted.Resembles == "" {
		return 75
	}
	return 40
}

// openCase opens a case about an account, with what was seen of it as evidence.
func (s *story) openCase(n int, about Node) {
	contains := append([]ingest.Content{contained(about, "subject")}, s.evidence(about)...)
	row := &ingest.Row{Node: casegraph.KindCase, Source: desk, ReferenceID: fmt.Sprintf("FR-%06d", 2*s.number+n+1), Contains: contains}
	caseType, at := caseTypes[s.planted.kindOfFraud()], s.begins+2*day
	row.CaseType, row.Title = text(caseType), text(titles[caseType]+" "+about.ReferenceID)
	row.Assignee, row.AssignedAt = text(oneOf(s.dice, assignees)), ingest.Moment(at)
	row.Status = text(oneOf(s.dice, []string{cases.StatusOpen, cases.StatusInReview, cases.StatusWaiting, cases.StatusResolved}))
	if *row.Status == cases.StatusOpen {
		row.Assignee, row.AssignedAt = nil, 0
	}
	if *row.Status == cases.StatusResolved {
		row.Resolution, row.ResolvedAt = text(s.resolution()), ingest.Moment(at+6*day)
	}
	if s.chance(5) {
		restricted := true
		row.Restricted = &restricted
	}
	s.tell(row, "case")
}

func (s *story) firstAccount() Node {
	i := slices.IndexFunc(s.planted.Nodes, func(n Node) bool { return n.Kind == casegraph.KindAccount })
	return s.planted.Nodes[i] // no story is without
}

// evidence are up to three sessions, payments and checks of an account.
func (s *story) evidence(about Node) []ingest.Content {
	var all []ingest.Content
	for _, row := range s.rows {
		node := named(row, "")
		if row.Of != nil && (*row.Of)[0].ReferenceID == about.ReferenceID && s.planted.has(node.ID) && len(all) < 3 {
			all = append(all, contained(node, "evidence"))
		}
	}
	return all
}

func contained(n Node, role string) ingest.Content {
	return ingest.Content{Ref: ingest.Ref{Kind: n.Kind, Source: n.Source, ReferenceID: n.ReferenceID}, Role: role}
}

// kindOfFraud is what somebody takes it for.
func (p *Planted) kindOfFraud() Plot {
	if p.Resembles != "" {
		return p.Resembles
	}
	return p.Kind
}

func (s *story) resolution() string {
	if s.planted.Resembles == "" {
		return "confirmed"
	}
	return "false positive"
}

var caseTypes = map[Plot]string{Ring: "synthetic-identity", Takeover: "account-takeover", MuleChain: "money-mule",
	Cycle: "money-laundering", FanIn: "scam"}

var titles = map[string]string{"synthetic-identity": "Shared details:", "account-takeover": "New device, new telephone:",
	"money-mule": "Money in, money out:", "money-laundering": "Money that comes back:", "scam": "Many payers within two days:"}

var assignees = []string{"ines.moreau@desk.internal", "omar.haddad@desk.internal", "freya.dahl@desk.internal", "lena.kovac@desk.internal"}
