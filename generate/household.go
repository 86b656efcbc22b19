package generate

import (
	"fmt"
	"strings"

	"casegraph"
	"casegraph/ingest"
)

// Where the rows come from.
const (
	wallet       = "wallet"       // accounts, sessions, payments
	verification = "verification" // identity checks
	desk         = "desk"         // cases
)

func accountReference(number int) string { return fmt.Sprintf("A-%07d", number) }

// businesses are the first accounts: shops, employers, utilities.
func (g Graph) businesses(yield func(*ingest.Row) bool) bool {
	for number := range g.Scale.businesses() {
		if !yield(g.business(g.dice(ofAccount, number), number)) {
			return false
		}
	}
	return true
}

func (g Graph) business(d dice, number int) *ingest.Row {
	name := fmt.Sprintf("%s %s %s", oneOf(d, surnames), oneOf(d, trades), oneOf(d, legalForms))
	return &ingest.Row{Node: casegraph.KindAccount, Source: wallet, ReferenceID: accountReference(number),
		Attributes: ingest.Attributes{At: ingest.Moment(d.opened()), AccountType: text("business"), Name: &name, Status: text("active")},
		Shows: &[]ingest.Sight{
			{Kind: "email", Value: fmt.Sprintf("office@company-%d.internal", number)},
			written(d, ingest.Sight{Kind: "phone", Value: phone(ownPhones, number)}),
			written(d, ingest.Sight{Kind: "address", Value: address(number)}),
			{Kind: "tax-id", Value: fmt.Sprintf("TX-%09d", number+100_000_000)},
		}}
}

var (
	trades     = []string{"Bakery", "Builders", "Energy", "Foods", "Logistics", "Market", "Mobile", "Motors", "Pharmacy", "Travel", "Textiles", "Water"}
	legalForms = []string{"Ltd", "LLP", "plc"}
)

// opened is when an account of everyday life was opened: in the six years
// before the one that the data is about.
func (d dice) opened() casegraph.Time { return d.during(firstDay-6*wholeYear, 6*wholeYear-day) }

func text(s string) *string { return &s }

// households give their people's accounts, the checks of who they are, and
// their sessions, one household after the other.
func (g Graph) households(yield func(*ingest.Row) bool) bool {
	before := -1 // who has sold a device
	for household, number := 0, g.Scale.businesses(); number < g.Scale.accounts; household++ {
		d := g.dice(ofHousehold, household)
		size := min(oneOf(d, householdSizes), g.Scale.accounts-number)
		h := &home{surname: oneOf(d, surnames), first: number, ip: g.home(household),
			phone: size > 1 && d.chance(40), tablet: size > 1 && d.chance(25)}
		if before >= 0 && d.chance(2) {
			h.bought = g.device(before)
		}
		for _, member := range g.members(d, h, size) {
			for _, row := range g.member(d, h, &member) {
				if !yield(row) {
					return false
				}
			}
		}
		before = h.first
		number += size
	}
	return true
}

// householdSizes are drawn from; the mean is 2.25 accounts.
var householdSizes = []int{1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5}

// home is what the people of a household share, beside its address.
type home struct {
	surname string
	first   int // number of its first member
	ip      string
	bought  string // a device that was the neighbours'
	phone   bool   // a landline
	tablet  bool
}

// holder is somebody with an account.
type holder struct {
	person
	account int // its number
}

// members are the household's people; somebody may have a second account.
func (g Graph) members(d dice, h *home, size int) []holder {
	var all []holder
	for i := range size {
		one := holder{g.person(h.first+i, h.surname), h.first + i}
		if i > 0 && d.chance(8) {
			one.person = all[i-1].person
		}
		one.address = address(h.first)
		if i == 0 && h.bought != "" {
			one.device = h.bought
		}
		all = append(all, one)
	}
	return all
}

