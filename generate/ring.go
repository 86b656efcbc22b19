package generate

import (
	"fmt"

	"casegraph"
	"casegraph/ingest"
)

// ring: each member shares one thing with the next, none two with another, so
// that the first and the last are as far apart as can be. Another may hang on
// to a member by a card. What they make goes to the last.
func ring(s *story) {
	members := s.cast(s.from(4, 5)) // more would be further apart than any search goes
	path := []Node{accountNode(members[0].account, "")}
	how := s.IntN(len(sharings))
	for i, next := range members[1:] {
		shared := sharings[(how+i)%len(sharings)](members[i], next)
		path = append(path, s.share(shared, "shared"), accountNode(next.account, ""))
	}
	var hangers []*actor
	for range s.IntN(2) {
		hanger, member := s.actor(), members[1]
		card := ingest.Sight{Kind: "card", Value: fmt.Sprintf("tok_%07d_visa", hanger.account)}
		s.share(card, "shared")
		hanger.shows, member.shows = append(hanger.shows, card), append(member.shows, card)
		hangers = append(hangers, hanger)
	}
	members[0].shows = append(members[0].shows, noPhone)
	all := append(members, hangers...)
	for _, member := range all {
		member.opened = s.during(s.begins-90*day, 20*day)
		s.enter(member, "member")
	}
	last := members[len(members)-1]
	for _, member := range all {
		if member != last {
			s.sends(member.account, last.account, s.during(s.begins, 3*day), s.from(80_000, 240_000), "cash-out")
		}
	}
	s.planted.Path, s.planted.Link = path, casegraph.LinkHas
}

// sharings are the ways in which two people have something in common. Those
// next to one another in the list, the ends included, differ in kind.
var sharings = []func(a, b *actor) ingest.Sight{
	func(a, b *actor) ingest.Sight {
		b.device = a.device
		return ingest.Sight{Kind: "device", Value: a.device}
	},
	func(a, b *actor) ingest.Sight {
		payout := ingest.Sight{Kind: "bank-account", Value: bankAccount(a.account)}
		a.shows, b.shows = append(a.shows, payout), append(b.shows, payout)
		return payout
	},
	func(a, b *actor) ingest.Sight {
		b.phone = a.phone
		return ingest.Sight{Kind: "phone", Value: a.phone}
	},
	func(a, b *actor) ingest.Sight {
		b.address = a.address
		return ingest.Sight{Kind: "address", Value: a.address}
	},
}

// household: a family, or a flat, with more in common than a ring has.
func household(s *story) {
	members := s.cast(s.from(4, 6))
	first := members[0]
	landline := ingest.Sight{Kind: "phone", Value: phone(familyPhones, first.account)}
	tablet := s.device(-1 - first.account)
	for _, member := range members {
		member.address, member.ip = first.address, first.ip
		member.shows = append(member.shows, landline)
	}
	first.shows = append(first.shows, noPhone)
	for _, member := range members {
		s.enter(member, "member")
		s.signIn(member, s.before(member), member.ip, tablet)
	}
	for _, member := range members[1:] {
		s.sends(first.account, member.account, s.during(s.begins, 30*day), s.from(1_000, 5_000), "pocket money")
	}
	s.share(ingest.Sight{Kind: "address", Value: first.address}, "shared")
	s.share(landline, "shared")
	s.share(ingest.Sight{Kind: "device", Value: tablet}, "shared")
	s.share(ingest.Sight{Kind: "ip", Value: first.ip}, "shared")
}

// publicNetwork: strangers sit in one café.
func publicNetwork(s *story) {
	ip := hotspot(s.IntN(s.Scale.hotspots))
	for _, number := range s.strangers(s.from(6, 10)) {
		s.involve(number, "guest")
		s.tell(s.sessionOf(number, s.during(s.begins, 4*hour), ip, s.device(number)), "sign-in")
	}
	s.share(ingest.Sight{Kind: "ip", Value: ip}, "hub")
}
