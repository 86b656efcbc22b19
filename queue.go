package casegraph

import "strings"

// Queue is where cases of a sort wait for somebody to take them.
type Queue struct {
	Header
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// Assignment says to whom cases are given that come in; nil leaves that to
	// their templates.
	Assignment *Assignment `json:"assignment,omitempty"`
	// ArchivedAt is since when no case is put into it; 0 for a queue in use.
	ArchivedAt Time `json:"archivedAt,omitempty"`
}

// Kind is KindQueue.
func (*Queue) Kind() Kind { return KindQueue }

// Class is the kind.
func (*Queue) Class() Class { return Class(KindQueue) }

// Reference makes the queue findable by its name, in whatever case it is typed.
func (q *Queue) Reference() Key { return QueueKey(q.Name) }

// QueueKey finds a queue by its name.
func QueueKey(name string) Key { return Key{Kind: KindQueue, Reference: strings.ToLower(name)} }

// Texts are the name and the description.
func (q *Queue) Texts() []string { return []string{q.Name, q.Description} }

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (q *Queue) Clone() Node { clone := *q; return &clone }

// Snooze keeps a case out of its queue for a while.
type Snooze struct {
	// Until is when it ends; 0 is no time.
	Until Time `json:"until,omitempty"`
	// UntilAttached ends it when an object is attached.
	UntilAttached bool `json:"untilAttached,omitempty"`
	ByID          ID   `json:"by"`
	At            Time `json:"at"`
}

// Sleeps tells whether the snooze holds at a time.
func (s *Snooze) Sleeps(now Time) bool { return s != nil && (s.Until == 0 || s.Until > now) }

// Waiting holds for the open cases that nobody has and that are not snoozed:
// those that wait for somebody.
func Waiting(now Time) Filter {
	none := func(path string) Filter {
		return Filter{Path: path, Op: OpExists, Value: false}
	}
	return Filter{And: []Filter{none("assigneeId"), none("resolvedAt"),
		{Or: []Filter{none("snooze.at"), {Path: "snooze.until", Op: OpLte, Value: int64(now)}}}}}
}
