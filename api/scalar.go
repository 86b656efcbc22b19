package api

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"casegraph"
	"casegraph/breadth"
)

// For each MarshalX that answers are full of there is an AppendX, by which
// package breadth writes without making a Marshaler a value. What appends
// nothing is null.

// MaxID is the longest text that can be an id.
const MaxID = 200

// MarshalID writes an id, or null where there is none.
func MarshalID(id casegraph.ID) graphql.Marshaler { return MarshalString(string(id)) }

// AppendID is MarshalID.
func AppendID(b []byte, id casegraph.ID) []byte { return AppendString(b, string(id)) }

// UnmarshalID reads an id.
func UnmarshalID(v any) (casegraph.ID, error) {
	text, ok := v.(string)
	if v != nil && (!ok || text == "" || len(text) > MaxID) {
		return "", fmt.Errorf("an id is a text of 1 to %d bytes", MaxID)
	}
	return casegraph.ID(text), nil
}

// MarshalString writes a text, or null for the empty one: where the domain
// has nothing to say, clients see that.
func MarshalString(text string) graphql.Marshaler {
	if text == "" {
		return graphql.Null
	}
	return graphql.MarshalString(text)
}

// AppendString is MarshalString.
func AppendString(b []byte, text string) []byte {
	if text == "" {
		return b
	}
	return breadth.AppendString(b, text)
}

// UnmarshalString reads a text; null is the empty one.
func UnmarshalString(v any) (string, error) {
	text, ok := v.(string)
	if v != nil && !ok {
		return "", fmt.Errorf("a text is expected")
	}
	return text, nil
}

// MarshalOptString is not used: the type is for input alone.
func MarshalOptString(text casegraph.OptString) graphql.Marshaler {
	if text.Value == nil {
		return graphql.Null
	}
	return graphql.MarshalString(*text.Value)
}

// UnmarshalOptString reads a text or null, and so knows that it was given.
func UnmarshalOptString(v any) (casegraph.OptString, error) {
	if v == nil {
		return casegraph.OptString{Set: true}, nil
	}
	text, err := UnmarshalString(v)
	return casegraph.OptString{Set: true, Value: &text}, err
}

// MarshalOptFields is not used: the type is for input alone.
func MarshalOptFields(fields casegraph.OptFields) graphql.Marshaler { return fields.Value }

// UnmarshalOptFields reads a JSON object or null, and so knows that it was given.
func UnmarshalOptFields(v any) (casegraph.OptFields, error) {
	fields := casegraph.OptFields{Set: true}
	if v == nil {
		return fields, nil
	}
	err := fields.Value.UnmarshalGQL(v)
	if fields.Value == nil {
		fields.Value = casegraph.Fields("{}") // an empty patch
	}
	return fields, err
}

// MarshalInt writes a whole number.
func MarshalInt(n int) graphql.Marshaler { return graphql.MarshalInt64(int64(n)) }

// AppendInt is MarshalInt.
func AppendInt(b []byte, n int) []byte { return AppendInt64(b, int64(n)) }

// UnmarshalInt reads a whole number of 32 bits, which is what Int means.
func UnmarshalInt(v any) (int, error) {
	n, err := UnmarshalInt64(v)
	return int(n), err
}

// MarshalInt64 writes a whole number.
func MarshalInt64(n int64) graphql.Marshaler { return graphql.MarshalInt64(n) }

// AppendInt64 is MarshalInt64.
func AppendInt64(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) }

// UnmarshalInt64 reads a whole number of 32 bits.
func UnmarshalInt64(v any) (int64, error) {
	var n int64
	switch v := v.(type) {
	case nil:
		return 0, nil
	case int64:
		n = v
	case int:
		n = int64(v)
	case json.Number:
		whole, err := v.Int64()
		if err != nil {
			return 0, errInt
		}
		n = whole
	default:
		return 0, errInt
	}
	if n < math.MinInt32 || n > math.MaxInt32 {
		return 0, errInt
	}
	return n, nil
}

var errInt = fmt.Errorf("an Int is a whole number from %d to %d", math.MinInt32, math.MaxInt32)

// MarshalSeq writes an event's number.
func MarshalSeq(n casegraph.Seq) graphql.Marshaler { return graphql.MarshalInt64(int64(n)) }

// AppendSeq is MarshalSeq.
func AppendSeq(b []byte, n casegraph.Seq) []byte { return AppendInt64(b, int64(n)) }

// UnmarshalSeq reads an event's number.
func UnmarshalSeq(v any) (casegraph.Seq, error) {
	n, err := UnmarshalInt64(v)
	return casegraph.Seq(n), err
}

// MarshalRawJSON writes JSON text as it is, or null where there is none.
func MarshalRawJSON(text json.RawMessage) graphql.Marshaler {
	if len(text) == 0 {
		return graphql.Null
	}
	return graphql.WriterFunc(func(w io.Writer) { w.Write(text) })
}

// UnmarshalRawJSON reads any JSON value.
func UnmarshalRawJSON(v any) (json.RawMessage, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("a JSON value is expected")
	}
	return text, nil
}

// Scalar is a text, a number or a truth value, as filters compare them:
// Value is a string, int64, float64 or bool.
type Scalar struct{ Value any }

// MarshalGQL writes the value as JSON.
func (s Scalar) MarshalGQL(w io.Writer) {
	text, err := json.Marshal(s.Value)
	if err != nil {
		text = []byte("null")
	}
	w.Write(text)
}

// UnmarshalGQL reads the value.
func (s *Scalar) UnmarshalGQL(v any) error {
	switch v := v.(type) {
	case string, bool, int64, float64:
		s.Value = v
	case json.Number:
		if whole, err := v.Int64(); err == nil {
			s.Value = whole
			return nil
		}
		f, err := v.Float64()
		if err != nil {
			return fmt.Errorf("a number that a 64-bit float holds is expected")
		}
		s.Value = f
	default:
		return fmt.Errorf("a text, a number or a truth value is expected")
	}
	return nil
}

// Ordered is a text or a number, which alone are more or less than others.
type Ordered struct{ Value any }

// MarshalGQL writes the value as JSON.
func (o Ordered) MarshalGQL(w io.Writer) { Scalar(o).MarshalGQL(w) }

// UnmarshalGQL reads the value.
func (o *Ordered) UnmarshalGQL(v any) error {
	if _, isBool := v.(bool); isBool {
		return fmt.Errorf("a text or a number is expected: truth values have no order")
	}
	return (*Scalar)(o).UnmarshalGQL(v)
}

// FieldPath is where something lies in a node's fields: "address.city".
type FieldPath string

const fieldsPrefix = "fields."

// MarshalGQL is not used: the type is for input alone.
func (p FieldPath) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(p))) }

// UnmarshalGQL reads a path.
func (p *FieldPath) UnmarshalGQL(v any) error {
	text, ok := v.(string)
	if !ok || (&casegraph.Filter{Path: fieldsPrefix + text, Op: casegraph.OpExists, Value: true}).Check() != nil {
		return fmt.Errorf("a path is names parted by dots, at most %d bytes, such as address.city", casegraph.MaxFilterPath-len(fieldsPrefix))
	}
	*p = FieldPath(text)
	return nil
}

// enum reads an enum value: one of the known ones.
func enum[E ~string](v any, name string, known ...E) (E, error) {
	for _, value := range known {
		if v == string(value) {
			return value, nil
		}
	}
	return "", fmt.Errorf("%q is no %s", fmt.Sprint(v), name)
}

func writeEnum[E ~string](w io.Writer, value E) { io.WriteString(w, strconv.Quote(string(value))) }
