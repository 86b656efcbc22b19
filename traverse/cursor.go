package traverse

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"hash/fnv"
	"strconv"

	"casegraph"
)

// Cursor is a place at which an expansion goes on: behind one of a node's
// links. It is plain data: whoever hands it out signs it.
type Cursor struct {
	Node casegraph.ID `json:"n"`
	// After is the last link that was taken; nil goes on before the first.
	After *casegraph.LinkCursor `json:"a,omitempty"`
	// Query is a digest of what decides a node's list of links. An expansion
	// that asks for another list can't go on here.
	Query string `json:"q"`
	// Given is what was taken of the list up to After, and Since when: so it can
	// be told whether it is still so.
	Given tally          `json:"g,omitzero"`
	Since casegraph.Time `json:"s,omitempty"`
}

// tally is a list of links in short: how many, those that were refused included,
// and a sum over what places each in the list. Two lists have the same if they
// are the same.
type tally struct {
	Links int    `json:"n"`
	Sum   uint64 `json:"h"`
}

// add adds links to the list.
func (t tally) add(hops []casegraph.Hop) tally {
	sum, text := fnv.New64a(), make([]byte, 0, 128)
	for i := range hops {
		place := hops[i].Cursor()
		text = binary.BigEndian.AppendUint64(text[:0], uint64(place.LastSeen))
		text = append(text, place.Far...)
		text = append(append(append(text, 0), place.Kind...), 0)
		text = strconv.AppendBool(strconv.AppendBool(text, place.Out), hops[i].Link.Refused())
		text = append(text, place.Key...)
		sum.Reset()
		sum.Write(text)
		t.Sum += sum.Sum64()
	}
	t.Links += len(hops)
	return t
}

// digest names the list of links that a query takes of the node it goes on at.
// Depth, budgets, hub limits and mask are not in it: they may differ from one
// step to the next, and an organisation's limits from one week to the next.
func (q *ExpandQuery) digest() string {
	parts := []any{q.Kinds, q.NodeKinds, q.Direction, q.Since, q.Until, q.PerNode, q.AsOf}
	if len(q.Where) > 0 {
		parts = append(parts, q.Where)
	}
	text, err := json.Marshal(parts)
	if err != nil {
		panic(err) // plain values
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}

// noteChange notes whether the links before the place where the expansion goes
// on are no longer those that were given. It looks once the links behind the
// place were read, so that what moved before it meanwhile is noticed.
func (e *expansion) noteChange(ctx context.Context) error {
	after := e.query.After
	if after == nil || after.After == nil {
		return nil // none was given
	}
	var now tally
	request := casegraph.LinkRequest{}
	for more := true; more && now.Links <= after.Given.Links; { // one more is one too many
		request.Cap = 1 + min(after.Given.Links-now.Links, casegraph.MaxLinkCap-1)
		pages, err := e.read(ctx, []casegraph.ID{after.Node}, request, e.ask)
		if err != nil {
			return err
		}
		page := pages[after.Node]
		before := 0
		for before < len(page.Hops) && page.Hops[before].Cursor().Compare(*after.After) <= 0 {
			before++
		}
		now = now.add(page.Hops[:before])
		if more = page.More && before > 0 && before == len(page.Hops); more {
			request.After = map[casegraph.ID]casegraph.LinkCursor{after.Node: page.Hops[before-1].Cursor()}
		}
	}
	e.changed = now != after.Given
	return nil
}

// listPlace is a place in a node's list of links: behind so much of it.
type listPlace struct {
	after *casegraph.LinkCursor
	given tally
}

// before is the place before the i-th of a node's hops that were read.
func (e *expansion) before(node int, hops []casegraph.Hop, i int) listPlace {
	var p listPlace
	if after := e.query.After; node == 0 && after != nil {
		p = listPlace{after.After, after.Given}
	}
	if i > 0 {
		p.after = new(hops[i-1].Cursor())
		p.given = p.given.add(hops[:i])
	}
	return p
}

// cursor is a place as it is handed out. Of a list that has changed it is
// told again, also on the next page, since when.
func (e *expansion) cursor(node int, p listPlace) Cursor {
	c := Cursor{Node: e.nodes[node].ID, After: p.after, Query: e.digest, Given: p.given, Since: e.query.Now}
	if node == 0 && e.changed {
		c.Since = e.query.After.Since
	}
	return c
}
