package cases

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"casegraph"
)

// The bounds of what people write, in characters.
const (
	MaxTitle       = 300
	MaxDescription = 10_000
	MaxBody        = 10_000
	MaxNote        = 1_000 // a note or a reason
	MaxRole        = 60
	MaxResolution  = 100
	MaxCaseType    = 60
)

// Text checks what somebody wrote: at least and at most so many characters,
// not blank, and no control characters but line breaks and tabs. It comes back
// without white space around it.
func Text(field, raw string, least, most int) (string, error) {
	trimmed := strings.TrimSpace(raw)
	if n := utf8.RuneCountInString(trimmed); n < least || n > most {
		return "", casegraph.BadInput("%s: from %d to %d characters", field, least, most)
	}
	if !utf8.ValidString(trimmed) || strings.ContainsFunc(trimmed, unwritable) {
		return "", casegraph.BadInput("%s: text without control characters", field)
	}
	return trimmed, nil
}

func unwritable(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// caseType checks the name of a type of case.
func caseType(name string) (string, error) {
	if name == "" {
		return "general", nil
	}
	if len(name) > MaxCaseType || !kebab.MatchString(name) {
		return "", casegraph.BadInput("caseType: 1 to %d lower-case letters and digits, parted by single hyphens", MaxCaseType)
	}
	return name, nil
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
