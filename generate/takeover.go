package generate

import (
	"casegraph"
	"casegraph/ingest"
)

// takeover: a device that nobody has seen, from a network that nobody uses,
// signs in to one account after the other; the telephone is changed within
// minutes, and within the hour the money is with a mule.
func takeover(s *story) {
	victims := s.cast(s.from(2, 3))
	mule := s.actor()
	mule.opened = s.begins - 12*day
	for _, victim := range victims {
		s.enter(victim, "victim")
	}
	s.enter(mule, "mule")
	ip := hosting(s.number)
	device := ingest.Sight{Kind: "device", Value: s.device(-1 - mule.account)}
	for i, victim := range victims {
		at := s.begins + casegraph.Time(i)*day + casegraph.Time(s.from(0, 90))*minute
		s.tell(s.sessionOf(victim.account, at, ip, device.Value), "sign-in")
		at += casegraph.Time(s.from(2, 6)) * minute
		s.tell(s.changesPhone(victim, at), "phone change")
		for range s.from(1, 2) {
			at += casegraph.Time(s.from(4, 25)) * minute
			s.sends(victim.account, mule.account, at, s.from(90_000, 480_000), "money out")
		}
	}
	shared := s.share(device, "attacker")
	s.share(ingest.Sight{Kind: "ip", Value: ip}, "attacker")
	s.planted.Link = casegraph.LinkHas
	s.planted.Path = []Node{accountNode(victims[0].account, ""), shared, accountNode(victims[1].account, "")}
}

// changesPhone is the check by which an account gets a new telephone.
func (s *story) changesPhone(a *actor, at casegraph.Time) *ingest.Row {
	return inquiryRow(a.account, "phone-change", at, ingest.Sight{Kind: "phone", Value: phone(newPhones, a.account)})
}

// newDevice: somebody moves house. Device, network and telephone are new, and
// the rent goes where it went before.
func newDevice(s *story) {
	mover := s.actor()
	s.enter(mover, "owner")
	landlord := s.shop()
	for month := range casegraph.Time(3) {
		s.pays(mover.account, landlord, s.begins-(60-20*month)*day, 85_000)
	}
	device, ip := s.device(-1-mover.account), line(mover.account-s.Scale.accounts+1)
	s.tell(s.sessionOf(mover.account, s.begins, mover.ip, device), "sign-in")
	s.tell(s.sessionOf(mover.account, s.begins+5*day, ip, device), "sign-in")
	s.tell(s.changesPhone(mover, s.begins+9*day), "phone change")
	s.sends(mover.account, landlord, s.begins+10*day, 85_000, "rent")
	s.share(ingest.Sight{Kind: "device", Value: device}, "new")
}
