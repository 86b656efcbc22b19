package breadth

import (
	"bytes"
	"context"
	"math"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"pgregory.net/rapid"
)

// The scalars are written byte for byte as package graphql writes them.
func TestScalars(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		same(t, String, rapid.String().Draw(t, "text"), graphql.MarshalString)
		same(t, String, string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")), graphql.MarshalString)
		same(t, String, rapid.StringOfN(rapid.RuneFrom([]rune("\x00\x1f\t\r\n\\\"<é\u2028")), 0, 20, -1).Draw(t, "escapes"), graphql.MarshalString)
		same(t, Int, rapid.Int().Draw(t, "int"), graphql.MarshalInt)
		same(t, Int32, rapid.Int32().Draw(t, "int32"), graphql.MarshalInt32)
		same(t, Int64, rapid.Int64().Draw(t, "int64"), graphql.MarshalInt64)
		same(t, Boolean, rapid.Bool().Draw(t, "bool"), graphql.MarshalBoolean)
		at := time.Unix(rapid.Int64Range(-1e11, 1e11).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds"))
		same(t, Time, at.In(time.FixedZone("", rapid.IntRange(-50_000, 50_000).Draw(t, "zone"))), graphql.MarshalTime)
		f := rapid.Float64().Draw(t, "float")
		same(t, Float, f, func(f float64) graphql.Marshaler {
			return graphql.WrapContextMarshaler(context.Background(), graphql.MarshalFloatContext(f))
		})
	})
	var w Writer
	if st := Time.leaf(&w, nil, time.Time{}); st != MarshalNull || len(w.buf) != 0 {
		t.Errorf("the zero time: %v %s", st, w.buf)
	}
}

func same[V any](t *rapid.T, out Out[V], v V, marshal func(V) graphql.Marshaler) {
	if f, is := any(v).(float64); is && (math.IsNaN(f) || math.IsInf(f, 0)) {
		return
	}
	var want bytes.Buffer
	marshal(v).MarshalGQL(&want)
	var w Writer
	if st := out.leaf(&w, nil, v); st != Done || !bytes.Equal(w.buf, want.Bytes()) {
		t.Fatalf("%v: %s, not %s", v, w.buf, want.Bytes())
	}
}
