package identity

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"casegraph/words"
)

// MaxValue is the length of the longest identifier, as given and in its canonical form, in bytes.
const MaxValue = 1000

// Value is an identifier in its one form.
type Value struct {
	Kind      Kind
	Canonical string // what equal identifiers have in common: valid UTF-8, 1 to MaxValue bytes
	Raw       string // as it was given; of a card the token again, so that its number is not kept here either

	// Placeholder says that the value stands for none ("n/a", 0000000000, test@example.com, 127.0.0.1): it is kept, for
	// it was given, and it joins nobody to anybody.
	Placeholder bool

	// National says that the value is a telephone number kept as its digits, for it has no country's code and Options name
	// no region: it meets none of the spellings that have one.
	National bool
}

// Options are what an identifier's form depends on besides itself. The zero value is usable.
type Options struct {
	// Region is the ISO 3166-1 alpha-2 code of the country whose national telephone numbers are meant; empty for none,
	// when only international numbers (+44 …) reach E.164.
	Region string

	// CardKey keys the hash in a card's token. Without a key the token hides the number from readers but not from a
	// search through all numbers, which takes whoever holds the tokens little time. Tokens of two keys never meet.
	CardKey []byte
}

// Error is a value that its kind's rule refuses. It never holds the value: identifiers are personal data and errors are logged.
type Error struct {
	Kind Kind
	Rule string // what is wrong or must be, to be read after the kind
}

func (e *Error) Error() string { return fmt.Sprintf("%.40s: %s", e.Kind, e.Rule) }

// form is how one kind is normalised: from cleaned text to the canonical form, or to the rule that refuses it.
type form func(text string, opts Options) (canonical string, placeholder bool, rule string)

var forms = map[Kind]form{
	Email:            email,
	Inbox:            inbox,
	Phone:            phone,
	Device:           device,
	IP:               ip,
	Network:          network,
	Address:          address,
	GovernmentID:     document,
	TaxID:            document,
	BankAccount:      bankAccount,
	Card:             card,
	Face:             exact,
	NameAndBirthdate: nameAndBirthdate,
}

// Normalise brings an identifier into its one form. It errs with an *Error on a kind that is none, on text that is empty,
// not UTF-8 or longer than MaxValue, and on what the kind's own rule refuses. Normalising a canonical form again, under the
// same options, changes nothing. A word for nothing ("n/a", "unknown") is a placeholder of every kind.
func Normalise(kind Kind, raw string, opts Options) (Value, error) {
	if err := ValidKind(kind); err != nil {
		return Value{}, err
	}
	text, rule := clean(raw)
	if rule != "" {
		return Value{}, &Error{kind, rule}
	}
	if word, ok := nothing(text); ok {
		return Value{Kind: kind, Canonical: word, Raw: raw, Placeholder: true}, nil
	}
	normalise, ok := forms[kind]
	if !ok {
		normalise = own
	}
	canonical, placeholder, rule := normalise(text, opts)
	switch {
	case rule != "":
		return Value{}, &Error{kind, rule}
	case len(canonical) > MaxValue:
		return Value{}, &Error{kind, tooLong}
	}
	if word, ok := nothing(canonical); ok { // what "(unknown)" comes down to
		canonical, placeholder = word, true
	}
	if kind == Card && !placeholder {
		raw = canonical
	}
	national := kind == Phone && opts.Region == "" && !placeholder && canonical[0] != '+'
	return Value{Kind: kind, Canonical: canonical, Raw: raw, Placeholder: placeholder, National: national}, nil
}

const (
	empty   = "is empty"
	tooLong = "is longer than 1,000 bytes"
)

// clean brings text into Unicode's NFKC, without characters that are not seen (controls, zero widths, direction marks:
// they come along with a paste, or are put in to tell equal values apart) and without space around it.
func clean(raw string) (text, rule string) {
	if len(raw) > MaxValue {
		return "", tooLong
	}
	if !utf8.ValidString(raw) {
		return "", "is not valid UTF-8"
	}
	text = strings.TrimSpace(norm.NFKC.String(strings.Map(seen, raw)))
	if text == "" {
		return "", empty
	}
	return text, ""
}

func seen(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.In(r, unicode.Cc, unicode.Cf):
		return -1
	}
	return r
}

// exact keeps what only its issuer may take apart.
func exact(text string, _ Options) (string, bool, string) {
	return text, filler(text), ""
}

// own is the form of an organisation's own kinds: case and the width of spaces do not matter, all else does.
func own(text string, _ Options) (string, bool, string) {
	text = norm.NFKC.String(strings.ToLower(strings.Join(strings.Fields(text), " ")))
	return text, filler(text), ""
}

// spaced is text folded, its punctuation taken for spaces, and its spaces for one: the form of addresses and names.
func spaced(text string) []string {
	return strings.FieldsFunc(words.Fold(text), func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.N, unicode.M)
	})
}

// letters keeps the letters and digits of a text.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, text)
}

func digits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
