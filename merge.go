package casegraph

import "slices"

// MergedCase is what a merge made of the case that went on in another.
type MergedCase struct {
	IntoID ID     `json:"into"`
	ByID   ID     `json:"by"`
	At     Time   `json:"at"`
	Reason string `json:"reason"`
	// Before is how the case stood if the merge ended it, and what comes back
	// when it is taken apart again; nil if it was at an end already.
	Before *CaseStanding `json:"before,omitempty"`
}

// CaseStanding is how far a case is; what waits for a second person is no part
// of it.
type CaseStanding struct {
	Status     string           `json:"status"`
	Resolution string           `json:"resolution,omitempty"`
	Outcome    CaseOutcome      `json:"outcome,omitempty"`
	ResolvedAt Time             `json:"resolvedAt,omitempty"`
	ResolverID ID               `json:"resolverId,omitempty"`
	Clocks     map[string]Clock `json:"clocks,omitempty"`
}

// Standing is how far the case is.
func (c *Case) Standing() CaseStanding {
	return CaseStanding{Status: c.Status, Resolution: c.Resolution, Outcome: c.Outcome, ResolvedAt: c.ResolvedAt, ResolverID: c.ResolverID, Clocks: c.Clocks}
}

// Stand puts the case where it stood.
func (c *Case) Stand(s CaseStanding) {
	c.Status, c.Resolution, c.Outcome, c.Awaiting, c.ResolvedAt, c.ResolverID = s.Status, s.Resolution, s.Outcome, nil, s.ResolvedAt, s.ResolverID
	c.SetClocks(s.Clocks)
}

// Brought is how an object stood in a case from which a merge brought it.
type Brought struct {
	FromID    ID    `json:"from"`
	FirstSeen Time  `json:"firstSeen,omitempty"`
	LastSeen  Time  `json:"lastSeen,omitempty"`
	Count     int64 `json:"count"`
	LinkProps
}

// Bring makes a link that stands, or is to stand, for an attachment in a merged
// case as well. The first case tells what the link says.
func (l *Link) Bring(from *Link) {
	b := Brought{FromID: from.From, FirstSeen: from.FirstSeen, LastSeen: from.LastSeen, Count: from.Count, LinkProps: from.LinkProps}
	b.LinkProps.Brought = nil
	l.Brought = append(slices.Clone(l.Brought), b)
	l.tellFirst()
}

// TakeBack is Bring undone; it tells whether the link still stands for another case.
func (l *Link) TakeBack(from ID) bool {
	l.Brought = slices.DeleteFunc(slices.Clone(l.Brought), func(b Brought) bool { return b.FromID == from })
	if len(l.Brought) == 0 {
		return false
	}
	l.tellFirst()
	return true
}

// BroughtFrom tells whether a merge of the case is behind the link.
func (l *Link) BroughtFrom(id ID) bool {
	return slices.ContainsFunc(l.Brought, func(b Brought) bool { return b.FromID == id })
}

func (l *Link) tellFirst() {
	all := l.Brought
	l.FirstSeen, l.LastSeen, l.Count, l.LinkProps = all[0].FirstSeen, all[0].LastSeen, all[0].Count, all[0].LinkProps
	l.Brought = all
}
