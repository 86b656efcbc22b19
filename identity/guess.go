package identity

import (
	"regexp"
	"strings"
	"unicode"
)

// shape is what a kind's values look like.
type shape struct {
	kind  Kind
	looks func(text string) bool
}

// certain shapes are had by one kind only (an email's is its inbox's as well): the first that fits ends the guessing.
var certain = []shape{
	{Email, containing("@")},
	{IP, isIP},
	{Network, isIP},
	{BankAccount, isIBAN},
	{NameAndBirthdate, containing("|")},
	{Device, uuid.MatchString},
	{Device, mac.MatchString},
	{Card, regexp.MustCompile(`^(?i)[0-9a-f]{64}-[0-9]{4}$`).MatchString},
	{Phone, regexp.MustCompile(`^\+[1-9][0-9 ().-]{6,}$`).MatchString},
}

// likely shapes are shared by kinds, the likeliest first.
var likely = []shape{
	{GovernmentID, regexp.MustCompile(`^[0-9]{3}-[0-9]{2}-[0-9]{4}$`).MatchString}, // as a US social security number
	{TaxID, regexp.MustCompile(`^[0-9]{2}-[0-9]{7}$`).MatchString},                 // as a US employer's number
	{Card, checkedCard},
	{Phone, regexp.MustCompile(`^[0-9(][0-9 ().-]{6,18}$`).MatchString},
	{Device, deviceLike},
	{GovernmentID, numberLike(5, 20)},
	{TaxID, numberLike(7, 15)},
	{BankAccount, numberLike(6, 34)},
	{Address, addressLike},
}

// Guess says which kinds a pasted value may be of, best first: none for a value that looks like no identifier, such as a
// name. Each can be given to Normalise with the value and no options. Kinds without a shape of their own (face, an
// organisation's) are never guessed.
func Guess(raw string) []Kind {
	text, rule := clean(raw)
	if rule != "" {
		return nil
	}
	for _, s := range certain {
		if !s.fits(text) {
			continue
		}
		if s.kind == Email {
			return []Kind{Email, Inbox}
		}
		return []Kind{s.kind}
	}
	var kinds []Kind
	seen := make(map[Kind]bool)
	for _, s := range likely {
		if !seen[s.kind] && s.fits(text) {
			seen[s.kind] = true
			kinds = append(kinds, s.kind)
		}
	}
	return kinds
}

func (s shape) fits(text string) bool {
	if !s.looks(text) {
		return false
	}
	_, err := Normalise(s.kind, text, Options{})
	return err == nil
}

func containing(sign string) func(string) bool {
	return func(text string) bool { return strings.Contains(text, sign) }
}

// numberLike is a number as documents and accounts have: letters and digits, at least one digit, between least and most of
// them together, parted by single signs at most.
func numberLike(least, most int) func(string) bool {
	shape := regexp.MustCompile(`^[0-9A-Za-z]+([ ./-][0-9A-Za-z]+)*$`)
	return func(text string) bool {
		n := len(letters(text))
		return least <= n && n <= most && strings.ContainsFunc(text, unicode.IsDigit) && !addressLike(text) && shape.MatchString(text)
	}
}

// deviceLike is one long word that no person would choose: letters and digits mixed.
func deviceLike(text string) bool {
	return len(text) >= 12 && !strings.ContainsAny(text, " /") &&
		strings.ContainsFunc(text, unicode.IsDigit) && strings.ContainsFunc(text, unicode.IsLetter)
}

var houseAndStreet = regexp.MustCompile(`^[0-9]+[A-Za-z]?,? +\pL{2,}|\pL{3,}[ ,]+[0-9]+[A-Za-z]?\b`)

// addressLike is a house's number and a street's name, in either order.
func addressLike(text string) bool { return houseAndStreet.MatchString(text) }
