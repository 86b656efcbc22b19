package identity

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// document is the letters and digits of a document's number, in capitals: issuers print the same number with spaces,
// hyphens and slashes, and without.
func document(text string, _ Options) (string, bool, string) {
	number := norm.NFKC.String(strings.ToUpper(letters(text))) // what a dropped sign parted may compose
	if len(number) < 3 {
		return "", false, "must have at least 3 letters or digits"
	}
	return number, filler(number) || documentsForNothing[number], ""
}
