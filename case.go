package casegraph

import "strings"

// Case is one investigation.
type Case struct {
	Header
	// Number is what people call the case, such as CASE-12: a prefix and a
	// gap-free count.
	Number string `json:"number"`
	Title  string `json:"title"`
	// CaseType is the key of the case's template, where it has one.
	CaseType string `json:"caseType"`
	// TemplateID is the revision that the case follows; "" for a case of the
	// general sort, and for an imported one.
	TemplateID ID `json:"templateId,omitempty"`
	// Status is one of the case type's statuses, in its own spelling.
	Status     string `json:"status"`
	Resolution string `json:"resolution,omitempty"`
	// Outcome is what the resolution says of the suspicion; "" where it says
	// nothing, or while the case is open.
	Outcome CaseOutcome `json:"outcome,omitempty"`
	// Awaiting is a status that waits for a second person; nil if none does.
	Awaiting *AwaitedStatus `json:"awaiting,omitempty"`
	// Checks are the items of the checklist that are done, by key.
	Checks      map[string]Check `json:"checks,omitempty"`
	Description string           `json:"description,omitempty"`
	// Source names where an imported case came from; "" for our own.
	Source     string `json:"source,omitempty"`
	QueueID    ID     `json:"queueId,omitempty"`
	AssigneeID ID     `json:"assigneeId,omitempty"`
	CreatorID  ID     `json:"creatorId,omitempty"`
	AssignedAt Time   `json:"assignedAt,omitempty"`
	// ResolvedAt is when the case last came to an end; 0 while it is open.
	ResolvedAt Time `json:"resolvedAt,omitempty"`
	ResolverID ID   `json:"resolverId,omitempty"`
	// Reopened counts how often it came back from an end.
	Reopened int64 `json:"reopened,omitempty"`
	// Merged is how it went on in another case; nil if it stands for itself.
	Merged *MergedCase `json:"merged,omitempty"`
	// MergedFrom are the cases that went on in this one, each behind the one in
	// which it did so before.
	MergedFrom []ID `json:"mergedFrom,omitempty"`
	// Snooze keeps it out of its queue; nil if nothing does.
	Snooze *Snooze  `json:"snooze,omitempty"`
	Tags   []string `json:"tags,omitempty"`
	// Clocks are by when what must have happened, by their names; see SetClocks.
	Clocks map[string]Clock `json:"clocks,omitempty"`
	// DueAt is when the first of the running ones is up; 0 if none runs.
	DueAt Time `json:"dueAt,omitempty"`
	// Breached are the names of those whose time was up, sorted.
	Breached []string `json:"breached,omitempty"`
	// Restricted cases are seen by administrators alone.
	Restricted bool   `json:"restricted,omitempty"`
	Fields     Fields `json:"fields,omitempty"`
}

// AwaitedStatus is a status that one person asked for and another must confirm.
type AwaitedStatus struct {
	To         string `json:"to"`
	Resolution string `json:"resolution,omitempty"`
	ByID       ID     `json:"by"`
	At         Time   `json:"at"`
}

// Check is who did an item of the checklist, and when.
type Check struct {
	ByID ID   `json:"by"`
	At   Time `json:"at"`
}

// Kind is KindCase.
func (*Case) Kind() Kind { return KindCase }

// Class tells a restricted case from an open one.
func (c *Case) Class() Class {
	if c.Restricted {
		return Class(KindCase) + "!"
	}
	return Class(KindCase)
}

// Reference makes the case's number findable, in whatever case it is typed.
func (c *Case) Reference() Key { return CaseKey(c.Source, c.Number) }

// CaseKey finds a case by its number as somebody types it; source "" is any.
func CaseKey(source, number string) Key {
	return Key{Kind: KindCase, Source: source, Reference: strings.ToUpper(number)}
}

// Texts are the number, title, type, description, tags and fields.
func (c *Case) Texts() []string {
	texts := append([]string{c.Number, c.Title, c.CaseType, c.Description}, c.Tags...)
	return append(texts, fieldTexts(c.Fields)...)
}

// HolderID is who has the case while it is open; "" if nobody does, or it is at
// its end.
func (c *Case) HolderID() ID {
	if c.ResolvedAt != 0 {
		return ""
	}
	return c.AssigneeID
}

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (c *Case) Clone() Node { clone := *c; return &clone }
