package localstore

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"casegraph"
)

// frontier is one node of a LinkRequest on its way through the two statements:
// degrees first, then the links of those that are no hubs.
type frontier struct {
	id     casegraph.ID
	nid    int64
	cid    int64
	class  casegraph.Class
	degree int
	counts []farCount
	hops   []casegraph.Hop
	cids   []int64 // of the hops' far nodes
}

// farCount is how many links lead to nodes of one class.
type farCount struct {
	cid int64
	n   int
}

// Links reads the links of nodes.
func (s *Store) Links(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	pages := make(map[casegraph.ID]casegraph.LinkPage, len(r.IDs))
	if len(r.IDs) == 0 {
		return pages, nil
	}
	nodes, err := s.degrees(ctx, &r)
	if err != nil {
		return nil, err
	}
	if err := s.hops(ctx, &r, nodes); err != nil {
		return nil, err
	}
	for _, n := range nodes {
		pages[n.id] = r.Page(n.id, n.class, n.degree, n.hops)
	}
	err = s.details(ctx, nodes, pages)
	r.HideFields(pages)
	return pages, err
}

// degrees reads which of the nodes exist, and how many links each has.
func (s *Store) degrees(ctx context.Context, r *casegraph.LinkRequest) ([]*frontier, error) {
	text := fmt.Sprintf(`SELECT n.nid, n.id, n.cid, d.cid, d.n FROM json_each(?) j CROSS JOIN nodes n ON n.id = j.value
		LEFT JOIN degrees d ON d.nid = n.nid AND d.dir IN (%s) AND d.kind IN (%s)`, directions(r), kindNumbers(r))
	var met []*frontier
	byNID, cids := make(map[int64]*frontier, len(r.IDs)), map[int64]bool{}
	rows, err := s.stmts.query(ctx, text, jsonList(unique(r.IDs)))
	err = each(rows, err, func(row scanner) error {
		var nid, cid int64
		var id casegraph.ID
		var farCID, n sql.NullInt64
		if err := row.Scan(&nid, &id, &cid, &farCID, &n); err != nil {
			return err
		}
		node := byNID[nid]
		if node == nil {
			node = &frontier{id: id, nid: nid, cid: cid}
			byNID[nid], cids[cid] = node, true
			met = append(met, node)
		}
		if farCID.Valid {
			node.counts, cids[farCID.Int64] = append(node.counts, farCount{farCID.Int64, int(n.Int64)}), true
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
		for _, count := range n.counts {
			if r.Sees(classes[count.cid]) {
				n.degree += count.n
			}
		}
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

// hops reads the links of the nodes that have any and are no hubs.
func (s *Store) hops(ctx context.Context, r *casegraph.LinkRequest, nodes []*frontier) error {
	var asked []*frontier
	var nids []int64
	for _, n := range nodes {
		if limit := r.HubLimits.Of(n.class); (n.degree > 0 || r.AsOf != 0) && (limit == 0 || n.degree <= limit) {
			asked, nids = append(asked, n), append(nids, n.nid)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	rows, err := s.stmts.query(ctx, hopsStatement(r), moment(r.AsOf, jsonList(nids))...)
	links, cids := make([]casegraph.Link, 0, 64), map[int64]bool{}
	err = each(rows, err, func(row scanner) error {
		if len(links) == cap(links) {
			links = make([]casegraph.Link, 0, 256)
		}
		links = links[:len(links)+1]
		l := &links[len(links)-1]
		var pos, kind int
		var farNID, cid int64
		var out, detailed bool
		var far casegraph.ID
		var props sql.RawBytes
		if err := row.Scan(&pos, &out, &farNID, &far, &cid, &kind, &l.Key, &l.FirstSeen, &l.LastSeen, &l.Count, &l.Recorded, &detailed, &props); err != nil {
			return err
		}
		if err := decodeProps(props, &l.LinkProps); err != nil {
			return err
		}
		n := asked[pos]
		l.Kind = linkKind(kind)
		l.From, l.To = n.id, far
		if !out {
			l.From, l.To = far, n.id
		}
		if detailed {
			l.Ended = lacksDetails
		}
		n.hops, n.cids = append(n.hops, casegraph.Hop{Link: l, Far: far, Out: out}), append(n.cids, cid)
		cids[cid] = true
		return nil
	})
	if err != nil {
		return err
	}
	classes, err := s.named(ctx, cids)
	if err != nil {
		return err
	}
	for _, n := range asked {
		for i := range n.hops {
			n.hops[i].FarClass = classes[n.cids[i]]
		}
	}
	return nil
}

// hopsStatement reads the links of the nodes in ?1; of a past moment, ?2, with
// their properties, which details reads else.
func hopsStatement(r *casegraph.LinkRequest) string {
	const columns = "SELECT j.key, %d, n.nid, n.id, n.cid, l.kind, l.key, l.first, l.last, l.count, l.recorded, "
	var parts []string
	add := func(out int, near, far, by string) {
		head := fmt.Sprintf(columns, out)
		from := fmt.Sprintf(" l%%s ON l.%s = j.value AND l.kind IN (%s) CROSS JOIN nodes n ON n.nid = l.%s", near, kindNumbers(r), far)
		if r.AsOf == 0 {
			parts = append(parts, head+"l.detailed, NULL FROM json_each(?1) j CROSS JOIN links"+fmt.Sprintf(from, by))
			return
		}
		parts = append(parts, head+"0, l.props FROM json_each(?1) j CROSS JOIN links"+fmt.Sprintf(from, by)+" WHERE "+liveThen("l", "?2"),
			head+"0, l.props FROM json_each(?1) j CROSS JOIN past_links"+fmt.Sprintf(from, "")+" WHERE "+pastThen("l", "?2"))
	}
	if r.WantsOut() {
		add(1, "src", "dst", "")
	}
	if r.WantsIn() {
		add(0, "dst", "src", " INDEXED BY links_in")
	}
	return strings.Join(parts, " UNION ALL ")
}

// moment are the parameters of a question; a past one's has its moment, too.
func moment(asOf casegraph.Seq, ids string) []any {
	if asOf == 0 {
		return []any{ids}
	}
	return []any{ids, int64(asOf)}
}

// liveThen and pastThen choose the version of a link that was recorded at a
// moment: of one life the first that ended later, or the one that holds still.
func liveThen(l, moment string) string {
	return fmt.Sprintf(`%[1]s.recorded <= %[2]s AND NOT EXISTS (SELECT 1 FROM past_links q WHERE q.src = %[1]s.src AND q.kind = %[1]s.kind
		AND q.dst = %[1]s.dst AND q.key = %[1]s.key AND q.recorded = %[1]s.recorded AND q.ended > %[2]s)`, l, moment)
}

func pastThen(l, moment string) string {
	return fmt.Sprintf(`%[1]s.recorded <= %[2]s AND %[1]s.ended > %[2]s AND NOT EXISTS (SELECT 1 FROM past_links q WHERE q.src = %[1]s.src
		AND q.kind = %[1]s.kind AND q.dst = %[1]s.dst AND q.key = %[1]s.key AND q.recorded = %[1]s.recorded AND q.ended > %[2]s AND q.ended < %[1]s.ended)`, l, moment)
}

// lacksDetails marks, in Ended, a live link whose properties are still to be
// read; they are read for those alone that the cap has left.
const lacksDetails = -1

// details reads the properties of the links on the pages.
func (s *Store) details(ctx context.Context, nodes []*frontier, pages map[casegraph.ID]casegraph.LinkPage) error {
	var links []*casegraph.Link
	var keys [][4]any
	for _, n := range nodes {
		for _, hop := range pages[n.id].Hops {
			if l := hop.Link; l.Ended == lacksDetails {
				l.Ended = 0
				links = append(links, l)
				keys = append(keys, [4]any{l.From, l.Kind.Number(), l.To, l.Key})
			}
		}
	}
	if len(links) == 0 {
		return nil
	}
	rows, err := s.stmts.query(ctx, `SELECT j.key, l.props FROM json_each(?) j
		CROSS JOIN nodes f ON f.id = j.value ->> 0 CROSS JOIN nodes t ON t.id = j.value ->> 2
		CROSS JOIN links l ON l.src = f.nid AND l.kind = j.value ->> 1 AND l.dst = t.nid AND l.key = j.value ->> 3`, jsonList(keys))
	return each(rows, err, func(row scanner) error {
		var i int
		var props sql.RawBytes
		if err := row.Scan(&i, &props); err != nil {
			return err
		}
		return decodeProps(props, &links[i].LinkProps)
	})
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

// Evidence reads the SHOWS links behind HAS links.
func (s *Store) Evidence(ctx context.Context, r casegraph.EvidenceRequest) (map[casegraph.Pair][]*casegraph.Link, error) {
	found := map[casegraph.Pair][]*casegraph.Link{}
	if len(r.Pairs) == 0 {
		return found, nil
	}
	list := make([][2]casegraph.ID, len(r.Pairs))
	for i, pair := range r.Pairs {
		list[i] = [2]casegraph.ID{pair.Account, pair.Identifier}
	}
	of, shows := "links", "links"
	if r.AsOf != 0 {
		of, shows = versions(casegraph.LinkOf), versions(casegraph.LinkShows)
	}
	rows, err := s.stmts.query(ctx, fmt.Sprintf(`WITH p AS MATERIALIZED (SELECT j.key AS pos, a.nid AS account, i.nid AS identifier
			FROM json_each(?1) j CROSS JOIN nodes a ON a.id = j.value ->> 0 CROSS JOIN nodes i ON i.id = j.value ->> 1),
		objects AS (SELECT pos, identifier, account AS object FROM p
			UNION SELECT p.pos, p.identifier, o.src FROM p CROSS JOIN %[1]s o ON o.dst = p.account AND o.kind = %[2]d)
		SELECT e.pos, f.id, `+linkColumns+` FROM objects e
			CROSS JOIN %[3]s l ON l.src = e.object AND l.kind = %[4]d AND l.dst = e.identifier
			CROSS JOIN nodes f ON f.nid = l.src
			ORDER BY e.pos, l.last DESC, f.id, l.key`, of, casegraph.LinkOf.Number(), shows, casegraph.LinkShows.Number()), moment(r.AsOf, jsonList(list))...)
	err = each(rows, err, func(row scanner) error {
		var pos int
		var l casegraph.Link
		err := scanLink(row, &l, &pos, &l.From)
		if pair := r.Pairs[pos]; err == nil && len(found[pair]) < r.Limit {
			l.To, l.AsOf = pair.Identifier, r.AsOf
			found[pair] = append(found[pair], &l)
		}
		return err
	})
	return found, err
}

// versions are the links of a kind as they were at the moment ?2.
func versions(kind casegraph.LinkKind) string {
	const columns = "SELECT l.src, l.kind, l.dst, l.key, l.first, l.last, l.count, l.recorded, l.props FROM %s l WHERE l.kind = %d AND "
	return fmt.Sprintf("("+columns+"%s UNION ALL "+columns+"%s)", "links", kind.Number(), liveThen("l", "?2"), "past_links", kind.Number(), pastThen("l", "?2"))
}
