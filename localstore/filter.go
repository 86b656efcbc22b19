package localstore

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"casegraph"
)

// where is a condition on nodes n that holds exactly where the filter does.
// Every comparison is true or false, never null, so that NOT is its opposite.
func where(f *casegraph.Filter, args *[]any) string {
	if f.IsZero() {
		return "1"
	}
	var all []string
	if f.Path != "" {
		all = append(all, "("+comparison(f, args)+") IS TRUE")
	}
	for i := range f.And {
		all = append(all, where(&f.And[i], args))
	}
	if len(f.Or) > 0 {
		var some []string
		for i := range f.Or {
			some = append(some, where(&f.Or[i], args))
		}
		all = append(all, "("+strings.Join(some, " OR ")+")")
	}
	if f.Not != nil {
		all = append(all, "NOT "+where(f.Not, args))
	}
	return "(" + strings.Join(all, " AND ") + ")"
}

func comparison(f *casegraph.Filter, args *[]any) string {
	switch f.Path {
	case "id":
		return headed("n.id", "text", f, args)
	case "version":
		return headed("n.version", "number", f, args)
	case "createdAt":
		return headed("n.created", "number", f, args)
	case "updatedAt":
		return headed("n.updated", "number", f, args)
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
		return text(kind, value) + " AND substr(" + value + ", 1, length(?)) = ?"
	case casegraph.OpContains:
		*args = append(*args, f.Value)
		return text(kind, value) + " AND instr(" + value + ", ?) > 0"
	}
	return compare(kind, value, string(f.Op), f.Value, args)
}

// attributeAt is where an attribute lies, its value and its type. Checked paths hold no
// quotes, so they can stand in the text.
func attributeAt(attribute string) (path, value, kind string) {
	path = `'$."` + strings.Join(strings.Split(attribute, "."), `"."`) + `"'`
	return path, "json_extract(n.data, " + path + ")", "json_type(n.data, " + path + ")"
}

// compare compares values of one type alone.
func compare(kind, value, op string, with any, args *[]any) string {
	switch with := with.(type) {
	case bool:
		return fmt.Sprintf("%s = '%t'", kind, with)
	case string:
		*args = append(*args, with)
		return "(" + text(kind, value) + " AND " + value + " " + op + " ?)"
	default:
		*args = append(*args, with)
		return "(" + kind + " IN ('integer', 'real') AND " + value + " " + op + " ?)"
	}
}

// among compares with each of a list. A thousand ids are one argument, not a
// thousand comparisons, which SQLite would refuse.
func among(kind, value string, with []any, args *[]any) string {
	var texts, numbers []any
	some := []string{"0"}
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
			some = append(some, "("+condition+" AND "+value+" IN (SELECT value FROM json_each(?)))")
		}
	}
	list(text(kind, value), texts)
	list(kind+" IN ('integer', 'real')", numbers)
	return strings.Join(some, " OR ")
}

// text is a text that filters reach.
func text(kind, value string) string {
	return kind + " = 'text' AND octet_length(" + value + ") <= 1000"
}

// listed is a list of scalars of one type.
func listed(path string) string {
	return fmt.Sprintf(`(SELECT count(*) > 0 AND min(t) = max(t) AND min(t) <> 'other' FROM (SELECT CASE
		WHEN type = 'text' AND octet_length(value) <= 1000 THEN 'text' WHEN type IN ('true', 'false') THEN 'bool'
		WHEN type IN ('integer', 'real') THEN type ELSE 'other' END AS t FROM json_each(n.data, %[1]s)))
		AND json_type(n.data, %[1]s) = 'array'`, path)
}

func exists(path, kind, value string, want bool) string {
	there := fmt.Sprintf("(coalesce(%s IN ('integer', 'real', 'true', 'false'), 0) OR coalesce(%s, 0) OR coalesce(%s, 0))",
		kind, text(kind, value), listed(path))
	if want {
		return there
	}
	return "NOT " + there
}

// headed compares what every node has.
func headed(column, kind string, f *casegraph.Filter, args *[]any) string {
	kind = map[string]string{"text": "'text'", "number": "'integer'"}[kind]
	switch f.Op {
	case casegraph.OpExists:
		return fmt.Sprint(f.Value.(bool))
	case casegraph.OpHas:
		return "0"
	case casegraph.OpIn:
		return among(kind, column, f.Value.([]any), args)
	case casegraph.OpPrefix:
		*args = append(*args, f.Value, f.Value)
		return kind + " = 'text' AND substr(" + column + ", 1, length(?)) = ?"
	case casegraph.OpContains:
		*args = append(*args, f.Value)
		return kind + " = 'text' AND instr(" + column + ", ?) > 0"
	}
	return compare(kind, column, string(f.Op), f.Value, args)
}
