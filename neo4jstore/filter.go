package neo4jstore

import (
	"fmt"
	"slices"
	"strings"

	"casegraph"
)

// where gathers the parameters of conditions on a node n.
type where struct{ params map[string]any }

// param adds a parameter and gives its name in the text. Names go by their
// order, so that filters of the same shape give the same text.
func (w *where) param(value any) string {
	name := fmt.Sprintf("f%d", len(w.params))
	w.params[name] = value
	return "$" + name
}

// filter is the condition under which the filter holds: true or false, never
// null, so that NOT is the plain opposite.
func (w *where) filter(f *casegraph.Filter) string {
	if f.IsZero() {
		return "true"
	}
	var all []string
	if f.Path != "" {
		all = append(all, w.comparison(f))
	}
	for i := range f.And {
		all = append(all, w.filter(&f.And[i]))
	}
	if len(f.Or) > 0 {
		var any []string
		for i := range f.Or {
			any = append(any, w.filter(&f.Or[i]))
		}
		// An OR would have the planner go each part's own way, once more through all.
		all = append(all, "CASE WHEN "+strings.Join(any, " THEN true WHEN ")+" THEN true ELSE false END")
	}
	if f.Not != nil {
		all = append(all, "NOT "+w.filter(f.Not))
	}
	return "(" + strings.Join(all, " AND ") + ")"
}

var operators = map[casegraph.Op]string{
	casegraph.OpEq: "=", casegraph.OpIn: "IN", casegraph.OpLt: "<", casegraph.OpLte: "<=", casegraph.OpGt: ">",
	casegraph.OpGte: ">=", casegraph.OpPrefix: "STARTS WITH", casegraph.OpContains: "CONTAINS",
}

// plainPaths are what all that waits in queues is asked about, and are never
// lists. A property that the text names is read at a fraction of the cost.
var plainPaths = []string{"queueId", "assigneeId", "resolvedAt", "dueAt", "snooze.at", "snooze.until"}

// comparison compares a flattened attribute. A caller's name of one is a
// parameter, so that no text of a caller's becomes part of the statement. Neo4j
// gives null where the attribute is missing or has another type.
func (w *where) comparison(f *casegraph.Filter) string {
	switch f.Path {
	case "id", "version", "createdAt", "updatedAt":
		return w.fixed(f)
	}
	value := "n[" + w.param(valuePrefix+f.Path) + "]"
	if slices.Contains(plainPaths, f.Path) {
		value = "n.`" + valuePrefix + f.Path + "`"
		if f.Op == casegraph.OpExists {
			return value + map[any]string{true: " IS NOT NULL", false: " IS NULL"}[f.Value]
		}
	}
	switch f.Op {
	case casegraph.OpExists:
		exists := fmt.Sprintf("(%s IS NOT NULL OR n[%s] IS NOT NULL)", value, w.param(listPrefix+f.Path))
		if f.Value == false {
			return "NOT " + exists
		}
		return exists
	case casegraph.OpHas:
		return fmt.Sprintf("coalesce(%s IN n[%s], false)", w.param(float(f.Value)), w.param(listPrefix+f.Path))
	case casegraph.OpIn:
		return fmt.Sprintf("coalesce(%s IN %s, false)", value, w.param(floats(f.Value.([]any))))
	}
	condition := fmt.Sprintf("%s %s %s", value, operators[f.Op], w.param(float(f.Value)))
	if text, ok := f.Value.(string); ok && strings.ContainsAny(string(f.Op), "<>") {
		condition += w.corrections(value, text)
	}
	return "coalesce(" + condition + ", false)"
}

// corrections turn the outcome of an ordering comparison round where it is
// wrong. Neo4j orders a stored text and a parameter by their UTF-16 units:
// characters past U+FFFF come before those from U+E000 on. So it errs where the
// two texts differ first in one of the former and one of the latter.
func (w *where) corrections(value, than string) string {
	var all strings.Builder
	for i, c := range than {
		before := than[:i]
		var other string
		switch {
		case c < 0xE000:
			continue
		case c <= 0xFFFF:
			other = fmt.Sprintf("%s >= %s AND %s < %s", value, w.param(before+"\U00010000"), value, w.param(before+"\uE000"))
		default:
			other = fmt.Sprintf("%s >= %s", value, w.param(before+"\uE000"))
		}
		fmt.Fprintf(&all, " XOR (%s STARTS WITH %s AND %s)", value, w.param(before), other)
	}
	return all.String()
}

// ordersPlainly tells whether any stored text compares rightly with this one.
func ordersPlainly(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return c >= 0xE000 })
}

// fixed compares an attribute that every node has and that has one type, which
// is known here; so the condition is never null and may use an index. What is
// known to be false is a parameter all the same: a statement that can find
// nothing refuses the index that it is told to use.
func (w *where) fixed(f *casegraph.Filter) string {
	comparable := func(v any) bool {
		_, isText := v.(string)
		_, isTruth := v.(bool)
		return !isTruth && isText == (f.Path == "id")
	}
	value := f.Value
	switch f.Op {
	case casegraph.OpExists:
		return w.param(f.Value)
	case casegraph.OpHas:
		return w.param(false)
	case casegraph.OpPrefix, casegraph.OpContains:
		if f.Path != "id" {
			return w.param(false)
		}
	case casegraph.OpIn:
		value = slices.DeleteFunc(slices.Clone(f.Value.([]any)), func(v any) bool { return !comparable(v) })
	default:
		if !comparable(f.Value) {
			return w.param(false)
		}
	}
	return fmt.Sprintf("n.%s %s %s", f.Path, operators[f.Op], w.param(value))
}
