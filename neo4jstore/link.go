package neo4jstore

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"casegraph"
)

// ended is the relationship type of what links were before they changed or
// ended. Only questions of a past moment look at them.
func ended(kind casegraph.LinkKind) string { return "ENDED_" + string(kind) }

// Links reads the links of nodes.
func (s *Store) Links(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	pages := make(map[casegraph.ID]casegraph.LinkPage, len(r.IDs))
	if len(r.IDs) == 0 {
		return pages, nil
	}
	statement, params := linking(&r)
	err := s.read(ctx, statement, params, func(values []any) error {
		id, class := casegraph.ID(values[0].(string)), casegraph.Class(values[1].(string))
		if r.DegreeOnly {
			pages[id] = r.Page(id, class, int(values[2].(int64)), nil)
			return nil
		}
		hops, err := hopsOf(id, values[3].([]any))
		pages[id] = r.Page(id, class, int(values[2].(int64)), hops)
		return err
	})
	r.HideFields(pages)
	return pages, err
}

// linking is the statement of a LinkRequest. A node past its limit gives no
// links. One that has many more than are asked for gives the first of them in
// the total order, as LinkRequest.Page would choose them: it is quicker to sort
// links than to send them.
func linking(r *casegraph.LinkRequest) (string, map[string]any) {
	limits := make(map[string]any, len(r.HubLimits.ByClass))
	for class, limit := range r.HubLimits.ByClass {
		limits[string(class)] = unlimited(limit)
	}
	cap := r.Cap
	if cap == 0 {
		cap = casegraph.DefaultLinkCap
	}
	params := map[string]any{"ids": plain(r.IDs), "hidden": plain(r.Mask.Classes()), "cap": cap, "order": kindOrder,
		"limits": limits, "limit": unlimited(r.HubLimits.Default)}
	var conditions []string
	add := func(condition, name string, value any) {
		conditions = append(conditions, condition)
		params[name] = value
	}
	degree, sight := degreeOf(r)
	if sight != "" {
		add(sight, "farKinds", plain(r.FarKinds))
	}
	if r.DegreeOnly {
		return text("Degrees", "<DEGREE>", degree), params
	}
	if r.Since != 0 {
		add("r.lastSeen <> 0 AND r.lastSeen >= $since", "since", int64(r.Since))
	}
	if r.Until != 0 {
		add("r.firstSeen <> 0 AND r.firstSeen <= $until", "until", int64(r.Until))
	}
	kinds := types(r.WantedKinds())
	if r.AsOf != 0 {
		kinds = versions(r.WantedKinds())
		add(then("r", "-[q:"+kinds+"]-", "n", "far"), "asOf", int64(r.AsOf))
	}
	if len(r.After) > 0 {
		after, plainly := afterParam(r.After)
		if plainly {
			add(text("behind"), "after", after)
		} else {
			add("r.lastSeen <= coalesce($after[id].t, r.lastSeen)", "after", after)
			params["cap"] = math.MaxInt64 / 4 // none is cut: Page alone can tell what lies behind
		}
	}
	condition := ""
	if len(conditions) > 0 {
		condition = "WHERE " + strings.Join(conditions, " AND ")
	}
	left, right := "-", "-"
	if !r.WantsIn() {
		right = "->"
	}
	if !r.WantsOut() {
		left = "<-"
	}
	return text("Links", "<DEGREE>", degree, "<KINDS>", kinds, "<LEFT>", left, "<RIGHT>", right,
		"<CONDITION>", condition), params
}

// afterParam are the places to go on from, and whether Neo4j can compare all of
// them with what is stored.
func afterParam(places map[casegraph.ID]casegraph.LinkCursor) (map[string]any, bool) {
	after, plainly := make(map[string]any, len(places)), true
	for id, c := range places {
		after[string(id)] = map[string]any{"t": int64(c.LastSeen), "f": string(c.Far), "k": string(c.Kind), "o": c.Out, "y": c.Key}
		plainly = plainly && ordersPlainly(string(c.Far)) && ordersPlainly(c.Key)
	}
	return after, plainly
}

// kindOrder are the kinds' places in the order that breaks ties.
var kindOrder = func() map[string]any {
	order := map[string]any{}
	for _, kind := range casegraph.LinkKinds() {
		order[string(kind)], order[ended(kind)] = kind.Number(), kind.Number()
	}
	return order
}()

func unlimited(limit int) int64 {
	if limit <= 0 {
		return math.MaxInt64
	}
	return int64(limit)
}

