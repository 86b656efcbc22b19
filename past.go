package casegraph

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// timelines is what NodesThen reads.
type timelines interface {
	Nodes(ctx context.Context, r NodesRequest) (map[ID]Node, error)
	Timeline(ctx context.Context, r TimelineRequest) (map[ID][]Event, error)
}

// NodesThen answers a NodesRequest of a past moment from the nodes of today and
// the log: what happened after it is taken back, the newest first. It takes one
// call for the nodes and one for each page of their events.
func NodesThen(ctx context.Context, store timelines, r NodesRequest) (map[ID]Node, error) {
	moment := r.AsOf
	r.AsOf = 0
	today, err := store.Nodes(ctx, r)
	if err != nil {
		return nil, err
	}
	then := make(map[ID]Node, len(today))
	open := map[ID]*rewind{}
	for id, n := range today {
		if n.Kind() == KindIdentifier && n.Head().Version == 1 && n.Head().Risk == nil {
			then[id] = n
		} else if open[id], err = newRewind(n, moment); err != nil {
			return nil, err
		}
	}
	page := TimelineRequest{First: MaxPage}
	for len(open) > 0 {
		page.IDs, page.Before = farthest(open)
		events, err := store.Timeline(ctx, page)
		if err != nil {
			return nil, err
		}
		for _, id := range page.IDs {
			node := open[id]
			if err := node.takeBack(events[id]); err != nil {
				return nil, err
			}
			if node.found {
				if then[id], err = node.decode(); err != nil {
					return nil, err
				}
			}
			if node.found || len(events[id]) < page.First { // else it is recorded later
				delete(open, id)
			}
		}
	}
	for _, n := range then {
		n.Head().AsOf = moment
	}
	return then, nil
}

// farthest are the nodes whose events are read on from the same place: those
// that have come least far back.
func farthest(open map[ID]*rewind) (ids []ID, before Seq) {
	for id, n := range open {
		if len(ids) == 0 || n.before == before {
			ids, before = append(ids, id), n.before
		} else if n.before == 0 || (before != 0 && n.before > before) {
			ids, before = []ID{id}, n.before
		}
	}
	slices.SortFunc(ids, func(a, b ID) int { return strings.Compare(string(a), string(b)) })
	return ids, before
}

// rewind is a node on its way back.
type rewind struct {
	moment     Seq
	record     Record
	attributes map[string]json.RawMessage
	before     Seq  // how far its events were read; 0 is not yet
	found      bool // it is as it was at the moment
	there      bool // an event up to the moment was met
	value      bool // it is an identifier: there whenever, and marked by events
}

func newRewind(n Node, moment Seq) (*rewind, error) {
	record, err := Encode(n)
	if err != nil {
		return nil, err
	}
	r := &rewind{moment: moment, record: record, attributes: map[string]json.RawMessage{}}
	if r.value = n.Kind() == KindIdentifier; r.value {
		r.record.UpdatedAt = record.CreatedAt
	}
	return r, json.Unmarshal(record.Data, &r.attributes)
}

// takeBack goes back over a page of events, newest first. Once past the moment
// it looks for the event that last changed the node, or recorded it, for its
// time.
func (r *rewind) takeBack(page []Event) error {
	for i := range page {
		e := &page[i]
		r.before = e.Seq
		if e.Seq <= r.moment {
			first := i == len(page)-1 && len(page) < MaxPage
			r.there = true
			if !r.value || len(e.Changes) > 0 { // others tell of an identifier's links
				r.record.UpdatedAt = e.At
			}
			if r.found = len(e.Changes) > 0 || first; r.found {
				return nil
			}
			continue
		}
		if len(e.Changes) > 0 {
			r.record.Version--
		}
		for _, change := range e.Changes {
			if err := change.takeBack(r.attributes); err != nil {
				return fmt.Errorf("%s, event %d: %w", r.record.ID, e.Seq, err)
			}
		}
	}
	if r.value && !r.there {
		delete(r.attributes, "risk")
	}
	r.found = (r.there || r.value) && len(page) < MaxPage
	return nil
}

