package neo4jstore

import (
	"strings"

	"casegraph"
)

// A node's flattened attributes stand in properties that begin with value, or
// with list for a list, so that no comparison ever meets the wrong one. Numbers
// are kept as 64-bit floats, because that is how filters compare them.
const (
	valuePrefix = "v."
	listPrefix  = "l."
)

// flatten adds the properties that filters look at.
func flatten(properties map[string]any, flat map[string]any) {
	for path, value := range flat {
		if !reachable(path) {
			continue
		}
		if list, ok := value.([]any); ok {
			properties[listPrefix+path] = floats(list)
		} else {
			properties[valuePrefix+path] = float(value)
		}
	}
}

// reachable leaves out paths that a filter can't name; Neo4j could not name
// some of them either.
func reachable(path string) bool {
	f := casegraph.Filter{Path: path, Op: casegraph.OpExists, Value: true}
	return f.Check() == nil && strings.ToValidUTF8(path, "") == path
}

// float is a number as a float64; other values stay.
func float(value any) any {
	switch value := value.(type) {
	case int64:
		return float64(value)
	case float64:
		return value + 0 // of two zeros, the one without a sign
	}
	return value
}

func floats(list []any) []any {
	all := make([]any, len(list))
	for i, value := range list {
		all[i] = float(value)
	}
	return all
}
