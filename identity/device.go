package identity

import (
	"regexp"
	"strings"
)

var (
	uuid = regexp.MustCompile(`^(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	mac  = regexp.MustCompile(`^(?i)[0-9a-f]{2}([:-][0-9a-f]{2}){5}$`)
	hexa = regexp.MustCompile(`^(?i)[0-9a-f]{8,}$`)
)

// device is lower case where case means nothing (a UUID, hexadecimal digits, a hardware address) and exact elsewhere.
func device(text string, _ Options) (string, bool, string) {
	if uuid.MatchString(text) || mac.MatchString(text) || hexa.MatchString(text) {
		text = strings.ToLower(text)
	}
	return text, filler(text) || devicesForNothing[text], ""
}
