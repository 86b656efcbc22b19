package localstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"casegraph"
)

// count answers how many links nodes have, one row a node.
func (s *Store) count(ctx context.Context, r *casegraph.LinkRequest, pages map[casegraph.ID]casegraph.LinkPage) error {
	known := s.known()
	far := make([]string, 0, len(known))
	for cid, class := range known {
		if r.Sees(class) {
			far = append(far, fmt.Sprint(cid))
		}
	}
	slices.Sort(far) // so that there are few texts
	text := fmt.Sprintf(`SELECT n.id, n.cid, (SELECT sum(d.n) FROM degrees d WHERE d.nid = n.nid AND +d.dir IN (%s) AND +d.kind IN (%s) AND +d.cid IN (%s)),
		(SELECT count(*) FROM classes) FROM json_each(?) j CROSS JOIN nodes n ON n.id = j.value`, directions(r), kindNumbers(r), strings.Join(far, ", "))
	classes := len(known)
	rows, err := s.stmts.query(ctx, text, jsonList(unique(r.IDs)))
	err = each(rows, err, func(row scanner) error {
		var id casegraph.ID
		var cid int64
		var degree sql.NullInt64
		err := row.Scan(&id, &cid, &degree, &classes)
		if class := known[cid]; err == nil && !r.Mask.Hides(class) {
			pages[id] = r.Page(id, class, int(degree.Int64), nil)
		}
		return err
	})
	if err != nil || classes == len(known) {
		return err
	}
	if err := s.readClasses(ctx); err != nil {
		return err
	}
	clear(pages)
	return s.count(ctx, r, pages)
}

// degrees reads which of the nodes exist, and how many links each has.
func (s *Store) degrees(ctx context.Context, r *casegraph.LinkRequest) ([]*frontier, error) {
	// The plus signs: a node has few rows, and reading all is faster than a search for each kind.
	text := fmt.Sprintf(`SELECT n.nid, n.id, n.cid, d.kind << 1 | d.dir, d.cid, d.n FROM json_each(?) j CROSS JOIN nodes n ON n.id = j.value
		LEFT JOIN degrees d ON d.nid = n.nid AND +d.dir IN (%s) AND +d.kind IN (%s) AND d.n > 0`, directions(r), kindNumbers(r))
	var met []*frontier
	byNID, cids := make(map[int64]*frontier, len(r.IDs)), map[int64]bool{}
	rows, err := s.stmts.query(ctx, text, jsonList(unique(r.IDs)))
	err = each(rows, err, func(row scanner) error {
		var nid, cid int64
		var id casegraph.ID
		var of, farCID, n sql.NullInt64
		if err := row.Scan(&nid, &id, &cid, &of, &farCID, &n); err != nil {
			return err
		}
		node := byNID[nid]
		if node == nil {
			node = &frontier{id: id, nid: nid, cid: cid}
			byNID[nid], cids[cid] = node, true
			met = append(met, node)
		}
		if farCID.Valid {
			node.counts = append(node.counts, farCount{of.Int64, farCID.Int64, int(n.Int64)})
			cids[farCID.Int64] = true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	classes, err := s.named(ctx, cids)
	if err != nil {
		return nil, err
	}
	nodes := met[:0]
	for _, n := range met {
		if n.class = classes[n.cid]; r.Mask.Hides(n.class) {
			continue
		}
		n.count(func(cid int64) bool { return r.Sees(classes[cid]) })
		nodes = append(nodes, n)
	}
	return nodes, nil
}

// unique leaves out ids that were asked for before.
func unique(ids []casegraph.ID) []casegraph.ID {
	seen := make(map[casegraph.ID]bool, len(ids))
	kept := make([]casegraph.ID, 0, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			kept = append(kept, id)
		}
	}
	return kept
}

func directions(r *casegraph.LinkRequest) string {
	switch {
	case !r.WantsIn():
		return "0"
	case !r.WantsOut():
		return "1"
	}
	return "0, 1"
}

func kindNumbers(r *casegraph.LinkRequest) string {
	var numbers []string
	for _, kind := range r.WantedKinds() {
		numbers = append(numbers, fmt.Sprint(kind.Number()))
	}
	return strings.Join(numbers, ", ")
}
