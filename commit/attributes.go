package commit

import (
	"bytes"
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"

	"casegraph"
)

// attribute is one JSON member of a type of node.
type attribute struct {
	name      string
	index     []int
	omitEmpty bool
}

var attributes sync.Map // of reflect.Type: []attribute, sorted by name

func attributesOf(t reflect.Type) []attribute {
	if known, ok := attributes.Load(t); ok {
		return known.([]attribute)
	}
	var all []attribute
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "-" || !f.IsExported() {
			continue
		}
		all = append(all, attribute{name: cmp.Or(name, f.Name), index: f.Index, omitEmpty: options == "omitempty"})
	}
	slices.SortFunc(all, func(a, b attribute) int { return strings.Compare(a.name, b.name) })
	attributes.Store(t, all)
	return all
}

// Differences are the attributes, and the fields one level down, that differ
// between two nodes of one kind.
func Differences(was, is casegraph.Node) ([]casegraph.FieldChange, error) {
	before, after := reflect.ValueOf(was).Elem(), reflect.ValueOf(is).Elem()
	var changes []casegraph.FieldChange
	for _, a := range attributesOf(before.Type()) {
		old, new := before.FieldByIndex(a.index), after.FieldByIndex(a.index)
		if old.Comparable() && old.Equal(new) {
			continue
		}
		from, err := a.encode(old)
		if err != nil {
			return nil, err
		}
		to, err := a.encode(new)
		if err != nil {
			return nil, err
		}
		switch {
		case bytes.Equal(from, to):
		case a.name == "fields":
			changes = compareObjects(changes, "fields.", from, to)
		default:
			changes = append(changes, casegraph.FieldChange{Path: a.name, Before: from, After: to})
		}
	}
	return changes, nil
}

// encode is the attribute's JSON, or nil where it is left out.
func (a *attribute) encode(v reflect.Value) (json.RawMessage, error) {
	if a.omitEmpty && (v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0) {
		return nil, nil
	}
	return json.Marshal(v.Interface())
}

// compareObjects adds the members that differ between two JSON objects.
func compareObjects(changes []casegraph.FieldChange, prefix string, before, after []byte) []casegraph.FieldChange {
	var was, is map[string]json.RawMessage
	json.Unmarshal(before, &was)
	json.Unmarshal(after, &is)
	paths := make([]string, 0, len(was)+len(is))
	for path := range was {
		paths = append(paths, path)
	}
	for path := range is {
		if _, both := was[path]; !both {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	for _, path := range paths {
		if !bytes.Equal(was[path], is[path]) {
			changes = append(changes, casegraph.FieldChange{Path: prefix + path, Before: was[path], After: is[path]})
		}
	}
	return changes
}
