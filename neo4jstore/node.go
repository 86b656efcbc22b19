package neo4jstore

import (
	"context"
	"strings"

	"casegraph"
)

// Nodes reads nodes by id.
func (s *Store) Nodes(ctx context.Context, r casegraph.NodesRequest) (map[casegraph.ID]casegraph.Node, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	if r.AsOf != 0 {
		return casegraph.NodesThen(ctx, s, r)
	}
	nodes := make(map[casegraph.ID]casegraph.Node, len(r.IDs))
	if len(r.IDs) == 0 {
		return nodes, nil
	}
	params := map[string]any{"ids": plain(r.IDs), "hidden": plain(r.Mask.Classes())}
	err := s.read(ctx, text("Nodes"), params, func(values []any) error {
		node, err := nodeOf(values)
		if err == nil {
			nodes[node.Head().ID] = node
		}
		return err
	})
	return nodes, err
}

// nodeOf makes a node of what statements read of one: n.id, n.kind, n.version,
// n.createdAt, n.updatedAt, n.data.
func nodeOf(values []any) (casegraph.Node, error) {
	return casegraph.Decode(casegraph.Record{
		ID:        casegraph.ID(values[0].(string)),
		Kind:      casegraph.Kind(values[1].(string)),
		Version:   values[2].(int64),
		CreatedAt: casegraph.Time(values[3].(int64)),
		UpdatedAt: casegraph.Time(values[4].(int64)),
		Data:      []byte(values[5].(string)),
	})
}

// properties are all that a node is to have in Neo4j.
func properties(n *casegraph.NodeWrite) map[string]any {
	flat := casegraph.Flatten(n.Data)
	all := make(map[string]any, len(flat)+11)
	flatten(all, flat)
	all["id"], all["kind"], all["class"] = string(n.ID), string(n.Kind), string(n.Class)
	all["version"], all["createdAt"], all["updatedAt"] = n.Version, int64(n.CreatedAt), int64(n.UpdatedAt)
	all["data"] = string(n.Data)
	if n.Kind == casegraph.KindCase {
		all["dueAt"], all["alarmAt"] = int64(n.DueAt), int64(n.AlarmAt)
		if n.HolderID != "" {
			all["holder"] = string(n.HolderID)
		}
		if n.QueueID != "" {
			all["queue"] = string(n.QueueID)
		}
	}
	if n.Kind.IsObject() {
		at, _ := flat["at"].(int64)
		all["at"] = at
	}
	if n.Reference.Reference != "" {
		all["reference"], all["source"] = n.Reference.Reference, n.Reference.Source
	}
	if len(n.Words) > 0 {
		all["search"] = strings.Join(n.Words, " ")
	}
	return all
}

// Resolve finds nodes by what others call them.
func (s *Store) Resolve(ctx context.Context, keys []casegraph.Key) (map[casegraph.Key][]casegraph.ID, error) {
	found := map[casegraph.Key][]casegraph.ID{}
	if len(keys) == 0 {
		return found, nil
	}
	rows := make([]any, len(keys))
	for i, key := range keys {
		rows[i] = []any{key.Reference, string(key.Kind), key.Source}
	}
	err := s.read(ctx, text("Resolve"), map[string]any{"keys": rows}, func(values []any) error {
		key := keys[values[0].(int64)]
		var ids []casegraph.ID
		for _, id := range values[1].([]any) {
			ids = append(ids, casegraph.ID(id.(string)))
		}
		found[key] = ids
		return nil
	})
	return found, err
}

// plain are texts as the driver takes them without looking at their type.
func plain[S ~string](texts []S) []any {
	all := make([]any, len(texts))
	for i, text := range texts {
		all[i] = string(text)
	}
	return all
}