func (g Graph) member(d dice, h *home, one *holder) []*ingest.Row {
	opened := d.opened()
	shown := one.shown()
	if h.phone {
		shown = append(shown, ingest.Sight{Kind: "phone", Value: phone(familyPhones, h.first)})
	}
	shown = careless(d, shown)
	rows := []*ingest.Row{one.accountRow(d, opened, shown), one.onboarding(opened + minute*casegraph.Time(d.from(3, 90)))}
	session := func(ip, device string) {
		rows = append(rows, sessionRow(d, one.account, len(rows)-2, d.during(firstDay, wholeYear), ip, device))
	}
	session(h.ip, one.device)
	if h.tablet {
		session(h.ip, g.device(-1-h.first))
	}
	mobile, cafe := carrier(one.account%g.Scale.carriers), hotspot(d.IntN(g.Scale.hotspots))
	for range d.IntN(4) {
		ip := h.ip
		if where := d.IntN(100); where < 45 {
			ip = mobile
		} else if where < 85 {
			ip = cafe
		}
		device := one.device
		if d.chance(2) {
			device = noDevice
		}
		session(ip, device)
	}
	return rows
}

// shown is what a person says when they open an account.
func (p *person) shown() []ingest.Sight {
	return []ingest.Sight{{Kind: "email", Value: p.email}, {Kind: "phone", Value: p.phone},
		{Kind: "address", Value: p.address}, {Kind: "name-and-birthdate", Value: p.name + "|" + p.birthdate}}
}

// careless has one in twenty leave something out, with what people write then.
func careless(d dice, shown []ingest.Sight) []ingest.Sight {
	switch d.IntN(60) {
	case 0:
		shown[0] = noMail
	case 1:
		shown[1] = noPhone
	case 2:
		name, _, _ := strings.Cut(shown[3].Value, "|")
		shown[3].Value = name + "|" + noBirthdate
	}
	return shown
}

func (h *holder) accountRow(d dice, at casegraph.Time, shown []ingest.Sight) *ingest.Row {
	for i := range shown {
		shown[i] = written(d, shown[i])
	}
	return &ingest.Row{Node: casegraph.KindAccount, Source: wallet, ReferenceID: accountReference(h.account),
		Attributes: ingest.Attributes{At: ingest.Moment(at), AccountType: text("person"), Name: &h.name, Status: text("active")},
		Shows:      &shown}
}

// onboarding is the check of who opens an account.
func (h *holder) onboarding(at casegraph.Time) *ingest.Row {
	return inquiryRow(h.account, "onboarding", at, ingest.Sight{Kind: "government-id", Value: h.document})
}

func inquiryRow(account int, template string, at casegraph.Time, shown ingest.Sight) *ingest.Row {
	return &ingest.Row{Node: casegraph.KindInquiry, Source: verification, ReferenceID: fmt.Sprintf("I-%07d-%s", account, template),
		Attributes: ingest.Attributes{At: ingest.Moment(at), DecidedAt: ingest.Moment(at + 2*minute), Template: &template, Status: text("approved")},
		Of:         of(wallet, account), Shows: &[]ingest.Sight{shown}}
}

// of is the owner of what belongs to one account.
func of(source string, account int) *[]ingest.Owner {
	return &[]ingest.Owner{{Ref: ingest.Ref{Source: source, ReferenceID: accountReference(account)}}}
}

func sessionRow(d dice, account, n int, at casegraph.Time, ip, device string) *ingest.Row {
	return &ingest.Row{Node: casegraph.KindSession, Source: wallet, ReferenceID: fmt.Sprintf("S-%07d-%d", account, n),
		Attributes: ingest.Attributes{At: ingest.Moment(at), IP: &ip, Device: &device, UserAgent: text(oneOf(d, userAgents))},
		Of:         of("", account)}
}

var userAgents = []string{"Wallet/8.2 (Android 15)", "Wallet/8.2 (iOS 18.5)", "Wallet/8.1 (Android 14)", "Wallet/7.9 (iOS 17.7)", "Browser (Windows)"}
