package identity

import "strings"

// address is folded words with one space between them, common English words for streets and buildings abbreviated. Nothing
// cleverer: an address service knows better, and what it answers can be given instead.
func address(text string, _ Options) (string, bool, string) {
	parts := spaced(text)
	if len(parts) == 0 {
		return "", false, "must have a letter or a digit"
	}
	for i, word := range parts {
		if short, ok := abbreviations[word]; ok {
			parts[i] = short
		}
	}
	canonical := strings.Join(parts, " ")
	return canonical, addressesForNothing[canonical], ""
}

var abbreviations = map[string]string{
	"avenue": "ave", "av": "ave",
	"boulevard": "blvd",
	"circle":    "cir",
	"close":     "cl",
	"court":     "ct",
	"crescent":  "cres",
	"drive":     "dr",
	"highway":   "hwy",
	"lane":      "ln",
	"parkway":   "pkwy",
	"place":     "pl",
	"road":      "rd",
	"square":    "sq",
	"street":    "st", "str": "st",
	"terrace": "ter",

	"apartment": "apt",
	"building":  "bldg",
	"floor":     "fl",
	"suite":     "ste",

	"north": "n", "east": "e", "south": "s", "west": "w",
}
