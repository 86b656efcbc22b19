package example

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
)

// MarshalMoney writes cents.
func MarshalMoney(cents int) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = w.Write(AppendMoney(nil, cents)) })
}

// AppendMoney is what breadth takes in place of MarshalMoney.
func AppendMoney(b []byte, cents int) []byte {
	return strconv.AppendQuote(b, fmt.Sprintf("%d.%02d", cents/100, cents%100))
}

// UnmarshalMoney reads cents.
func UnmarshalMoney(v any) (int, error) { return graphql.UnmarshalInt(v) }

// MarshalShare writes a share of 1; others can't be written.
func MarshalShare(share float64) graphql.ContextMarshaler {
	return graphql.ContextWriterFunc(func(ctx context.Context, w io.Writer) error {
		if share < 0 || share > 1 {
			return errors.New("no share: " + graphql.GetFieldContext(ctx).Field.Name)
		}
		_, err := fmt.Fprintf(w, "%q", fmt.Sprintf("%.1f %%", share*100))
		return err
	})
}

// UnmarshalShare reads a share.
func UnmarshalShare(_ context.Context, v any) (float64, error) { return graphql.UnmarshalFloat(v) }

// Tag is a text that writes itself.
type Tag string

// MarshalGQL writes the tag.
func (t Tag) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote("#"+string(t))) }

// UnmarshalGQL reads a tag.
func (t *Tag) UnmarshalGQL(v any) error {
	text, err := graphql.UnmarshalString(v)
	*t = Tag(text)
	return err
}

// Fragile is a value that can't be written.
type Fragile struct{}

// MarshalGQL panics half way.
func (Fragile) MarshalGQL(w io.Writer) {
	_, _ = io.WriteString(w, `"frag`)
	panic("fragile")
}

// UnmarshalGQL reads nothing.
func (*Fragile) UnmarshalGQL(any) error { return nil }

// Status is where a case stands.
type Status string

// The states.
const (
	StatusOpen      Status = "OPEN"
	StatusClosed    Status = "CLOSED"
	StatusEscalated Status = "ESCALATED"
)

var statuses = []Status{StatusOpen, StatusClosed, StatusEscalated}

// MarshalGQL writes the state.
func (s Status) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(s))) }

// UnmarshalGQL reads a state.
func (s *Status) UnmarshalGQL(v any) error {
	text, _ := v.(string)
	*s = Status(text)
	for _, known := range statuses {
		if *s == known {
			return nil
		}
	}
	return fmt.Errorf("%q is no Status", text)
}

var moods = []string{"CALM", "WILD"}

// MarshalMood writes a mood; one that is none panics.
func MarshalMood(n int) graphql.Marshaler { return graphql.MarshalString(moods[n]) }

// UnmarshalMood reads a mood.
func UnmarshalMood(v any) (int, error) { return slices.Index(moods, fmt.Sprint(v)), nil }

// Level is an enum whose values gqlgen maps.
type Level int

// The levels.
const (
	LevelLow  Level = 1
	LevelHigh Level = 2
)
