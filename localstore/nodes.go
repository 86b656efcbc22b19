package localstore

import (
	"context"
	"database/sql"

	"casegraph"
)

// nodeColumns are what scanNode reads, behind the number.
const nodeColumns = "n.nid, n.id, n.kind, n.version, n.created, n.updated, n.data"

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
	rows, err := s.stmts.query(ctx, "SELECT "+nodeColumns+" FROM json_each(?) j CROSS JOIN nodes n ON n.id = j.value", jsonList(r.IDs))
	err = each(rows, err, func(row scanner) error {
		node, err := scanNode(row, new(int64))
		if err == nil && !r.Mask.Hides(node.Class()) {
			nodes[node.Head().ID] = node
		}
		return err
	})
	return nodes, err
}

func scanNode(r scanner, nid *int64) (casegraph.Node, error) {
	var record casegraph.Record
	var data sql.RawBytes
	if err := r.Scan(nid, &record.ID, &record.Kind, &record.Version, &record.CreatedAt, &record.UpdatedAt, &data); err != nil {
		return nil, err
	}
	record.Data = data
	return casegraph.Decode(record)
}

// maxResolved is how many nodes a key names at most.
const maxResolved = 10

// Resolve finds nodes by what others call them.
func (s *Store) Resolve(ctx context.Context, keys []casegraph.Key) (map[casegraph.Key][]casegraph.ID, error) {
	list := make([][3]string, len(keys))
	for i, key := range keys {
		list[i] = [3]string{key.Reference, string(key.Kind), key.Source}
	}
	found := map[casegraph.Key][]casegraph.ID{}
	rows, err := s.stmts.query(ctx, `SELECT j.key, n.id FROM json_each(?) j CROSS JOIN nodes n INDEXED BY nodes_reference
		ON n.reference = j.value ->> 0 AND n.reference <> '' AND j.value ->> 1 IN ('', n.kind) AND j.value ->> 2 IN ('', n.source)
		ORDER BY j.key, n.id`, jsonList(list))
	err = each(rows, err, func(r scanner) error {
		var i int
		var id casegraph.ID
		err := r.Scan(&i, &id)
		if key := keys[i]; len(found[key]) < maxResolved && !contains(found[key], id) {
			found[key] = append(found[key], id)
		}
		return err
	})
	return found, err
}

// contains guards against a key that was asked for twice.
func contains(ids []casegraph.ID, id casegraph.ID) bool {
	return len(ids) > 0 && ids[len(ids)-1] >= id
}
