package identity

import (
	"strings"
	"time"
)

// NameAndBirthdateOf is the identifier of whoever has this name and this birthdate, folded and in one text: "julia
// taylor|1990-07-31". The name's words keep their order. The birthdate is YYYY-MM-DD or YYYYMMDD; any other way of writing it
// is refused, for 03/04/1990 is two days.
func NameAndBirthdateOf(name, birthdate string) (Value, error) {
	return Normalise(NameAndBirthdate, name+"|"+birthdate, Options{})
}

func nameAndBirthdate(text string, _ Options) (string, bool, string) {
	bar := strings.LastIndex(text, "|")
	if bar < 0 {
		return "", false, "must be a name and a birthdate with a | between them"
	}
	name := strings.Join(spaced(text[:bar]), " ")
	if name == "" {
		return "", false, "must have a letter or a digit in the name"
	}
	born, ok := birthdate(strings.TrimSpace(text[bar+1:]))
	if !ok {
		return "", false, "must have a birthdate written YYYY-MM-DD or YYYYMMDD, other orders are ambiguous"
	}
	placeholder := namesForNothing[name] || wordsForNothing[name] || birthdatesForNothing[born]
	return name + "|" + born, placeholder, ""
}

// birthdate is a day of the calendar as YYYY-MM-DD.
func birthdate(text string) (string, bool) {
	for _, layout := range []string{time.DateOnly, "20060102"} {
		if day, err := time.Parse(layout, text); err == nil {
			return day.Format(time.DateOnly), true
		}
	}
	return "", false
}
