package casegraph

import (
	"fmt"
	"slices"
	"strings"
)

// Op compares an attribute with a value.
type Op string

// The comparisons. All are false where the node has no such attribute, or one
// of another type. Text compares by code points.
const (
	OpEq       Op = "="
	OpIn       Op = "in" // the value is a list
	OpLt       Op = "<"
	OpLte      Op = "<="
	OpGt       Op = ">"
	OpGte      Op = ">="
	OpHas      Op = "has"      // the attribute is a list that holds the value
	OpPrefix   Op = "prefix"   // text begins with the value
	OpContains Op = "contains" // text holds the value
	OpExists   Op = "exists"   // the value is true or false
)

// Filter is a tree of conditions. The zero Filter holds for every node. One
// Filter is either a comparison (Path is set) or a combination; And, Or and
// Not given together must all hold.
//
// Not is the plain opposite: it holds wherever the condition within does not,
// also where the attribute is missing.
type Filter struct {
	And []Filter
	Or  []Filter
	Not *Filter

	// Path is an attribute's name in the node's JSON, dotted for what lies
	// deeper: "status", "fields.name.first". Besides: "id", "version",
	// "createdAt" and "updatedAt".
	Path string
	Op   Op
	// Value is a string, int64, float64 or bool; for OpIn a []any of them.
	Value any

	// Graph is a condition on the graph, which must be turned into ids before a
	// store is asked.
	Graph *GraphCondition
}

// IsZero tells whether the filter holds for every node.
func (f *Filter) IsZero() bool {
	return f == nil || (f.Path == "" && len(f.And) == 0 && len(f.Or) == 0 && f.Not == nil && f.Graph == nil)
}

// Bounds of a filter. Neo4j takes minutes to plan one that nests a hundred deep.
const (
	MaxFilterCost   = 300
	MaxFilterDepth  = 24
	MaxFilterPath   = 200 // bytes
	MaxFilterValues = 1000
	// What a condition on the graph costs: as much as the ids that it becomes,
	// and the calls that find them.
	graphCost = 15
	// How many values of OpIn cost 1.
	valuesPerCost = 100
)

// Cost is what asking costs: each comparison and each combination 1, a list
// of values 1 more for each 100, a condition on the graph 15.
func (f *Filter) Cost() int {
	if f.IsZero() {
		return 0
	}
	cost := 1
	if values, ok := f.Value.([]any); ok {
		cost += len(values) / valuesPerCost
	}
	if f.Graph != nil {
		cost += graphCost - 1
	}
	for _, parts := range [][]Filter{f.And, f.Or} {
		for i := range parts {
			cost += parts[i].Cost()
		}
	}
	return cost + f.Not.Cost()
}

// Check refuses a filter that is malformed or out of bounds, or that no store
// can answer as it stands.
func (f *Filter) Check() error {
	if f.AsksGraph() {
		return BadInput("filter: conditions on the graph can be asked of lists alone")
	}
	return f.CheckAsked()
}

// CheckAsked is the same of a filter that may have conditions on the graph.
func (f *Filter) CheckAsked() error {
	if cost := f.Cost(); cost > MaxFilterCost {
		return BadInput("filter: costs %d and at most %d is allowed: give fewer conditions", cost, MaxFilterCost)
	}
	return f.check(1)
}

func (f *Filter) check(depth int) error {
	if f.IsZero() {
		return nil
	}
	if depth > MaxFilterDepth {
		return BadInput("filter: nests more than %d deep", MaxFilterDepth)
	}
	if f.Path != "" {
		if err := f.checkComparison(); err != nil {
			return err
		}
	}
	if f.Graph != nil {
		if err := f.Graph.Check(); err != nil {
			return err
		}
	}
	for _, parts := range [][]Filter{f.And, f.Or} {
		for i := range parts {
			if err := parts[i].check(depth + 1); err != nil {
				return err
			}
		}
	}
	if f.Not != nil {
		return f.Not.check(depth + 1)
	}
	return nil
}

