package localstore

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"casegraph"
)

// frontier is one node of a LinkRequest on its way through the statements:
// degrees first, then the links of those that are no hubs.
type frontier struct {
	id     casegraph.ID
	nid    int64
	cid    int64
	class  casegraph.Class
	degree int
	counts []farCount
	groups []group
	hops   []casegraph.Hop
	cids   []int64 // of the hops' far nodes
	// partly is set if there may be more links, last seen at unread or before.
	partly bool
	unread casegraph.Time
}

// farCount is how many links of a group lead to nodes of one class.
type farCount struct {
	number int64 // of the group
	cid    int64
	n      int
}

// group are the links of a node of one direction and kind. Its number is the
// kind's, twice, and one more if they come in.
type group struct {
	number int64
	n      int
	hidden int // of them, those that the asker does not want or may not see
}

const groupBits = 6

// count adds up the links of the groups.
func (f *frontier) count(sees func(cid int64) bool) {
	for _, c := range f.counts {
		at := slices.IndexFunc(f.groups, func(g group) bool { return g.number == c.number })
		if at < 0 {
			at, f.groups = len(f.groups), append(f.groups, group{number: c.number})
		}
		f.groups[at].n += c.n
		if sees(c.cid) {
			f.degree += c.n
		} else {
			f.groups[at].hidden += c.n
		}
	}
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
	if r.DegreeOnly {
		return pages, s.count(ctx, &r, pages)
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
	if err := s.rest(ctx, &r, nodes, pages); err != nil {
		return nil, err
	}
	r.HideFields(pages)
	return pages, nil
}

// rest reads all links of the nodes whose pages may lack some.
func (s *Store) rest(ctx context.Context, r *casegraph.LinkRequest, nodes []*frontier, pages map[casegraph.ID]casegraph.LinkPage) error {
	var again []*frontier
	for _, n := range nodes {
		if page := pages[n.id]; n.partly && !(page.More && page.Hops[len(page.Hops)-1].Link.LastSeen > n.unread) {
			n.partly, n.hops, n.cids = false, nil, nil
			again = append(again, n)
		}
	}
	if len(again) == 0 {
		return nil
	}
	if err := s.readGroups(ctx, again, 0); err != nil {
		return err
	}
	for _, n := range again {
		pages[n.id] = r.Page(n.id, n.class, n.degree, n.hops)
	}
	return nil
}

// hops reads the links of the nodes that have any and are no hubs.
func (s *Store) hops(ctx context.Context, r *casegraph.LinkRequest, nodes []*frontier) error {
	asked := make([]*frontier, 0, len(nodes))
	for _, n := range nodes {
		if limit := r.HubLimits.Of(n.class); (n.degree > 0 || r.AsOf != 0) && (limit == 0 || n.degree <= limit) {
			asked = append(asked, n)
		}
	}
	if r.AsOf == 0 {
		return s.readGroups(ctx, asked, cmp.Or(r.Cap, casegraph.DefaultLinkCap)+1)
	}
	if len(asked) == 0 {
		return nil
	}
	nids := make([]int64, len(asked))
	for i, n := range asked {
		nids[i] = n.nid
	}
	rows, err := s.stmts.query(ctx, pastHops(r), moment(r.AsOf, jsonList(nids))...)
	if err := s.scanHops(rows, err, asked); err != nil {
		return err
	}
	return s.classFar(ctx, asked)
}

// readGroups reads the links of nodes; of a longer group the newest alone, so
// many that the asker sees some; 0 is all.
func (s *Store) readGroups(ctx context.Context, nodes []*frontier, some int) error {
	var whole []int64
	var of []*frontier
	for _, n := range nodes {
		for _, g := range n.groups {
			if newest := some + g.hidden; some > 0 && newest < g.n {
				if err := s.readNewest(ctx, n, g.number, newest); err != nil {
					return err
				}
				continue
			}
			whole, of = append(whole, n.nid<<groupBits|g.number), append(of, n)
		}
	}
	if len(of) > 0 {
		rows, err := s.stmts.query(ctx, wholeGroups, jsonList(whole))
		if err := s.scanHops(rows, err, of); err != nil {
			return err
		}
	}
	return s.classFar(ctx, nodes)
}

// readNewest reads the newest links of a group that has more than these.
func (s *Store) readNewest(ctx context.Context, n *frontier, number int64, most int) error {
	text := newestOut
	if number&1 == 1 {
		text = newestIn
	}
	before := len(n.hops)
	rows, err := s.stmts.query(ctx, text, n.nid, number>>1, most)
	if err := s.scanHops(rows, err, []*frontier{n}); err != nil {
		return err
	}
	read := n.hops[before:]
	if len(read) < most { // some have ended since they were counted
		return nil
	}
	oldest := read[0].Link.LastSeen
	for _, hop := range read {
		oldest = min(oldest, hop.Link.LastSeen)
	}
	n.partly, n.unread = true, max(n.unread, oldest)
	return nil
}

// The statements that read links of today: of the groups in ?1, and the newest
// ?3 of the kind ?2 of the node ?1. A row's first number is the place of the
// node that was asked about.
var (
	wholeGroups = wholeGroup(out) + " UNION ALL " + wholeGroup(in)
	newestOut   = newest(out)
	newestIn    = newest(in)
)

// side is the end of links that is asked about, with what reads them from there.
type side struct{ number, links, near, far, props string }

var (
	out = side{"0", "links l", "src", "dst", "l.props"}
	in  = side{"1", "links l INDEXED BY links_in", "dst", "src", `CASE l.detailed WHEN 1 THEN
		(SELECT d.props FROM links d WHERE d.src = l.src AND d.kind = l.kind AND d.dst = l.dst AND d.key = l.key) END`}
)

func wholeGroup(s side) string {
	return fmt.Sprintf(`SELECT j.key, %s, n.id, n.cid, l.kind, l.key, l.first, l.last, l.count, l.recorded, %s
		FROM json_each(?1) j CROSS JOIN %s ON j.value & 1 = %s AND l.%s = j.value >> %d AND l.kind = (j.value >> 1) & %d CROSS JOIN nodes n ON n.nid = l.%s`,
		s.number, s.props, s.links, s.number, s.near, groupBits, 1<<(groupBits-1)-1, s.far)
}

func newest(s side) string {
	return fmt.Sprintf(`SELECT 0, %s, n.id, n.cid, l.kind, l.key, l.first, l.last, l.count, l.recorded, %s
		FROM (SELECT * FROM %s WHERE l.%s = ?1 AND l.kind = ?2 ORDER BY l.last DESC LIMIT ?3) l CROSS JOIN nodes n ON n.nid = l.%s`,
		s.number, s.props, s.links, s.near, s.far)
}

// pastHops reads the links of the nodes in ?1 at the moment ?2.
func pastHops(r *casegraph.LinkRequest) string {
	var parts []string
	add := func(s side) {
		text := fmt.Sprintf(`SELECT j.key, %s, n.id, n.cid, l.kind, l.key, l.first, l.last, l.count, l.recorded, l.props
			FROM json_each(?1) j CROSS JOIN %%s ON l.%s = j.value AND l.kind IN (%s) CROSS JOIN nodes n ON n.nid = l.%s WHERE `, s.number, s.near, kindNumbers(r), s.far)
		parts = append(parts, fmt.Sprintf(text, s.links)+liveThen("l", "?2"), fmt.Sprintf(text, "past_links l")+pastThen("l", "?2"))
	}
	if r.WantsOut() {
		add(out)
	}
	if r.WantsIn() {
		add(in)
	}
	return strings.Join(parts, " UNION ALL ")
}

// scanHops reads the rows of links; of are the nodes they were asked about.
func (s *Store) scanHops(rows *sql.Rows, err error, of []*frontier) error {
	links := make([]casegraph.Link, 0, 64)
	return each(rows, err, func(row scanner) error {
		if len(links) == cap(links) {
			links = make([]casegraph.Link, 0, 256)
		}
		links = links[:len(links)+1]
		l := &links[len(links)-1]
		var pos, kind int
		var cid int64
		var in bool
		var far casegraph.ID
		var props sql.RawBytes
		if err := row.Scan(&pos, &in, &far, &cid, &kind, &l.Key, &l.FirstSeen, &l.LastSeen, &l.Count, &l.Recorded, &props); err != nil {
			return err
		}
		if err := decodeProps(props, &l.LinkProps); err != nil {
			return err
		}
		n := of[pos]
		l.Kind = linkKind(kind)
		l.From, l.To = n.id, far
		if in {
			l.From, l.To = far, n.id
		}
		n.hops, n.cids = append(n.hops, casegraph.Hop{Link: l, Far: far, Out: !in}), append(n.cids, cid)
		return nil
	})
}

// classFar notes the classes of the far nodes.
func (s *Store) classFar(ctx context.Context, nodes []*frontier) error {
	cids := map[int64]bool{}
	for _, n := range nodes {
		for _, cid := range n.cids {
			cids[cid] = true
		}
	}
	classes, err := s.named(ctx, cids)
	if err != nil {
		return err
	}
	for _, n := range nodes {
		for i := range n.hops {
			n.hops[i].FarClass = classes[n.cids[i]]
		}
	}
	return nil
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