// hopsOf reads [type, out, far id, far class, key, firstSeen, lastSeen, count,
// recorded, props] of each link.
func hopsOf(id casegraph.ID, rows []any) ([]casegraph.Hop, error) {
	hops := make([]casegraph.Hop, len(rows))
	links := make([]casegraph.Link, len(rows))
	for i, row := range rows {
		values := row.([]any)
		l, far := &links[i], casegraph.ID(values[2].(string))
		hops[i] = casegraph.Hop{Link: l, Far: far, FarClass: casegraph.Class(values[3].(string)), Out: values[1].(bool)}
		l.Kind = casegraph.LinkKind(strings.TrimPrefix(values[0].(string), ended("")))
		l.From, l.To = id, far
		if !hops[i].Out {
			l.From, l.To = far, id
		}
		if err := readLink(l, values[4:]); err != nil {
			return nil, err
		}
	}
	return hops, nil
}

// readLink reads key, firstSeen, lastSeen, count, recorded and props.
func readLink(l *casegraph.Link, values []any) error {
	l.Key = values[0].(string)
	l.FirstSeen, l.LastSeen = casegraph.Time(values[1].(int64)), casegraph.Time(values[2].(int64))
	l.Count, l.Recorded = values[3].(int64), casegraph.Seq(values[4].(int64))
	if props, ok := values[5].(string); ok {
		if err := json.Unmarshal([]byte(props), &l.LinkProps); err != nil {
			return fmt.Errorf("neo4j: properties of %s %s %s: %w", l.From, l.Kind, l.To, err)
		}
	}
	return nil
}

// versions are the types of links of these kinds, past versions among them.
func versions(kinds []casegraph.LinkKind) string {
	all := slices.Clone(kinds)
	for _, kind := range kinds {
		if kind.Number() != 0 {
			all = append(all, casegraph.LinkKind(ended(kind)))
		}
	}
	names := make([]string, len(all))
	for i, kind := range all {
		names[i] = string(kind)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), "|")
}

// then chooses the version of a link that was recorded at $asOf: of one life
// the first that ended later, or the one that holds still. pattern joins its
// ends near and far as q.
func then(link, pattern, near, far string) string {
	return strings.NewReplacer("<R>", link, "<Q>", "("+near+")"+pattern+"("+far+")").Replace(
		`<R>.recorded <= $asOf AND coalesce(<R>.ended > $asOf, true) AND NOT EXISTS {
        MATCH <Q>
        WHERE q.key = <R>.key AND q.recorded = <R>.recorded AND startNode(q) = startNode(<R>)
          AND type(q) = '` + ended("") + `' + replace(type(<R>), '` + ended("") + `', '')
          AND q.ended > $asOf AND coalesce(q.ended < <R>.ended, true) }`)
}

// Evidence reads the SHOWS links behind HAS links.
func (s *Store) Evidence(ctx context.Context, r casegraph.EvidenceRequest) (map[casegraph.Pair][]*casegraph.Link, error) {
	found := map[casegraph.Pair][]*casegraph.Link{}
	if len(r.Pairs) == 0 {
		return found, nil
	}
	params := map[string]any{"pairs": pairRows(r.Pairs), "limit": r.Limit, "asOf": int64(r.AsOf)}
	shown := text("shown")
	if r.AsOf != 0 {
		shown = text("shownThen", "<S>", then("s", "-[q:ENDED_SHOWS]->", "object", "identifier"), "<O>", then("o", "-[q:ENDED_OF]->", "object", "account"))
	}
	err := s.read(ctx, text("Evidence", "<SHOWN>", shown), params, func(values []any) error {
		pair := casegraph.Pair{Account: casegraph.ID(values[0].(string)), Identifier: casegraph.ID(values[1].(string))}
		l := &casegraph.Link{LinkID: casegraph.LinkID{From: casegraph.ID(values[2].(string)), Kind: casegraph.LinkShows, To: pair.Identifier}}
		l.AsOf = r.AsOf
		if err := readLink(l, values[3:]); err != nil {
			return err
		}
		found[pair] = append(found[pair], l)
		return nil
	})
	return found, err
}

func pairRows(pairs []casegraph.Pair) []any {
	rows := make([]any, len(pairs))
	for i, pair := range pairs {
		rows[i] = []any{string(pair.Account), string(pair.Identifier)}
	}
	return rows
}

// types are relationship types as a pattern names them.
func types(kinds []casegraph.LinkKind) string {
	var names []string
	for _, kind := range kinds {
		if kind.Number() != 0 && !slices.Contains(names, string(kind)) {
			names = append(names, string(kind))
		}
	}
	return strings.Join(names, "|")
}
