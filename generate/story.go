package generate

import (
	"iter"

	"casegraph"
	"casegraph/ingest"
)

// plots are what a batch consists of, each with how it goes.
var plots = []struct {
	plot      Plot
	resembles Plot
	tell      func(*story)
}{
	{Ring, "", ring},
	{Household, Ring, household},
	{PublicNetwork, Ring, publicNetwork},
	{Takeover, "", takeover},
	{NewDevice, Takeover, newDevice},
	{MuleChain, "", muleChain},
	{SupplyChain, MuleChain, supplyChain},
	{Cycle, "", cycle},
	{SharedCosts, Cycle, sharedCosts},
	{FanIn, "", fanIn},
	{Merchant, FanIn, merchant},
	{Payroll, FanIn, payroll},
}

// story is a plot with its people: the rows that tell it, and the truth of it.
type story struct {
	Graph
	dice
	number  int // among all stories
	actors  int // so far
	begins  casegraph.Time
	rows    []*ingest.Row
	payment map[int]int // how many payments of each payer were told
	session map[int]int
	planted Planted
}

// mostActors is how many accounts' numbers are kept for one story.
const mostActors = 16

// stories tells one after the other.
func (g Graph) stories() iter.Seq[*story] {
	return func(yield func(*story) bool) {
		for number := range g.Scale.batches * len(plots) {
			p := plots[number%len(plots)]
			s := &story{Graph: g, dice: g.dice(ofStory, number), number: number,
				payment: map[int]int{}, session: map[int]int{}, planted: Planted{Kind: p.plot, Resembles: p.resembles}}
			s.begins = s.during(firstDay+60*day, 200*day)
			p.tell(s)
			s.openCases()
			if !yield(s) {
				return
			}
		}
	}
}

// actor is somebody whose account a story tells of, with a network of their own.
type actor struct {
	holder
	ip     string
	opened casegraph.Time
	shows  []ingest.Sight // beside what a person says when they open an account
}

// actor is a new person with an account, of whom nothing is told yet.
func (s *story) actor() *actor {
	if s.actors == mostActors {
		panic("generate: a story has too many accounts")
	}
	number := s.Scale.accounts + s.number*mostActors + s.actors
	s.actors++
	return &actor{holder: holder{s.person(number, oneOf(s.dice, surnames)), number}, ip: line(number - s.Scale.accounts),
		opened: s.dice.opened()}
}

// cast is so many new people.
func (s *story) cast(n int) []*actor {
	all := make([]*actor, n)
	for i := range all {
		all[i] = s.actor()
	}
	return all
}

// enter tells of an actor's account, and a few ordinary things of it: sessions
// at home, in public and on the way, and purchases. Its part is in the truth.
func (s *story) enter(a *actor, role string) {
	shown := append(a.shown(), a.shows...)
	s.tell(a.accountRow(s.dice, a.opened, shown), role)
	s.add(a.onboarding(a.opened + 7*minute))
	for _, ip := range []string{a.ip, a.ip, carrier(a.account % s.Scale.carriers), hotspot(s.IntN(s.Scale.hotspots))} {
		s.signIn(a, s.before(a), ip, a.device)
	}
	for range s.from(1, 3) {
		s.pays(a.account, s.shop(), s.before(a), s.cents())
	}
}

// firm is a business with an account.
func (s *story) firm(role string) int {
	number := s.actor().account
	s.tell(s.business(s.dice, number), role)
	return number
}

// before is a moment of the two months before the story begins, after the
// account was opened.
func (s *story) before(a *actor) casegraph.Time {
	since := max(s.begins-60*day, a.opened+hour)
	return s.during(since, s.begins-since)
}

func (s *story) add(row *ingest.Row) Node {
	s.rows = append(s.rows, row)
	return named(row, "")
}

// tell adds a row of something that plays a part.
func (s *story) tell(row *ingest.Row, role string) Node {
	node := s.add(row)
	node.Role = role
	s.planted.Nodes = append(s.planted.Nodes, node)
	return node
}

// involve gives an account of everyday life a part.
func (s *story) involve(number int, role string) {
	if node := accountNode(number, role); !s.planted.has(node.ID) {
		s.planted.Nodes = append(s.planted.Nodes, node)
	}
}

// share notes an identifier that plays a part.
func (s *story) share(shared ingest.Sight, role string) Node {
	node := identifierNode(shared, role)
	if !s.planted.has(node.ID) {
		s.planted.Nodes = append(s.planted.Nodes, node)
	}
	return node
}

func (s *story) signIn(a *actor, at casegraph.Time, ip, device string) {
	s.add(s.sessionOf(a.account, at, ip, device))
}

// sessionOf is a session that no other row has the reference of: those of
// everyday life count up to less than a hundred, stories from a hundred on.
func (s *story) sessionOf(account int, at casegraph.Time, ip, device string) *ingest.Row {
	s.session[account]++
	return sessionRow(s.dice, account, s.unique(s.session[account]), at, ip, device)
}

// pays adds a payment.
func (s *story) pays(payer, payee int, at casegraph.Time, cents int) *ingest.Row {
	s.payment[payer]++
	row := paymentRow(payer, payee, s.unique(s.payment[payer]), at, cents)
	s.add(row)
	return row
}

// sends adds a payment that plays a part.
func (s *story) sends(payer, payee int, at casegraph.Time, cents int, role string) {
	row := s.pays(payer, payee, at, cents)
	s.planted.Nodes = append(s.planted.Nodes, named(row, role))
}

// unique is a number that the n-th thing of an account has in this story alone.
func (s *story) unique(n int) int { return 1_000_000 + s.number*1_000 + n }

// shop is a business that everybody pays.
func (s *story) shop() int {
	for {
		if number := s.payee(s.dice); number < s.Scale.businesses() {
			return number
		}
	}
}

// strangers are people of everyday life who have nothing to do with one another.
func (s *story) strangers(n int) []int {
	first, people := s.Scale.businesses(), s.Scale.accounts-s.Scale.businesses()
	met := map[int]bool{}
	var all []int
	for len(all) < n {
		if number := first + s.IntN(people); !met[number] {
			met[number] = true
			all = append(all, number)
		}
	}
	return all
}

// along is a path over the accounts of payments that follow one another.
func (s *story) along(accounts ...int) {
	s.planted.Link = casegraph.LinkPaid
	for _, number := range accounts {
		s.planted.Path = append(s.planted.Path, accountNode(number, ""))
	}
}
