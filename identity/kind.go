// Package identity brings the identifiers that people share or reuse into one form each, so that two objects that show the
// same identifier meet, and says which values show nothing: placeholders, and identifiers that too many have.
package identity

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Kind says what an identifier is: one of the kinds below, or an organisation's own (see ValidKind).
type Kind string

const (
	Email            Kind = "email"
	Inbox            Kind = "inbox" // the mailbox behind an email's spellings, see EmailInbox
	Phone            Kind = "phone"
	Device           Kind = "device"
	IP               Kind = "ip"
	Network          Kind = "network"
	Address          Kind = "address"
	GovernmentID     Kind = "government-id"
	TaxID            Kind = "tax-id"
	BankAccount      Kind = "bank-account"
	Card             Kind = "card"
	Face             Kind = "face"
	NameAndBirthdate Kind = "name-and-birthdate"
)

// kinds are those that have a form of their own, the likeliest first.
var kinds = []Kind{Email, Inbox, Phone, Device, IP, Network, Address, GovernmentID, TaxID, BankAccount, Card, Face, NameAndBirthdate}

// Kinds are those that have a form of their own, the likeliest first.
func Kinds() []Kind { return slices.Clone(kinds) }

// KindRule says in words what a kind is, to be read behind the name of an input.
var KindRule = fmt.Sprintf("must be %s, or an organisation's own lower-case kebab-case name of 1 to %d characters",
	strings.ReplaceAll(strings.Trim(fmt.Sprint(kinds), "[]"), " ", ", "), MaxKind)

// MaxKind is the length of the longest name of a kind, in characters.
const MaxKind = 40

var kebabCase = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// ValidKind refuses a name that is not in lower-case kebab-case, of 1 to MaxKind characters, beginning with a letter.
func ValidKind(kind Kind) error {
	if len(kind) > MaxKind || !kebabCase.MatchString(string(kind)) {
		return &Error{kind, "must be a lower-case kebab-case name of 1 to 40 characters"}
	}
	return nil
}

// hubLimits hold the reasoning of HubLimit: a limit lies above what one ring of fraudsters shares in practice (tens of
// accounts) and below what strangers share by accident.
var hubLimits = map[Kind]int{
	Email:            50,  // one person's accounts, or a ring's; more is a shop's or a support desk's own mailbox
	Inbox:            50,  // as email
	Phone:            50,  // as email; more is a switchboard or a rented number
	Device:           50,  // a family or a farm; more is a kiosk, an emulator image or a broken fingerprint
	IP:               100, // an office; more is a carrier's or a hotspot's address, shared by thousands
	Network:          100, // as of an address in it: a network of a hub must be one too
	Address:          100, // a block of flats; more is a warehouse or a forwarding agent
	GovernmentID:     20,  // one person's by law; more is a specimen or a placeholder
	TaxID:            20,  // as government-id
	BankAccount:      50,  // a couple's, or a mule's with its feeders; more is a collecting account
	Card:             50,  // as bank-account
	Face:             20,  // one person's; more is a blank or a failed template
	NameAndBirthdate: 20,  // chance: a common name shares its birthdate with few in any one register
}

// ownHubLimit is for an organisation's own kinds, of which nothing is known.
const ownHubLimit = 100

// HubLimit is how many distinct accounts may have an identifier of this kind before it proves nothing. It is a default:
// whoever asks may go past it.
func HubLimit(kind Kind) int {
	if limit, ok := hubLimits[kind]; ok {
		return limit
	}
	return ownHubLimit
}
