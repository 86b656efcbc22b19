package plugin

import (
	"fmt"
	"go/types"

	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/codegen/templates"
)

const graphql = "github.com/99designs/gqlgen/graphql"

// builtin are the scalars that package breadth writes itself.
var builtin = map[string]string{
	"MarshalString": "String", "MarshalID": "String", "MarshalInt": "Int", "MarshalInt32": "Int32",
	"MarshalInt64": "Int64", "MarshalBoolean": "Boolean", "MarshalFloatContext": "Float", "MarshalTime": "Time",
}

// leaf is the expression for a scalar or an enum. It says in Go what gqlgen's
// template of a marshal function says.
func (g *generator) leaf(r *config.TypeReference) (string, bool) {
	if e, ok := fast(r); ok {
		return e, true
	}
	v := lookup(r.GO)
	null := ""
	if r.IsNilable() {
		null = "if v == nil { return nil }; "
	}
	marshaler, kind := "graphql.Marshaler", "Marshal"
	if r.IsContext {
		marshaler, kind = "graphql.ContextMarshaler", "MarshalContext"
	}
	switch {
	case r.IsMarshaler && !r.IsContext && null == "":
		return fmt.Sprintf("breadth.Write(func(v %s, w io.Writer) { v.MarshalGQL(w) })", v), true
	case r.IsMarshaler:
		return fmt.Sprintf("breadth.%s(func(v %s) %s { %sreturn v })", kind, v, marshaler, null), true
	case r.Marshaler == nil:
		return "", false
	}
	value := "v"
	switch {
	case r.IsTargetNilable() && !r.IsNilable():
		value = "&v"
	case !r.IsTargetNilable() && r.IsNilable():
		value = "*v"
	}
	switch {
	case r.HasEnumValues():
		value = fmt.Sprintf("%s[%s]", r.EnumMarshalVar(g.Config.UseFunctionSyntaxForExecutionContext), value)
	case r.CastType != nil:
		value = fmt.Sprintf("%s(%s)", lookup(r.CastType), value)
	}
	return fmt.Sprintf("breadth.%s(func(v %s) %s { %sreturn %s(%s) })", kind, v, marshaler, null, templates.Call(r.Marshaler), value), true
}

// fast is the expression for a scalar that is appended without a Marshaler.
func fast(r *config.TypeReference) (string, bool) {
	if r.HasEnumValues() || r.IsMarshaler || r.Marshaler == nil || r.IsTargetNilable() {
		return "", false
	}
	if p, ok := r.GO.(*types.Pointer); ok {
		elem := *r
		elem.GO = p.Elem()
		e, ok := fast(&elem)
		return "breadth.Nullable(" + e + ")", ok
	}
	if r.IsNilable() {
		return "", false
	}
	e, parameter := appender(r.Marshaler)
	if e == "" {
		return "", false
	}
	from := r.GO
	if r.CastType != nil {
		from = r.CastType
	}
	if !same(parameter, from) {
		return "", false
	}
	if r.CastType != nil {
		c := lookup(r.CastType)
		e = fmt.Sprintf("breadth.Cast(func(v %s) %s { return %s(v) }, %s)", lookup(r.GO), c, c, e)
	}
	return e, true
}

// appender is what appends the values of a marshal function without calling
// it, and their type: one of breadth's own, or the function AppendX(b []byte,
// v T) []byte that stands beside MarshalX(v T).
func appender(marshal *types.Func) (string, types.Type) {
	if marshal.Signature().Params().Len() != 1 {
		return "", nil
	}
	parameter := types.Unalias(marshal.Signature().Params().At(0).Type())
	if marshal.Pkg().Path() == graphql {
		if name := builtin[marshal.Name()]; name != "" {
			return "breadth." + name, parameter
		}
		return "", nil
	}
	name := "Append" + marshal.Name()[len("Marshal"):]
	f, ok := marshal.Pkg().Scope().Lookup(name).(*types.Func)
	if !ok {
		return "", nil
	}
	in, out := f.Signature().Params(), f.Signature().Results()
	if in.Len() != 2 || out.Len() != 1 || in.At(0).Type().String() != "[]byte" || out.At(0).Type().String() != "[]byte" || !same(in.At(1).Type(), parameter) {
		return "", nil
	}
	return "breadth.Append(" + templates.Call(f) + ")", parameter
}
