package api

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"casegraph"
)

// The conditions on an attribute. Each field is a comparison, called as in the
// schema; those that are given must all hold.

// TextFilter is a condition on a text.
type TextFilter struct {
	Eq                   *string
	In                   []string
	Lt, Lte, Gt, Gte     *string
	StartsWith, Contains *string
	Exists               *bool
}

// IdFilter is a condition on an id.
type IdFilter struct {
	Eq     *casegraph.ID
	In     []casegraph.ID
	Exists *bool
}

// TimeFilter is a condition on a time.
type TimeFilter struct {
	Eq               *casegraph.Time
	In               []casegraph.Time
	Lt, Lte, Gt, Gte *casegraph.Time
	Exists           *bool
}

// DecimalFilter is a condition on an amount.
type DecimalFilter struct {
	Eq               *casegraph.Decimal
	In               []casegraph.Decimal
	Lt, Lte, Gt, Gte *casegraph.Decimal
	Exists           *bool
}

// IntFilter is a condition on a whole number.
type IntFilter struct {
	Eq               *int64
	In               []int64
	Lt, Lte, Gt, Gte *int64
	Exists           *bool
}

// TagFilter is a condition on labels.
type TagFilter struct {
	Has            *string
	HasAny, HasAll []string
	Exists         *bool
}

// FieldFilter is a condition on what lies in fields.
type FieldFilter struct {
	Path                 FieldPath
	Eq, Has              *Scalar
	Lt, Lte, Gt, Gte     *Ordered
	In                   []Scalar
	Contains, StartsWith *string
	Exists               *bool
}

// RiskFilter is a condition on a risk mark.
type RiskFilter struct {
	Level         []casegraph.RiskLevel
	Reason        *TextFilter
	ByID          *IdFilter `filter:"by"`
	At, ExpiresAt *TimeFilter
	Exists        *bool `filter:"at,exists"`
}

var comparisons = map[string]casegraph.Op{
	"Eq": casegraph.OpEq, "In": casegraph.OpIn, "Lt": casegraph.OpLt, "Lte": casegraph.OpLte, "Gt": casegraph.OpGt, "Gte": casegraph.OpGte,
	"Has": casegraph.OpHas, "Contains": casegraph.OpContains, "StartsWith": casegraph.OpPrefix, "Exists": casegraph.OpExists,
}

// The tags of a noun's filter say where its attributes lie, where their names
// do not, and what a truth value means.
const (
	flagged  = "flag"   // it is not stored where it is false
	existing = "exists" // whether the attribute is there
)

// filterOf reads a noun's filter by the types of its fields; nil holds for every
// node. And, Or and Not are combinations of the same noun's.
func filterOf(filter any) casegraph.Filter {
	var all []casegraph.Filter
	if v := reflect.ValueOf(filter); !v.IsNil() {
		all = conditions(all, "", v.Elem())
	}
	return casegraph.Filter{And: all}
}

// none holds for nothing.
var none = casegraph.Filter{Path: "id", Op: casegraph.OpExists, Value: false}

func conditions(all []casegraph.Filter, prefix string, filter reflect.Value) []casegraph.Filter {
	for _, f := range partsOf(filter.Type()) {
		given := filter.FieldByIndex(f.index)
		if given.IsZero() { // an empty list is given
			continue
		}
		switch value := given.Interface().(type) {
		case *TextFilter, *IdFilter, *TimeFilter, *DecimalFilter, *IntFilter, *TagFilter:
			all = compare(all, prefix+f.path, given.Elem())
		case *RiskFilter:
			all = conditions(all, "risk.", given.Elem())
		case []*FieldFilter:
			for _, field := range value {
				all = field.conditions(all)
			}
		case *bool:
			all = append(all, truth(prefix+f.path, f.means, *value))
		case *string: // of a list
			all = append(all, casegraph.Filter{Path: prefix + f.path, Op: casegraph.OpHas, Value: *value})
		case *ConnectedTo:
			all = append(all, value.condition())
		case *SharesIdentifier:
			all = append(all, value.condition())
		case []*DegreeFilter:
			for _, degree := range value {
				all = append(all, degree.condition())
			}
		case *HasRelatedCase:
			all = append(all, value.condition())
		default:
			all = combine(all, f.name, prefix+f.path, given)
		}
	}
	return all
}