func (r *rewind) decode() (n Node, err error) {
	if r.record.Data, err = json.Marshal(r.attributes); err != nil {
		return nil, err
	}
	return Decode(r.record)
}

// TakenBack is the node, which the event is about and left so, as it was before
// it; when it had last changed then is not known.
func (e *Event) TakenBack(n Node) (Node, error) {
	if len(e.Changes) == 0 {
		return n, nil
	}
	before, err := newRewind(n, 0)
	if err != nil {
		return nil, err
	}
	before.record.Version--
	for _, change := range e.Changes {
		if err := change.takeBack(before.attributes); err != nil {
			return nil, fmt.Errorf("%s, event %d: %w", before.record.ID, e.Seq, err)
		}
	}
	return before.decode()
}

// takeBack puts an attribute, or one of the fields, back to what it was.
func (c *FieldChange) takeBack(attributes map[string]json.RawMessage) error {
	name, isField := strings.CutPrefix(c.Path, "fields.")
	if !isField {
		set(attributes, name, c.Before)
		return nil
	}
	fields := map[string]json.RawMessage{}
	if text := attributes["fields"]; len(text) > 0 {
		if err := json.Unmarshal(text, &fields); err != nil {
			return err
		}
	}
	set(fields, name, c.Before)
	delete(attributes, "fields")
	if len(fields) == 0 {
		return nil
	}
	text, err := json.Marshal(fields)
	attributes["fields"] = text
	return err
}

func set(members map[string]json.RawMessage, name string, value json.RawMessage) {
	if value == nil {
		delete(members, name)
	} else {
		members[name] = value
	}
}

// MaxPastSightings is how many sightings, the newest, make the sum of a HAS
// link at a past moment.
const MaxPastSightings = 100

// sightings is what SumThen reads.
type sightings interface {
	Evidence(ctx context.Context, r EvidenceRequest) (map[Pair][]*Link, error)
}

// SumThen gives the HAS links of a past moment's pages the times and counts of
// what was recorded by then, in one call; it tells whether there was one.
func SumThen(ctx context.Context, store sightings, moment Seq, pages map[ID]LinkPage) (asked bool, err error) {
	var links []*Link
	for _, page := range pages {
		for i := range page.Hops {
			hop := &page.Hops[i]
			hop.summed, hop.placed = true, hop.Link.LastSeen
			links = append(links, hop.Link)
		}
	}
	pairs := Pairs(links)
	if len(pairs) == 0 {
		return false, nil
	}
	shows, err := store.Evidence(ctx, EvidenceRequest{Pairs: pairs, Limit: MaxPastSightings, AsOf: moment})
	if err != nil {
		return true, err
	}
	for _, l := range links {
		if l.Kind == LinkHas {
			l.sum(shows[l.Pair()])
		}
	}
	return true, nil
}

func (l *Link) sum(shows []*Link) {
	l.FirstSeen, l.LastSeen, l.Count, l.AtLeast = 0, 0, 0, len(shows) == MaxPastSightings
	for _, s := range shows {
		if s.FirstSeen != 0 && (l.FirstSeen == 0 || s.FirstSeen < l.FirstSeen) {
			l.FirstSeen = s.FirstSeen
		}
		l.LastSeen, l.Count = max(l.LastSeen, s.LastSeen), l.Count+s.Count
	}
}

// moments is what SeqAt reads.
type moments interface {
	Events(ctx context.Context, after Seq, n int) ([]Event, Seq, error)
}

// SeqAt is the number of the last event up to a time; 0 if there is none. It
// halves the log, so it takes some twenty calls for a million events.
func SeqAt(ctx context.Context, store moments, at Time) (Seq, error) {
	_, last, err := store.Events(ctx, 0, 1)
	low, high := Seq(0), last // low is by then, what follows high is not
	for err == nil && low < high {
		middle := low + (high-low+1)/2
		var events []Event
		if events, _, err = store.Events(ctx, middle-1, 1); len(events) == 0 || events[0].At > at {
			high = middle - 1
		} else {
			low = middle
		}
	}
	return low, err
}
