package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"casegraph"
	"casegraph/ingest"
	"casegraph/persona"
)

// personaAPI is Persona's published description of its API, with examples of
// everything it returns.
const personaAPI = "openapi-2025-12-08.json"

// examples are the documents among the examples whose data is of the types
// that come in, in the order of their places.
func examples(folder string) ([]json.RawMessage, error) {
	text, err := os.ReadFile(filepath.Join(folder, personaAPI))
	if err != nil {
		return nil, err
	}
	var api any
	if err := json.Unmarshal(text, &api); err != nil {
		return nil, err
	}
	var all []json.RawMessage
	walk(api, func(object map[string]any) {
		if comesIn(object["data"]) {
			document, _ := json.Marshal(object) // it was JSON
			all = append(all, document)
		}
	})
	return all, nil
}

// walk calls f for each object in a tree, keys in order.
func walk(tree any, f func(map[string]any)) {
	switch tree := tree.(type) {
	case map[string]any:
		f(tree)
		names := make([]string, 0, len(tree))
		for name := range tree {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			walk(tree[name], f)
		}
	case []any:
		for _, element := range tree {
			walk(element, f)
		}
	}
}

// comesIn tells whether data is a resource, or a list of them, of the types
// that have nodes, with attributes.
func comesIn(data any) bool {
	resources, _ := data.([]any)
	if one, ok := data.(map[string]any); ok {
		resources = []any{one}
	}
	for _, element := range resources {
		resource, _ := element.(map[string]any)
		name, _ := resource["type"].(string)
		name, _, _ = strings.Cut(name, "/")
		if _, ok := resource["attributes"].(map[string]any); !ok || !slices.Contains([]string{"account", "inquiry", "report", "transaction", "case"}, name) {
			return false
		}
	}
	return len(resources) > 0
}

// bringPersona brings each example in by itself, for they are states of the
// same few objects at different times, and then the same example again.
func bringPersona(ctx context.Context, g *graph, folder string, c *checks) (first, again ingest.Progress, err error) {
	documents, err := examples(folder)
	if err != nil {
		return first, again, err
	}
	c.equal("there are examples", len(documents) >= 100, true)
	for i, document := range documents {
		path := filepath.Join(g.folder, fmt.Sprintf("%d.json", i))
		if err := os.WriteFile(path, document, 0o600); err != nil {
			return first, again, err
		}
		inputs := []ingest.Input{{Path: path, Decode: persona.Rows}}
		one, err := g.load(ctx, path, inputs)
		if err != nil {
			return first, again, err
		}
		c.equal(fmt.Sprintf("rejected rows of example %d", i), one.Rejected, int64(0))
		c.checkResources(ctx, g, document)
		two, err := g.load(ctx, path, inputs)
		if err != nil {
			return first, again, err
		}
		c.equal(fmt.Sprintf("unchanged rows of example %d again", i), two.Unchanged, one.Rows)
		sum(&first, one)
		sum(&again, two)
	}
	return first, again, nil
}

func sum(all *ingest.Progress, one ingest.Progress) {
	all.Rows += one.Rows
	all.Links += one.Links
	all.Elapsed += one.Elapsed
}

// exampleResource is one of Persona's resources, as far as the check reads it.
type exampleResource struct {
	Type       string
	ID         string
	Attributes map[string]any
}

// places are where attributes stand in our nouns; all others are in the field
// "persona". The organisation's own fields are checked one by one.
var places = map[string]map[string]string{
	"account":     {"reference-id": "referenceId", "account-type-name": "accountType", "account-status": "status", "tags": "tags", "created-at": "at"},
	"inquiry":     {"status": "status", "note": "note", "tags": "tags", "created-at": "at", "decisioned-at": "decidedAt"},
	"report":      {"status": "status", "tags": "tags", "created-at": "at", "has-match": "hasMatch"},
	"transaction": {"reference-id": "referenceId", "status": "status", "tags": "tags", "created-at": "at"},
	"case": {"name": "number", "status": "status", "resolution": "resolution", "tags": "tags", "assigned-at": "assignedAt",
		"resolved-at": "resolvedAt", "assignee-id": "fields.assignee"},
}

// checkResources checks that every attribute of a document's resources has
// come in.
func (c *checks) checkResources(ctx context.Context, g *graph, document []byte) {
	var d struct {
		Data     any
		Included []any
	}
	if c.failed("example", json.Unmarshal(document, &d)) {
		return
	}
	list, isList := d.Data.([]any)
	if !isList {
		list = []any{d.Data}
	}
	for _, element := range append(list, d.Included...) {
		if !comesIn(element) {
			continue
		}
		var r exampleResource
		text, _ := json.Marshal(element) // it was JSON
		if c.failed("example", json.Unmarshal(text, &r)) {
			continue
		}
		c.checkResource(ctx, g, &r)
	}
}

func (c *checks) checkResource(ctx context.Context, g *graph, r *exampleResource) {
	id := casegraph.ID(r.ID)
	nodes, err := g.Nodes(ctx, casegraph.NodesRequest{IDs: []casegraph.ID{id}})
	if c.failed(r.ID, err) {
		return
	}
	if nodes[id] == nil {
		c.equal(r.ID+" is there", false, true)
		return
	}
	text, err := json.Marshal(nodes[id])
	var has map[string]any
	if c.failed(r.ID, err) || c.failed(r.ID, json.Unmarshal(text, &has)) {
		return
	}
	sort, _, _ := strings.Cut(r.Type, "/")
	for name, value := range r.Attributes {
		place, own := places[sort][name]
		if !own {
			place = "fields.persona." + name
		}
		if name == "fields" {
			place, value = "fields", plain(value)
		}
		if !nothing(value) {
			c.equal(r.ID+" has its "+name, holds(at(has, place), value), true)
		}
	}
}

// plain takes a field's {type, value} for its value.
func plain(value any) any {
	switch value := value.(type) {
	case map[string]any:
		if _, typed := value["type"]; typed && len(value) == 2 {
			return plain(value["value"])
		}
		all := map[string]any{}
		for name, element := range value {
			all[name] = plain(element)
		}
		return all
	case []any:
		all := []any{}
		for _, element := range value {
			all = append(all, plain(element))
		}
		return all
	}
	return value
}

func nothing(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case []any:
		return len(value) == 0
	}
	return value == ""
}

func at(tree any, path string) any {
	for _, name := range strings.Split(path, ".") {
		object, _ := tree.(map[string]any)
		tree = object[name]
	}
	return tree
}

// holds tells whether what we have says all that Persona says: times are
// milliseconds, nulls and empty objects may be missing, lists are equal.
func holds(has, wanted any) bool {
	if text, ok := wanted.(string); ok {
		if ms, isTime := has.(float64); isTime {
			moment, err := time.Parse(time.RFC3339Nano, text)
			return err == nil && moment.UnixMilli() == int64(ms)
		}
	}
	object, ok := wanted.(map[string]any)
	if !ok {
		return reflect.DeepEqual(has, wanted)
	}
	ours, _ := has.(map[string]any)
	for name, value := range object {
		if inner, isObject := value.(map[string]any); value == nil || isObject && len(inner) == 0 {
			continue
		}
		if !holds(ours[name], value) {
			return false
		}
	}
	return true
}
