package breadth

import (
	"errors"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Append is a scalar whose values are appended as JSON; nothing appended is null.
func Append[V any](f func(b []byte, v V) []byte) Out[V] {
	return Out[V]{leaf: func(w *Writer, _ *ast.Type, v V) State {
		mark := len(w.buf)
		w.buf = f(w.buf, v)
		if len(w.buf) == mark {
			return MarshalNull
		}
		return Done
	}}
}

// The scalars of package graphql, byte for byte as it writes them.
var (
	String  = Append(AppendString)
	Int     = Append(appendInt[int])
	Int32   = Append(appendInt[int32])
	Int64   = Append(appendInt[int64])
	Boolean = Append(strconv.AppendBool)
	Time    = Append(appendTime)
	Float   = Out[float64]{deep: true, leaf: func(w *Writer, _ *ast.Type, v float64) State {
		if math.IsInf(v, 0) || math.IsNaN(v) {
			w.failLate(len(w.buf), w.context(), errFloat)
			return Done
		}
		w.buf = strconv.AppendFloat(w.buf, v, 'g', -1, 64)
		return Done
	}}
)

var errFloat = errors.New("cannot marshal infinite no NaN float values") // graphql's own words

// Nullable is a scalar that may be nil.
func Nullable[V any](e Out[V]) Out[*V] {
	return Out[*V]{deep: e.deep, leaf: func(w *Writer, t *ast.Type, v *V) State {
		if v == nil {
			return Null
		}
		return e.leaf(w, t, *v)
	}}
}

// Cast converts before it writes.
func Cast[V, W any](f func(V) W, e Out[W]) Out[V] {
	return Out[V]{deep: e.deep, leaf: func(w *Writer, t *ast.Type, v V) State { return e.leaf(w, t, f(v)) }}
}

// Write is a scalar that writes itself.
func Write[V any](f func(v V, w io.Writer)) Out[V] {
	return Out[V]{leaf: func(w *Writer, _ *ast.Type, v V) State {
		w.marshalling = true
		f(v, w)
		w.marshalling = false
		return Done
	}}
}

// Marshal is a scalar with a marshal function. It gives nil for a nil value
// and graphql.Null for one that is null by its content.
func Marshal[V any](f func(v V) graphql.Marshaler) Out[V] {
	return Out[V]{untyped: isInterface[V](), leaf: func(w *Writer, _ *ast.Type, v V) State {
		m := f(v)
		if m == graphql.Null {
			return MarshalNull
		}
		return w.marshal(m)
	}}
}

// MarshalContext is Marshal for marshalers that take a context and may fail.
func MarshalContext[V any](f func(v V) graphql.ContextMarshaler) Out[V] {
	return Out[V]{deep: true, untyped: isInterface[V](), leaf: func(w *Writer, _ *ast.Type, v V) State {
		switch m := f(v); m {
		case nil:
			return Null
		case graphql.ContextMarshaler(graphql.Null):
			return MarshalNull
		default:
			ctx, mark := w.context(), len(w.buf)
			w.marshalling = true
			err := m.MarshalGQLContext(ctx, w)
			if w.marshalling = false; err != nil {
				w.failLate(mark, ctx, err)
			}
			return Done
		}
	}}
}

func appendInt[I int | int32 | int64](b []byte, v I) []byte {
	return strconv.AppendInt(b, int64(v), 10)
}

func appendTime(b []byte, v time.Time) []byte {
	if v.IsZero() {
		return b
	}
	b = v.AppendFormat(append(b, '"'), time.RFC3339Nano)
	return append(b, '"')
}

const hexDigits = "0123456789ABCDEF"

// AppendString appends text as JSON, escaped as graphql.MarshalString escapes it.
func AppendString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '\\' && c != '"' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		switch c {
		case '\t':
			b = append(b, `\t`...)
		case '\r':
			b = append(b, `\r`...)
		case '\n':
			b = append(b, `\n`...)
		case '\\', '"':
			b = append(b, '\\', c)
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
		}
	}
	return append(append(b, s[from:]...), '"')
}
