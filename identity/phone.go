package identity

import (
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/language"
)

// phone is E.164 (+442071838750), without an extension: of an international number always, of a national one where the
// region says whose. What is no possible number there ("307-059-512" and no region) is kept as its 5 to 20 digits, after a +
// if it had one, so that equal numbers still meet.
func phone(text string, opts Options) (string, bool, string) {
	region, rule := telephoneRegion(opts.Region)
	if rule != "" {
		return "", false, rule
	}
	if e164, placeholder, ok := possible(text, region); ok {
		return e164, placeholder, ""
	}
	if strings.ContainsFunc(text, unicode.IsLetter) {
		return "", false, "must be written in digits"
	}
	number := phonenumbers.NormalizeDigitsOnly(text)
	if len(number) < 5 || len(number) > 20 {
		return "", false, "must have 5 to 20 digits"
	}
	for _, written := range []string{number, international(text, number)} {
		if e164, placeholder, ok := possible(written, region); ok {
			return e164, placeholder, ""
		}
	}
	if strings.HasPrefix(text, "+") {
		return "+" + number, filler(number), ""
	}
	return number, filler(number), ""
}

// telephoneRegion is the region in capitals; UK is GB, as people write it.
func telephoneRegion(region string) (code, rule string) {
	if region == "" {
		return "", ""
	}
	parsed, err := language.ParseRegion(region)
	if err != nil || len(region) != 2 || !parsed.IsCountry() {
		return "", "region must be an ISO 3166-1 alpha-2 code such as GB"
	}
	return parsed.Canonicalize().String(), ""
}

// international is a number with its + back, where it was written or dialled as 00.
func international(text, number string) string {
	if strings.HasPrefix(text, "+") {
		return "+" + number
	}
	if abroad, ok := strings.CutPrefix(number, "00"); ok {
		return "+" + abroad
	}
	return number
}

// possible is a number's E.164 form, if a number of that length can be dialled from anywhere. That it is in use is not asked:
// ranges open faster than tables follow.
func possible(written, region string) (e164 string, placeholder, ok bool) {
	for {
		number, err := phonenumbers.Parse(written, region)
		if err != nil || phonenumbers.IsPossibleNumberWithReason(number) != phonenumbers.IS_POSSIBLE {
			return "", false, false
		}
		e164 = phonenumbers.Format(number, phonenumbers.E164)
		if e164 == written {
			return e164, filler(phonenumbers.GetNationalSignificantNumber(number)), true
		}
		written = e164 // once more: of several trunk zeros (+31 000 …) one is taken away at a time
	}
}