func (f *Filter) checkComparison() error {
	if len(f.Path) > MaxFilterPath || strings.ContainsAny(f.Path, "\"`'\\\x00") || slices.Contains(strings.Split(f.Path, "."), "") {
		return BadInput("filter: %.50q is no path of an attribute", f.Path)
	}
	values := []any{f.Value}
	if f.Op == OpIn {
		list, ok := f.Value.([]any)
		if !ok || len(list) > MaxFilterValues {
			return BadInput("filter: %s in: a list of at most %d values", f.Path, MaxFilterValues)
		}
		values = list
	}
	for _, value := range values {
		switch value.(type) {
		case string, int64, float64:
		case bool:
			if !slices.Contains([]Op{OpEq, OpIn, OpHas, OpExists}, f.Op) {
				return BadInput("filter: %s: truth values have no order", f.Path)
			}
		default:
			return BadInput("filter: %s: a text, a number or a truth value", f.Path)
		}
	}
	switch f.Op {
	case OpEq, OpIn, OpLt, OpLte, OpGt, OpGte, OpHas:
		return nil
	case OpPrefix, OpContains:
		if _, ok := f.Value.(string); ok {
			return nil
		}
	case OpExists:
		if _, ok := f.Value.(bool); ok {
			return nil
		}
	}
	return BadInput("filter: %s: %s can't take %v", f.Path, f.Op, f.Value)
}

// demanded are the comparisons that must hold whatever else does.
func (f *Filter) demanded() (all []*Filter) {
	if f.Path != "" {
		all = append(all, f)
	}
	for i := range f.And {
		all = append(all, f.And[i].demanded()...)
	}
	return all
}

// Matches tells whether the filter holds for a node: what every store's own
// way of asking must agree with.
func (f *Filter) Matches(n Node) bool {
	record, err := Encode(n)
	if err != nil {
		return false
	}
	flat := Flatten(record.Data)
	if flat == nil {
		flat = map[string]any{}
	}
	flat["id"], flat["version"] = string(record.ID), record.Version
	flat["createdAt"], flat["updatedAt"] = int64(record.CreatedAt), int64(record.UpdatedAt)
	return f.matches(flat)
}

func (f *Filter) matches(flat map[string]any) bool {
	if f.IsZero() {
		return true
	}
	if f.Path != "" && !f.compare(flat[f.Path]) {
		return false
	}
	for i := range f.And {
		if !f.And[i].matches(flat) {
			return false
		}
	}
	if len(f.Or) > 0 && !slices.ContainsFunc(f.Or, func(part Filter) bool { return part.matches(flat) }) {
		return false
	}
	return f.Not == nil || !f.Not.matches(flat)
}

func (f *Filter) compare(have any) bool {
	list, isList := have.([]any)
	text, isText := have.(string)
	want, _ := f.Value.(string)
	switch f.Op {
	case OpExists:
		return (have != nil) == f.Value.(bool)
	case OpHas:
		return isList && slices.ContainsFunc(list, func(v any) bool { return order(v, f.Value) == 0 })
	case OpIn:
		return !isList && slices.ContainsFunc(f.Value.([]any), func(v any) bool { return order(have, v) == 0 })
	case OpPrefix:
		return isText && strings.HasPrefix(text, want)
	case OpContains:
		return isText && strings.Contains(text, want)
	}
	switch o := order(have, f.Value); f.Op {
	case OpEq:
		return o == 0
	case OpLt:
		return o == -1
	case OpLte:
		return o == -1 || o == 0
	case OpGt:
		return o == 1
	case OpGte:
		return o == 1 || o == 0
	}
	panic(fmt.Sprintf("filter: unknown comparison %q", f.Op))
}

// order is -1, 0 or 1, or 2 where the two can't be compared.
func order(a, b any) int {
	switch a := a.(type) {
	case string:
		if b, ok := b.(string); ok {
			return strings.Compare(a, b)
		}
	case bool:
		if b, ok := b.(bool); ok && a == b {
			return 0
		}
	case int64, float64:
		x, y, ok := numbers(a, b)
		switch {
		case !ok:
		case x < y:
			return -1
		case x > y:
			return 1
		default:
			return 0
		}
	}
	return 2
}

func numbers(a, b any) (x, y float64, ok bool) {
	x, okX := number(a)
	y, okY := number(b)
	return x, y, okX && okY
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// AsksFields tells whether the filter compares fields.
func (f *Filter) AsksFields() bool {
	if f == nil {
		return false
	}
	asks := func(part Filter) bool { return part.AsksFields() }
	return strings.HasPrefix(f.Path, "fields.") || slices.ContainsFunc(f.And, asks) || slices.ContainsFunc(f.Or, asks) || f.Not.AsksFields()
}
