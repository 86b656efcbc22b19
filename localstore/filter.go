package localstore

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"casegraph"
)

// where is a condition on nodes n that holds exactly where the filter does.
// Elsewhere it is false or null; within a NOT, where that makes a difference, it
// is never null.
func where(f *casegraph.Filter, args *[]any) string { return condition(f, args, false) }

func condition(f *casegraph.Filter, args *[]any, denied bool) string {
	if f.IsZero() {
		return "1"
	}
	var all []string
	switch {
	case f.Path != "" && denied:
		all = append(all, "("+comparison(f, args)+") IS TRUE")
	case f.Path != "": // plain, for the indexes
		all = append(all, "("+comparison(f, args)+")")
	}
	for i := range f.And {
		all = append(all, condition(&f.And[i], args, denied))
	}
	if len(f.Or) > 0 {
		var some []string
		for i := range f.Or {
			some = append(some, condition(&f.Or[i], args, denied))
		}
		all = append(all, "("+strings.Join(some, " OR ")+")")
	}
	if f.Not != nil {
		all = append(all, "NOT "+condition(f.Not, args, true))
	}
	return "(" + strings.Join(all, " AND ") + ")"
}

// typed are the attributes that have one type wherever they are, as the indexes
// hold them.
var typed = map[string]struct{ value, kind string }{
	"id":           {"n.id", "'text'"},
	"version":      {"n.version", "'integer'"},
	"createdAt":    {"n.created", "'integer'"},
	"updatedAt":    {"n.updated", "'integer'"},
	"queueId":      {"n.data ->> '$.queueId'", "'text'"},
	"assigneeId":   {"n.data ->> '$.assigneeId'", "'text'"},
	"resolvedAt":   {"n.data ->> '$.resolvedAt'", "'integer'"},
	"snooze.at":    {"n.data ->> '$.snooze.at'", "'integer'"},
	"snooze.until": {"n.data ->> '$.snooze.until'", "'integer'"},
	"dueAt":        {fmt.Sprintf("nullif(n.due, %d)", casegraph.Never), "'integer'"},
}

func comparison(f *casegraph.Filter, args *[]any) string {
	if t, ok := typed[f.Path]; ok {
		return comparedTyped(t.value, t.kind, f, args)
	}
	path, value, kind := attributeAt(f.Path)
	switch f.Op {
	case casegraph.OpExists:
		return exists(path, kind, value, f.Value.(bool))
	case casegraph.OpHas:
		return listed(path) + fmt.Sprintf(" AND EXISTS (SELECT 1 FROM json_each(n.data, %s) e WHERE %s)", path,
			compare("e.type", "e.value", "=", f.Value, args))
	case casegraph.OpIn:
		return among(kind, value, f.Value.([]any), args)
	case casegraph.OpPrefix:
		*args = append(*args, f.Value, f.Value)
		return "substr(" + value + ", 1, length(?)) = ? AND " + text(kind, value)
	case casegraph.OpContains:
		*args = append(*args, f.Value)
		return "instr(" + value + ", ?) > 0 AND " + text(kind, value)
	}
	return compare(kind, value, string(f.Op), f.Value, args)
}

// attributeAt is where an attribute lies, its value and its type. Checked paths hold no
// quotes, so they can stand in the text.
func attributeAt(attribute string) (path, value, kind string) {
	path = `'$."` + strings.Join(strings.Split(attribute, "."), `"."`) + `"'`
	return path, "json_extract(n.data, " + path + ")", "json_type(n.data, " + path + ")"
}

// compare compares values of one type alone. The type is looked at last: most
// nodes differ by the value already, and each look reads the node's JSON.
func compare(kind, value, op string, with any, args *[]any) string {
	switch with := with.(type) {
	case bool:
		return fmt.Sprintf("%s = '%t'", kind, with)
	case string:
		*args = append(*args, with)
		return "(" + value + " " + op + " ? AND " + text(kind, value) + ")"
	default:
		*args = append(*args, with)
		return "(" + value + " " + op + " ? AND " + kind + " IN ('integer', 'real'))"
	}
}

// among compares with each of a list. A thousand ids are one argument, not a
// thousand comparisons, which SQLite would refuse.
func among(kind, value string, with []any, args *[]any) string {
	var texts, numbers []any
	var some []string
	for _, v := range with {
		switch v := v.(type) {
		case string:
			texts = append(texts, v)
		case bool:
			if same := compare(kind, value, "=", v, args); !slices.Contains(some, same) {
				some = append(some, same)
			}
		default:
			numbers = append(numbers, v)
		}
	}
	list := func(condition string, values []any) {
		if len(values) > 0 {
			text, _ := json.Marshal(values) // checked values always encode
			*args = append(*args, string(text))
			some = append(some, "("+value+" IN (SELECT value FROM json_each(?)) AND "+condition+")")
		}
	}
	list(text(kind, value), texts)
	list(kind+" IN ('integer', 'real')", numbers)
	if len(some) == 0 {
		return "0"
	}
	return strings.Join(some, " OR ")
}

// text is a text that filters reach.
func text(kind, value string) string {
	return kind + " = 'text' AND octet_length(" + value + ") <= 1000"
}

// listed is a list of scalars of one type.
func listed(path string) string {
	return fmt.Sprintf(`CASE json_type(n.data, %[1]s) WHEN 'array' THEN (SELECT count(*) > 0 AND min(t) = max(t) AND min(t) <> 'other' FROM (SELECT CASE
		WHEN type = 'text' AND octet_length(value) <= 1000 THEN 'text' WHEN type IN ('true', 'false') THEN 'bool'
		WHEN type IN ('integer', 'real') THEN type ELSE 'other' END AS t FROM json_each(n.data, %[1]s))) ELSE 0 END`, path)
}

func exists(path, kind, value string, want bool) string {
	there := fmt.Sprintf("CASE %s WHEN 'integer' THEN 1 WHEN 'real' THEN 1 WHEN 'true' THEN 1 WHEN 'false' THEN 1 WHEN 'text' THEN octet_length(%s) <= 1000 WHEN 'array' THEN %s ELSE 0 END",
		kind, value, listed(path))
	if want {
		return there
	}
	return "NOT " + there
}

// comparedTyped compares an attribute whose type is known.
func comparedTyped(value, kind string, f *casegraph.Filter, args *[]any) string {
	switch f.Op {
	case casegraph.OpExists:
		if f.Value.(bool) {
			return value + " IS NOT NULL"
		}
		return value + " IS NULL"
	case casegraph.OpHas:
		return "0"
	case casegraph.OpIn:
		return among(kind, value, f.Value.([]any), args)
	case casegraph.OpPrefix:
		*args = append(*args, f.Value, f.Value)
		return kind + " = 'text' AND substr(" + value + ", 1, length(?)) = ?"
	case casegraph.OpContains:
		*args = append(*args, f.Value)
		return kind + " = 'text' AND instr(" + value + ", ?) > 0"
	}
	return compare(kind, value, string(f.Op), f.Value, args)
}
