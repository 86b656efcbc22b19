package generate

import (
	"slices"

	"casegraph"
)

// muleChain: what a victim paid goes from hand to hand within hours, each
// keeping a little, and leaves at the end.
func muleChain(s *story) {
	hands := []int{s.strangers(1)[0]}
	s.involve(hands[0], "victim")
	for range s.from(2, 3) {
		mule := s.actor()
		mule.opened = s.during(s.begins-40*day, 20*day)
		s.enter(mule, "mule")
		hands = append(hands, mule.account)
	}
	exit := s.actor()
	s.enter(exit, "exit")
	hands = append(hands, exit.account)
	at, cents := s.begins, s.from(400_000, 1_900_000)
	for i := range hands[1:] {
		s.sends(hands[i], hands[i+1], at, cents, "hop")
		at += casegraph.Time(s.from(20, 240)) * minute
		cents = cents * s.from(91, 97) / 100
	}
	s.along(hands...)
}

// supplyChain: a firm pays its supplier, which pays its own, month after month
// and each as much as its invoice says.
func supplyChain(s *story) {
	var firms []int
	for range s.from(4, 5) {
		firms = append(firms, s.firm("firm"))
	}
	for month := range casegraph.Time(3) {
		for i := range firms[1:] {
			s.sends(firms[i], firms[i+1], s.during(s.begins+(30*month+casegraph.Time(5*i))*day, 4*day), s.from(30_000, 1_200_000), "invoice")
		}
	}
	s.along(firms...)
}

// cycle: a sum goes round and is back within two days, a little smaller, twice.
func cycle(s *story) {
	round := s.numbers("member", s.from(3, 4))
	cents := s.from(500_000, 2_500_000)
	for turn := range casegraph.Time(2) {
		at := s.begins + 9*turn*day
		for i, payer := range round {
			s.sends(payer, round[(i+1)%len(round)], at, cents, "hop")
			at += casegraph.Time(s.from(60, 480)) * minute
			cents = cents * s.from(97, 99) / 100
		}
	}
	s.along(append(round, round[0])...)
}

// sharedCosts: flatmates pay one another what each has laid out, a little at a
// time, all year.
func sharedCosts(s *story) {
	flatmates := s.cast(3)
	var round []int
	for _, one := range flatmates {
		one.address, one.ip = flatmates[0].address, flatmates[0].ip
		s.enter(one, "flatmate")
		round = append(round, one.account)
	}
	for range 4 {
		for i, payer := range round {
			s.sends(payer, round[(i+1)%len(round)], s.during(s.begins-60*day, 150*day), s.from(600, 7_000), "share")
		}
	}
	s.along(append(round, round[0])...)
}

// numbers are the accounts of new people who play a part.
func (s *story) numbers(role string, n int) []int {
	var all []int
	for _, one := range s.cast(n) {
		s.enter(one, role)
		all = append(all, one.account)
	}
	return all
}

// fanIn: within two days many pay nearly the same to a new account, which is
// emptied.
func fanIn(s *story) {
	payers := s.strangers(s.from(12, 25))
	collector := s.actor()
	collector.opened = s.begins - 15*day
	s.enter(collector, "collector")
	exit := s.numbers("exit", 1)[0]
	total := 0
	for _, payer := range payers {
		s.involve(payer, "payer")
		cents := s.from(90_000, 99_900)
		total += cents
		s.sends(payer, collector.account, s.during(s.begins, 2*day), cents, "pay-in")
	}
	s.sends(collector.account, exit, s.begins+2*day+3*hour, total*95/100, "money out")
	s.along(slices.Min(payers), collector.account, exit)
}

// merchant: customers buy, over the year, for as much as things cost.
func merchant(s *story) {
	shop := s.firm("shop")
	for _, customer := range s.strangers(s.from(15, 30)) {
		s.involve(customer, "customer")
		for range s.from(1, 2) {
			s.sends(customer, shop, s.during(firstDay, wholeYear), s.cents(), "purchase")
		}
	}
}

// payroll: an employer pays its people on one day of each month.
func payroll(s *story) {
	employer := s.firm("employer")
	for _, employee := range s.strangers(s.from(10, 20)) {
		s.involve(employee, "employee")
		wage := s.from(160_000, 420_000)
		for month := range casegraph.Time(3) {
			s.sends(employer, employee, s.begins+30*month*day, wage, "wage")
		}
	}
}
