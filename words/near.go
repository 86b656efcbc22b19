package words

import (
	"slices"
	"unicode"
)

// minVariantRunes is the shortest word with variants: of three letters, half the dictionary is one slip away.
const minVariantRunes = 4

// Variants gives, sorted and distinct, a folded word and what is left of it when any one letter is dropped. Two words
// without digits that are Near have a variant in common, if at least one has four letters or more. The other way round does
// not hold: a look-up by variants gives candidates, and Near picks among them.
//
// A word of fewer than four letters, or with a digit in it, has itself alone: one digit off is another number.
func Variants(word string) []string {
	variants := []string{word}
	letters := []rune(word)
	if len(letters) < minVariantRunes || slices.ContainsFunc(letters, unicode.IsNumber) {
		return variants
	}
	for i := range letters {
		variants = append(variants, string(letters[:i])+string(letters[i+1:]))
	}
	slices.Sort(variants)
	return slices.Compact(variants)
}

// Near says whether two words are equal or one slip apart: a letter more, a letter less, another letter, or two neighbours
// swapped (an optimal string alignment distance of at most 1).
func Near(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) < len(y) {
		x, y = y, x
	}
	if len(x) > len(y)+1 {
		return false
	}
	i := 0
	for i < len(y) && x[i] == y[i] {
		i++
	}
	x, y = x[i:], y[i:]
	if len(x) > len(y) {
		return slices.Equal(x[1:], y)
	}
	if len(x) == 0 || slices.Equal(x[1:], y[1:]) {
		return true
	}
	return len(x) > 1 && x[0] == y[1] && x[1] == y[0] && slices.Equal(x[2:], y[2:])
}
