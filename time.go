package casegraph

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Time is a moment in milliseconds since 1970, UTC. 0 is an unknown time: it
// sorts after all others in the newest-first orders, and is null in GraphQL.
type Time int64

// TimeOf is t in whole milliseconds; the zero time.Time is unknown.
func TimeOf(t time.Time) Time {
	if t.IsZero() {
		return 0
	}
	return Time(t.UnixMilli())
}

// Std is the moment as a time.Time in UTC.
func (t Time) Std() time.Time { return time.UnixMilli(int64(t)).UTC() }

// Never stands for an unknown time where such come last in rising order.
const Never Time = 1 << 53

func (t Time) orNever() Time {
	if t == 0 {
		return Never
	}
	return t
}

// String is RFC 3339 with milliseconds, or "" for an unknown time.
func (t Time) String() string {
	if t == 0 {
		return ""
	}
	return t.Std().Format("2006-01-02T15:04:05.000Z07:00")
}

// MarshalGQL writes RFC 3339 with milliseconds, or null for an unknown time.
func (t Time) MarshalGQL(w io.Writer) {
	if t == 0 {
		io.WriteString(w, "null")
		return
	}
	io.WriteString(w, strconv.Quote(t.String()))
}

// UnmarshalGQL reads RFC 3339; null, where it is allowed, is none.
func (t *Time) UnmarshalGQL(v any) error {
	if v == nil {
		*t = 0
		return nil
	}
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("a Time is RFC 3339 text such as 2026-11-22T09:30:00Z")
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return fmt.Errorf("a Time is RFC 3339 text such as 2026-11-22T09:30:00Z")
	}
	if year := at.Year(); year < 1 || year > 9999 {
		return fmt.Errorf("a Time lies in the years 1 to 9999")
	}
	*t = TimeOf(at)
	return nil
}

// Decimal is a number in decimal digits, kept exactly as it was written, for
// money. Filters and orders compare it as a 64-bit float.
type Decimal string

// ParseDecimal checks that the text is a plain decimal number. Its error is the
// rule alone, to be read behind the name of the input.
func ParseDecimal(text string) (Decimal, error) {
	if text == "" || len(text) > 64 || strings.ContainsAny(text, "eE") || !json.Valid([]byte(text)) || (text[0] != '-' && (text[0] < '0' || text[0] > '9')) {
		return "", fmt.Errorf("must be a plain number such as 1250.00, at most 64 characters")
	}
	return Decimal(text), nil
}

// Float is the nearest float64; 0 for an empty Decimal.
func (d Decimal) Float() float64 {
	f, _ := strconv.ParseFloat(string(d), 64)
	return f
}

// MarshalJSON writes the digits as a number, so that filters compare it as one.
func (d Decimal) MarshalJSON() ([]byte, error) {
	if d == "" {
		return []byte("null"), nil
	}
	if _, err := ParseDecimal(string(d)); err != nil {
		return nil, err
	}
	return []byte(d), nil
}

// UnmarshalJSON reads a number as it is written.
func (d *Decimal) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*d = ""
		return nil
	}
	parsed, err := ParseDecimal(string(text))
	*d = parsed
	return err
}

// MarshalGQL writes the digits as text, or null if there are none.
func (d Decimal) MarshalGQL(w io.Writer) {
	if d == "" {
		io.WriteString(w, "null")
		return
	}
	io.WriteString(w, strconv.Quote(string(d)))
}

// UnmarshalGQL reads text or a number; null, where it is allowed, is none.
func (d *Decimal) UnmarshalGQL(v any) error {
	if v == nil {
		*d = ""
		return nil
	}
	var text string
	switch v := v.(type) {
	case string:
		text = v
	case json.Number:
		text = v.String()
	case int64:
		text = strconv.FormatInt(v, 10)
	case float64:
		text = strconv.FormatFloat(v, 'f', -1, 64)
	}
	parsed, err := ParseDecimal(text)
	if err != nil {
		return fmt.Errorf("a Decimal %w", err)
	}
	*d = parsed
	return nil
}
