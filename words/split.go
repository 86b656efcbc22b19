package words

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds on what one text adds to the vocabulary, so that a pasted novel costs no more than a long note.
const (
	MaxWords = 64 // words a text
	MaxRunes = 64 // runes a word
)

// Split gives the distinct words of a text, folded, in the order in which they first appear: runs of letters and digits,
// everything else parts them. At most MaxWords are given; a longer word than MaxRunes is cut, so that it still meets itself.
func Split(s string) []string {
	var split []string
	seen := make(map[string]bool)
	for word := range strings.FieldsFuncSeq(Fold(s), parts) {
		word = cut(word)
		if seen[word] {
			continue
		}
		seen[word] = true
		split = append(split, word)
		if len(split) == MaxWords {
			break
		}
	}
	return split
}

// parts says whether a rune is between words. The vowel signs of Indic scripts (Mc) are spacing marks inside a word.
func parts(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.Mc, r)
}

func cut(word string) string {
	if utf8.RuneCountInString(word) <= MaxRunes {
		return word
	}
	return string([]rune(word)[:MaxRunes])
}
