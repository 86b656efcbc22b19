package plugin

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/codegen/templates"
	"github.com/vektah/gqlparser/v2/ast"
)

func lookup(t types.Type) string { return templates.CurrentImports.LookupType(t) }

// model is the Go type of an object's values.
func model(o *codegen.Object) string {
	if o.Root {
		return "*breadth.Root"
	}
	return lookup(o.Reference())
}

// field is the Go expression of a field's entry in its table.
func (g *generator) field(f *codegen.Field) string {
	if e, ok := g.expression(f); ok {
		return e
	}
	g.foreign = append(g.foreign, f.Object.Name+"."+f.Name)
	obj := "obj"
	if f.Object.Root {
		obj = "_"
	}
	args := "ctx, " + g.ECArg() + "f"
	if !f.Object.Root {
		args += ", obj"
	}
	return fmt.Sprintf("breadth.Foreign(%q, func(ctx context.Context, ec *executionContext, f graphql.CollectedField, %s %s) graphql.Marshaler { return %s_%s_%s(%s) })",
		f.Name, obj, model(f.Object), g.ECDot(), f.Object.Name, f.Name, args)
}

// expression is the entry of a field that the tables can express.
func (g *generator) expression(f *codegen.Field) (string, bool) {
	r := f.TypeReference
	switch {
	case f.HasDirectives(), f.IsMap(), f.HasHaser, f.VOkFunc, r.IsRoot, strings.HasPrefix(f.Name, "__"):
		return "", false
	case f.HasFederationRequiresArg():
		return "", false // the argument differs by parent
	}
	if r.IsOmittable {
		return g.omittable(f)
	}
	out, ok := g.out(r)
	if !ok {
		return "", false
	}
	obj, v := model(f.Object), lookup(r.GO)
	switch {
	case f.IsBatch() && !f.Object.Root:
		return fmt.Sprintf("breadth.Batch(%q, %s, func(ctx context.Context, ec *executionContext, objs []%s, fc *graphql.FieldContext) ([]%s, error) { return ec.Resolvers.%s().%s(%s) }, %s)",
			f.Name, g.context(f), obj, v, templates.UcFirst(f.Object.Name), f.GoFieldName, f.BatchCallArgs("objs", ""), out), true
	case f.IsResolver:
		return g.each(f, obj, v, "ec.Resolvers."+f.ShortInvocation(), out), true
	case f.IsMethod() && f.NoErr && !f.MethodHasContext && len(f.Args) == 0:
		return fmt.Sprintf("breadth.Method(%q, func(obj %s) %s { return obj.%s() }, %s)", f.Name, obj, v, f.GoFieldName, out), true
	case f.IsMethod():
		call := fmt.Sprintf("%s.%s(%s)", f.GoReceiverName, f.GoFieldName, f.CallArgs())
		if f.NoErr {
			call += ", nil"
		}
		return g.each(f, obj, v, call, out), true
	}
	return fmt.Sprintf("breadth.Var(%q, func(obj %s) %s { return obj.%s }, %s)", f.Name, obj, v, f.GoFieldName, out), true
}

func (g *generator) each(f *codegen.Field, obj, v, call, out string) string {
	return fmt.Sprintf("breadth.Each(%q, %s, %t, func(ctx context.Context, ec *executionContext, obj %s, fc *graphql.FieldContext) (%s, error) { return %s }, %s)",
		f.Name, g.context(f), f.IsResolver, obj, v, call, out)
}

// context is gqlgen's function that decodes a field's arguments.
func (g *generator) context(f *codegen.Field) string {
	if g.Config.UseFunctionSyntaxForExecutionContext {
		return fmt.Sprintf("breadth.ContextFunc[*executionContext](func(ec *executionContext, ctx context.Context, f graphql.CollectedField) (*graphql.FieldContext, error) { return %s(ctx, ec, f) })",
			f.FieldContextFunc())
	}
	return fmt.Sprintf("breadth.ContextFunc[*executionContext]((*executionContext).%s)", f.FieldContextFunc())
}

// omittable is a field that writes itself.
func (g *generator) omittable(f *codegen.Field) (string, bool) {
	if !f.IsVariable() {
		return "", false
	}
	v := "graphql.Omittable[" + lookup(f.TypeReference.GO) + "]"
	return fmt.Sprintf("breadth.Var(%q, func(obj %s) %s { return obj.%s }, breadth.Write(func(v %s, w io.Writer) { v.MarshalGQL(w) }))",
		f.Name, model(f.Object), v, f.GoFieldName, v), true
}

// out is the expression that says how a value leaves; false: the table has no
// word for it.
func (g *generator) out(r *config.TypeReference) (string, bool) {
	switch {
	case r.IsPtrToSlice(), r.IsPtrToIntf(), r.IsPtrToPtr() && r.Marshaler == nil && !r.IsMarshaler:
		e, ok := g.out(r.Elem())
		return "breadth.Pointer(" + e + ")", ok
	case r.IsSlice():
		return g.list(r.Elem())
	}
	switch r.Definition.Kind {
	case ast.Object:
		return g.object("breadth.Struct(o", r)
	case ast.Interface, ast.Union:
		i := g.Interfaces[r.Definition.Name]
		return "breadth.Abstract(collect" + r.Definition.Name + ")", isInterface(r.GO) && g.abstract(i) && same(r.GO, i.Type)
	}
	return g.leaf(r)
}

func (g *generator) list(r *config.TypeReference) (string, bool) {
	if r.Definition.Kind == ast.Object && isStruct(r.GO) && !r.IsSlice() {
		return g.object("breadth.Structs(o", r)
	}
	e, ok := g.out(r)
	if r.Definition.Kind == ast.Scalar {
		return "breadth.Scalars(" + e + ")", ok
	}
	return "breadth.List(" + e + ")", ok
}

// object is an object held in some way; byValue is the function for one held by value.
func (g *generator) object(byValue string, r *config.TypeReference) (string, bool) {
	name := r.Definition.Name
	if !g.tables[name] {
		return "", false
	}
	o := g.Objects.ByName(name)
	switch {
	case same(r.GO, o.Reference()):
		return "breadth.Obj(o" + name + ")", true
	case same(types.NewPointer(r.GO), o.Reference()):
		return byValue + name + ")", true
	}
	return "", false
}

// same compares by name: gqlgen loads packages more than once, so that equal
// types need not be identical.
func same(a, b types.Type) bool { return a.String() == b.String() }

func isStruct(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

func isInterface(t types.Type) bool { return t != nil && types.IsInterface(t) }
