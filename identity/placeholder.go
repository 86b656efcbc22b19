package identity

import "strings"

// Placeholders are what people and programs write when there is nothing to write. They join nobody to anybody: two
// accounts that both lack a telephone have nothing in common.

// wordsForNothing are placeholders of every kind, in lower case.
var wordsForNothing = set(
	"-", "--", "---", ".", "?", "x", "xx", "xxx", // a form that does not let a field be empty
	"none", "no", "nil", "null", "nan", "undefined", // programs' own words for nothing, printed
	"n/a", "n.a.", "na", "not applicable", "not available", "not provided", "unknown", "tbd", // a clerk's
	"test", "testing", // a developer's
)

// nothing gives a word for nothing in its one form.
func nothing(text string) (word string, ok bool) {
	word = strings.ToLower(text)
	return word, wordsForNothing[word]
}

// numbersForNothing are digits typed in a row along the keyboard.
var numbersForNothing = set(
	"12345", "123456", "1234567", "12345678", "123456789", "1234567890", "0123456789", "0987654321", "987654321",
	"123456789012", "1234567890123456",
)

// documentsForNothing are numbers that were printed as a specimen and then used by thousands.
var documentsForNothing = set(
	"078051120", // a US social security card sold inside wallets
	"219099999", // a US social security card shown in an advertisement
)

// cardsForNothing are the numbers that payment networks and processors publish for tests.
var cardsForNothing = set(
	"4111111111111111", "4242424242424242", "4012888888881881", "4000056655665556", // Visa
	"5555555555554444", "5105105105105100", "2223003122003222", // Mastercard
	"378282246310005", "371449635398431", // American Express
	"6011111111111117", "30569309025904", "3530111333300000", // Discover, Diners Club, JCB
)

// mailDomainsForNothing take no mail, or are everybody's: reserved for documentation and tests (RFC 2606, RFC 6761), with
// all below them, and test.com, which is typed as if it were.
var mailDomainsForNothing = []string{
	"example.com", "example.net", "example.org", "example", "test", "invalid", "localhost", "test.com",
}

// mailboxesForNothing are read by nobody, on any domain.
var mailboxesForNothing = set(
	"noreply", "no-reply", "donotreply", "do-not-reply", // senders' own
	"none", "noemail", "no-email", "nomail", "unknown", "na", "test", // typed to get past a form
)

// devicesForNothing are identifiers that a platform gives to all its devices alike. All-zero and all-f ones are filler.
var devicesForNothing = set(
	"9774d56d682e549c",  // ANDROID_ID of whole series with a faulty system image
	"02:00:00:00:00:00", // the hardware address that Android and iOS give to programs not allowed to know it
	"004999010640000",   // an IMEI built into devices without one of their own
	"012345678912345",   // an IMEI of unlocked and emulated devices
)

// addressesForNothing say that there is no address, in the canonical form.
var addressesForNothing = set(
	"no fixed abode", "no fixed address", "homeless", "general delivery", "poste restante", "address", "n a",
	"same", "same as above", "test address", "test st", "123 test st",
)

// namesForNothing are no person's, in the canonical form.
var namesForNothing = set(
	"test test", "test user", "first last", "firstname lastname", "no name", "n a",
	"john doe", "jane doe", // on forms whose person is not known
)

// birthdatesForNothing are how systems store no date.
var birthdatesForNothing = set(
	"0001-01-01", // the zero time of .NET and Go
	"1900-01-01", // spreadsheets, and SQL Server's smalldatetime
	"1901-01-01", // as 1900-01-01, where years were two digits
	"1970-01-01", // Unix time 0
	"9999-12-31", // the end of time in many registers
)

// filler says whether a text is one character again and again (0000000000, ffffffff-ffff-…) or a row of the keyboard.
func filler(text string) bool {
	plain := letters(text)
	return len(plain) > 1 && strings.Count(plain, plain[:1]) == len(plain) || numbersForNothing[plain]
}

func set(all ...string) map[string]bool {
	s := make(map[string]bool, len(all))
	for _, v := range all {
		s[v] = true
	}
	return s
}
