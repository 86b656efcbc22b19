package api

import "casegraph"

// EventFilter says which events.
type EventFilter struct {
	Names        []string
	ActorIDs     []casegraph.ID
	Since, Until *casegraph.Time
}

// MaxEventWords is how many names, and how many actors, a filter has at most.
const MaxEventWords = 50

// Filter is the filter in the domain's terms; nil holds for every event.
func (f *EventFilter) Filter() (casegraph.EventFilter, error) {
	var filter casegraph.EventFilter
	if f == nil {
		return filter, nil
	}
	if len(f.Names) > MaxEventWords {
		return filter, casegraph.BadInput("filter.names: at most %d", MaxEventWords)
	}
	if len(f.ActorIDs) > MaxEventWords {
		return filter, casegraph.BadInput("filter.actorIds: at most %d", MaxEventWords)
	}
	filter.Names, filter.Actors = f.Names, f.ActorIDs
	if f.Since != nil {
		filter.Since = *f.Since
	}
	if f.Until != nil {
		filter.Until = *f.Until
	}
	return filter, nil
}

// AuditReport is how far the log was looked at.
type AuditReport struct {
	Checked   int
	UpTo, End casegraph.Seq
	Whole     bool
	Fault     *AuditFault
	Cursor    *casegraph.Cursor
}

// AuditFault is the first event that does not fit.
type AuditFault struct {
	Number  casegraph.Seq
	Message string
}
