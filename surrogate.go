package casegraph

import (
	"bytes"
	"strconv"
	"unicode/utf16"
)

// LoneSurrogate tells whether JSON text escapes half of a surrogate pair
// without the other ("\ud800"): no text has such a character, and a decoder
// puts U+FFFD in its place without a word.
func LoneSurrogate(text []byte) bool {
	for i := bytes.IndexByte(text, '\\'); i >= 0 && i+1 < len(text); {
		half := escaped(text[i:])
		if utf16.IsSurrogate(half) {
			if utf16.DecodeRune(half, escaped(text[i+6:])) == '\uFFFD' {
				return true
			}
			i += 6
		}
		next := bytes.IndexByte(text[i+2:], '\\')
		if next < 0 {
			return false
		}
		i += 2 + next
	}
	return false
}

// escaped is the character that \uXXXX at the beginning of a text stands for;
// 0 if there is no such escape.
func escaped(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil {
		return 0
	}
	return rune(n)
}