// combine adds filters of the same noun, or a choice of an enum's values.
func combine(all []casegraph.Filter, name, path string, given reflect.Value) []casegraph.Filter {
	switch name {
	case "Not":
		part := filterOf(given.Interface())
		return append(all, casegraph.Filter{Not: &part})
	case "And", "Or":
		parts := make([]casegraph.Filter, given.Len())
		for i := range parts {
			parts[i] = filterOf(given.Index(i).Interface())
		}
		if name == "And" {
			return append(all, parts...)
		}
		return append(all, anyOf(parts))
	}
	return append(all, casegraph.Filter{Path: path, Op: casegraph.OpIn, Value: values(given)})
}

// compare adds the comparisons of an attribute that are given.
func compare(all []casegraph.Filter, path string, filter reflect.Value) []casegraph.Filter {
	for i := range filter.NumField() {
		given := filter.Field(i)
		if given.IsZero() {
			continue
		}
		switch name := filter.Type().Field(i).Name; name {
		case "Path":
		case "HasAny", "HasAll":
			parts := make([]casegraph.Filter, given.Len())
			for i := range parts {
				parts[i] = casegraph.Filter{Path: path, Op: casegraph.OpHas, Value: given.Index(i).String()}
			}
			if name == "HasAll" {
				all = append(all, parts...)
			} else {
				all = append(all, anyOf(parts))
			}
		case "In":
			all = append(all, casegraph.Filter{Path: path, Op: casegraph.OpIn, Value: values(given)})
		default:
			all = append(all, casegraph.Filter{Path: path, Op: comparisons[name], Value: value(given.Elem())})
		}
	}
	return all
}

// conditions of a path alone are that something is there.
func (f *FieldFilter) conditions(all []casegraph.Filter) []casegraph.Filter {
	path, before := fieldsPrefix+string(f.Path), len(all)
	all = compare(all, path, reflect.ValueOf(f).Elem())
	if len(all) == before {
		all = append(all, casegraph.Filter{Path: path, Op: casegraph.OpExists, Value: true})
	}
	return all
}

func anyOf(parts []casegraph.Filter) casegraph.Filter {
	if len(parts) == 0 {
		return none
	}
	return casegraph.Filter{Or: parts}
}

func truth(path, means string, want bool) casegraph.Filter {
	switch {
	case means == existing:
		return casegraph.Filter{Path: path, Op: casegraph.OpExists, Value: want}
	case means == flagged && !want:
		return casegraph.Filter{Not: &casegraph.Filter{Path: path, Op: casegraph.OpEq, Value: true}}
	}
	return casegraph.Filter{Path: path, Op: casegraph.OpEq, Value: want}
}

func values(list reflect.Value) []any {
	all := make([]any, list.Len())
	for i := range all {
		all[i] = value(list.Index(i))
	}
	return all
}

// value is an input's value as stores compare it.
func value(v reflect.Value) any {
	switch given := v.Interface().(type) {
	case casegraph.Decimal:
		return given.Float()
	case Scalar:
		return given.Value
	case Ordered:
		return given.Value
	}
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Int64:
		return v.Int()
	case reflect.Bool:
		return v.Bool()
	}
	panic(fmt.Sprintf("api: no attribute is compared with %s", v.Type()))
}

// part is one field of a noun's filter.
type part struct {
	name, path, means string
	index             []int
}

var parts sync.Map // of reflect.Type: []part

func partsOf(t reflect.Type) []part {
	if known, ok := parts.Load(t); ok {
		return known.([]part)
	}
	var all []part
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous {
			continue
		}
		path, means, _ := strings.Cut(f.Tag.Get("filter"), ",")
		if path == "" {
			path = attribute(f.Name)
		}
		all = append(all, part{name: f.Name, path: path, means: means, index: f.Index})
	}
	// Cursors stay as they are if fields change places.
	slices.SortStableFunc(all, func(a, b part) int { return strings.Compare(a.name, b.name) })
	parts.Store(t, all)
	return all
}

// attribute is a field's name as it stands in a node's JSON.
func attribute(name string) string {
	if id, cut := strings.CutSuffix(name, "ID"); cut {
		name = id + "Id"
	}
	if name == "IP" || name == "Id" {
		return strings.ToLower(name)
	}
	return strings.ToLower(name[:1]) + name[1:]
}
