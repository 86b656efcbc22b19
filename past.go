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
		if n.Kind() == KindIdentifier {
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
}

func newRewind(n Node, moment Seq) (*rewind, error) {
	record, err := Encode(n)
	if err != nil {
		return nil, err
	}
	r := &rewind{moment: moment, record: record, attributes: map[string]json.RawMessage{}}
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
			r.there, r.record.UpdatedAt = true, e.At
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
	r.found = r.there && len(page) < MaxPage
	return nil
}

func (r *rewind) decode() (n Node, err error) {
	if r.record.Data, err = json.Marshal(r.attributes); err != nil {
		return nil, err
	}
	return Decode(r.record)
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
