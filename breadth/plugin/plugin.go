// Package plugin is a gqlgen plugin that generates the tables for package
// breadth, and NewBreadthFirstSchema, beside gqlgen's own code.
package plugin

import (
	_ "embed"
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/templates"
	"github.com/vektah/gqlparser/v2/ast"

	"casegraph/breadth"
)

//go:embed breadth.gotpl
var template string

// Plugin generates a file into the folder of gqlgen's exec code.
type Plugin struct {
	// Filename is the file's name; "" is breadth.go.
	Filename string
	// Plain are the resolvers that may take one parent although many can be
	// asked at once: "Type.field", or "*" for all. Generation fails on others.
	Plain []string
	// Report is told the fields that gqlgen's own code resolves; nil: nobody.
	Report io.Writer
}

var runtime = reflect.TypeFor[breadth.Options]().PkgPath()

// Name is the plugin's name.
func (Plugin) Name() string { return "breadth" }

// GenerateCode writes the file.
func (p Plugin) GenerateCode(data *codegen.Data) error {
	g := newGenerator(data)
	if err := g.checkPlain(p.Plain); err != nil {
		return err
	}
	name := p.Filename
	if name == "" {
		name = "breadth.go"
	}
	err := templates.Render(templates.Options{
		PackageName:     data.Config.Exec.Package,
		Filename:        filepath.Join(data.Config.Exec.Dir(), name),
		Data:            g,
		GeneratedHeader: true,
		Packages:        data.Config.Packages,
		Template:        template,
		Funcs:           map[string]any{"field": g.field, "model": model, "runtime": func() string { return runtime }},
		PruneOptions:    data.Config.GetPruneOptions(),
	})
	if err == nil && p.Report != nil {
		slices.Sort(g.foreign)
		_, err = fmt.Fprintf(p.Report, "breadth: left to gqlgen: %s\n", strings.Join(g.foreign, " "))
	}
	return err
}

// generator makes the tables' text.
type generator struct {
	*codegen.Data
	Tables    []*codegen.Object
	Abstracts []*codegen.Interface
	tables    map[string]bool
	foreign   []string
}

func newGenerator(data *codegen.Data) *generator {
	g := &generator{Data: data, tables: map[string]bool{}}
	for _, o := range data.Objects {
		if strings.HasPrefix(o.Name, "__") || o.Stream || !o.Root && !isStruct(o.Type) && !isInterface(o.Type) {
			continue
		}
		g.Tables = append(g.Tables, o)
		g.tables[o.Name] = true
	}
	for _, i := range data.Interfaces {
		if !strings.HasPrefix(i.Name, "__") && g.abstract(i) {
			g.Abstracts = append(g.Abstracts, i)
		}
	}
	slices.SortFunc(g.Abstracts, func(a, b *codegen.Interface) int { return strings.Compare(a.Name, b.Name) })
	return g
}

// abstract tells whether all possible types have tables.
func (g *generator) abstract(i *codegen.Interface) bool {
	return i != nil && !slices.ContainsFunc(i.Implementors, func(t codegen.InterfaceImplementor) bool {
		if t.Kind == ast.Object {
			return !g.tables[t.Name]
		}
		return !g.abstract(g.Interfaces[t.Name])
	})
}

// checkPlain fails on resolvers of one parent at places where there can be many.
func (g *generator) checkPlain(allowed []string) error {
	if slices.Contains(allowed, "*") {
		return nil
	}
	var wrong []string
	many := g.many()
	for _, o := range g.Objects {
		for _, f := range o.Fields {
			name := o.Name + "." + f.Name
			if many[o.Name] && f.IsResolver && !f.IsBatch() && !slices.Contains(allowed, name) {
				wrong = append(wrong, name)
			}
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("these resolvers take one parent at a time, and can be asked for many; make them batch resolvers, or name them as plain: %s",
			strings.Join(wrong, ", "))
	}
	return nil
}

// many are the object types of which one answer can hold many: those in lists,
// and those below them.
func (g *generator) many() map[string]bool {
	many := map[string]bool{}
	var mark func(name string)
	mark = func(name string) {
		for _, t := range g.Schema.GetPossibleTypes(g.Schema.Types[name]) {
			if many[t.Name] {
				continue
			}
			many[t.Name] = true
			for _, f := range t.Fields {
				mark(f.Type.Name())
			}
		}
	}
	for _, o := range g.Objects {
		for _, f := range o.Fields {
			if f.Type.Elem != nil && !o.IsReserved() {
				mark(f.Type.Name())
			}
		}
	}
	return many
}
