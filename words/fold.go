// Package words cuts text into the words that a search looks up, and says which words are one slip of the finger apart.
//
// Everything here is a pure function of its arguments: both sides of a search, what is written to the vocabulary and
// what is looked up in it, go through the same four functions and so meet.
package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold takes from a text what people write differently when they mean the same: case, diacritics, ligatures and widths.
// The answer is valid UTF-8 and Fold(Fold(s)) is Fold(s). Letters of their own right (ø, ł) are kept.
func Fold(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ToLower(stripMarks(norm.NFKD.String(s)))
	return norm.NFC.String(sameLetter.Replace(s))
}

// sameLetter are the lower-case letters whose capitals are those of others: STRASSE is Straße, and a Greek sigma has
// another form at the end of a word.
var sameLetter = strings.NewReplacer("ß", "ss", "ς", "σ")

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func stripMarks(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, s)
}
