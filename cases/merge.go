package cases

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"casegraph"
	"casegraph/commit"
)

// The bounds of merging.
const (
	MaxMergedAtOnce  = 20
	MaxMerged        = 50    // cases in one, with those that were merged into them
	MaxMergedObjects = 2_000 // of the merged cases of a call together
)

// MergeInput makes cases go on in another.
type MergeInput struct {
	IntoID          casegraph.ID
	ExpectedVersion *int64 // of IntoID; nil is any
	From            []MergedInput
	Reason          string // 1 to MaxNote characters
}

// MergedInput is a case to merge into another, or to take out of it again.
type MergedInput struct {
	CaseID          casegraph.ID
	ExpectedVersion *int64 // nil is any
	// Status is the end that an open case gets, "" if it can get only one;
	// Resolution how it came out, "" is Duplicate where the template lists that or
	// lists none. Unmerge takes neither.
	Status, Resolution string
}

// MergeAnswer names the cases, in the order given, and how many objects came
// into the one that goes on, or left it.
type MergeAnswer struct {
	IntoID  casegraph.ID   `json:"intoId"`
	FromIDs []casegraph.ID `json:"fromIds"`
	Objects int            `json:"objects"`
}

// Workflows are those of the templates that cases follow, by the templates'
// ids; "" is General.
type Workflows map[casegraph.ID]*Workflow

// Merge makes cases go on in another, all or none: what they contain comes into
// it, each object with how it stood in which case, and they end as its
// duplicates with all that is their own. The other is open, since what is to be
// decided is decided there: fields, checklists and notes keep no case from its
// end. But that end is one that the asker's role may bring it to, and alone: who
// may decide, and how many, is not changed by a merge. What a second person was
// asked for is taken back. It answers MergeAnswer; the events are case.merged,
// about IntoID, and case.merged-into.
func Merge(by Asker, in MergeInput, flows Workflows) (commit.Change, error) {
	reason, err := by.checkMerge(&in)
	if err != nil {
		return commit.Change{}, err
	}
	needs := in.needs()
	for _, from := range in.From {
		needs.Evidence = append(needs.Evidence, from.CaseID)
		needs.Links = append(needs.Links, mergedInto(from.CaseID, in.IntoID), mergedInto(in.IntoID, from.CaseID))
	}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		m, err := by.mergerOf(v, &in)
		if err == nil {
			err = m.goesOn(flows)
		}
		if err != nil {
			return nil, err
		}
		objects := 0
		for i, c := range m.from {
			if err := m.merge(v, by, flows, i, reason); err != nil {
				return nil, err
			}
			if objects += len(v.Evidence(c.ID)); objects > MaxMergedObjects {
				return nil, &casegraph.Error{Code: casegraph.CodeTooLarge, Field: "from", Message: fmt.Sprintf("from: more than %d objects together", MaxMergedObjects)}
			}
		}
		if len(m.into.MergedFrom) > MaxMerged {
			return nil, casegraph.BadInput("from: at most %d cases are merged into one", MaxMerged)
		}
		return responded(v, m.into, m.writes("case.merged", "case.merged-into", reason)), nil
	}}, nil
}

// Unmerge takes merged cases out of the one in which they went on: what their
// merge made is undone and nothing else. An object that was attached anew since
// stays, one that was taken out since stays out, and what happened to the cases
// themselves stays as well. It answers MergeAnswer; the events are
// case.unmerged, about IntoID, and case.unmerged-from.
func Unmerge(by Asker, in MergeInput) (commit.Change, error) {
	reason, err := by.checkMerge(&in)
	if err != nil {
		return commit.Change{}, err
	}
	needs := in.needs()
	for _, from := range in.From {
		needs.Links = append(needs.Links, mergedInto(from.CaseID, in.IntoID))
	}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		m, err := by.mergerOf(v, &in)
		if err != nil {
			return nil, err
		}
		for i := range m.from {
			if err := m.unmerge(i); err != nil {
				return nil, err
			}
		}
		return responded(v, m.into, m.writes("case.unmerged", "case.unmerged-from", reason)), nil
	}}, nil
}

func (a Asker) checkMerge(in *MergeInput) (reason string, err error) {
	if err := a.Require(casegraph.RoleInvestigator); err != nil {
		return "", err
	}
	if n := len(in.From); n == 0 || n > MaxMergedAtOnce {
		return "", casegraph.BadInput("from: from 1 to %d cases", MaxMergedAtOnce)
	}
	seen := map[casegraph.ID]bool{in.IntoID: true}
	for i, from := range in.From {
		if seen[from.CaseID] {
			return "", casegraph.BadInput("from[%d].caseId: %.100q is named twice", i, string(from.CaseID))
		}
		seen[from.CaseID] = true
	}
	return Text("reason", in.Reason, 1, MaxNote)
}

func (in *MergeInput) needs() casegraph.Needs {
	needs := casegraph.Needs{Nodes: []casegraph.ID{in.IntoID}, Evidence: []casegraph.ID{in.IntoID}}
	for _, from := range in.From {
		needs.Nodes = append(needs.Nodes, from.CaseID)
	}
	return needs
}

func mergedInto(from, into casegraph.ID) casegraph.LinkID {
	return casegraph.LinkID{From: from, Kind: casegraph.LinkRelatesTo, To: into, Key: string(MergedInto)}
}

// merger is a merge under way, or one that is undone.
type merger struct {
	in   *MergeInput
	into *casegraph.Case
	from []*casegraph.Case
	// has is what the case contains as it goes on; changed are the objects whose
	// link does not stand as it stood.
	has     map[casegraph.ID]*casegraph.Link
	changed map[casegraph.ID]bool
	links   []casegraph.Link
	ends    []casegraph.LinkID
	rung    []commit.Event // of clocks, by the time of the merge
}

func (a Asker) mergerOf(v *commit.View, in *MergeInput) (*merger, error) {
	into, err := a.caseNode(v, "intoId", in.IntoID, in.ExpectedVersion)
	switch {
	case err != nil:
		return nil, err
	case into.Merged != nil:
		return nil, casegraph.BadInput("intoId: %s is itself merged into another case", into.Number)
	}
	m := &merger{in: in, into: into, has: map[casegraph.ID]*casegraph.Link{}, changed: map[casegraph.ID]bool{}}
	for i, from := range in.From {
		c, err := a.caseNode(v, fmt.Sprintf("from[%d].caseId", i), from.CaseID, nil)
		if err == nil {
			err = Within(fmt.Sprintf("from[%d]", i), AtVersion(c, from.ExpectedVersion))
		}
		if err != nil {
			return nil, err
		}
		m.from = append(m.from, c)
	}
	for _, l := range v.Evidence(in.IntoID) {
		m.has[l.To] = l
	}
	return m, nil
}

// goesOn refuses to merge into a case that is at its end: what is open would be
// gone from everybody's work.
func (m *merger) goesOn(flows Workflows) error {
	flow := flows[m.into.TemplateID]
	switch {
	case flow == nil:
		return ErrMoved
	case flow.ended(m.into):
		return casegraph.BadInput("intoId: %s is at its end; reopen it first", m.into.Number)
	}
	return nil
}

func (m *merger) merge(v *commit.View, by Asker, flows Workflows, i int, reason string) error {
	c, from, field := m.from[i], m.in.From[i], fmt.Sprintf("from[%d]", i)
	link := mergedInto(c.ID, m.into.ID)
	switch {
	case c.Merged != nil:
		return casegraph.BadInput("%s.caseId: %s is merged into another case already", field, c.Number)
	case c.Restricted != m.into.Restricted:
		return casegraph.BadInput("%s.caseId: of %s and %s only administrators see one", field, c.Number, m.into.Number)
	case v.Link(link) != nil || v.Link(mergedInto(m.into.ID, c.ID)) != nil:
		return casegraph.BadInput("%s.caseId: it is linked as merged already; unlink that first", field)
	}
	c.Merged = &casegraph.MergedCase{IntoID: m.into.ID, ByID: v.Actor, At: v.Now, Reason: reason}
	flow := flows[c.TemplateID]
	if flow == nil {
		return ErrMoved
	}
	AskAnew(c)
	if !flow.ended(c) {
		if err := Within(field, flow.endAsDuplicate(v, by, c, from.Status, from.Resolution)); err != nil {
			return err
		}
	} else if from.Status != "" || from.Resolution != "" {
		return casegraph.BadInput("%s.status: %s is at its end already", field, c.Number)
	}
	m.rung = append(m.rung, rung(v.Node(c.ID).(*casegraph.Case), c)...)
	m.links = append(m.links, madeLink(v, link, casegraph.LinkProps{Reason: reason}))
	m.into.MergedFrom = append(append(slices.Clone(m.into.MergedFrom), c.MergedFrom...), c.ID)
	for _, l := range v.Evidence(c.ID) {
		m.bring(l)
	}
	return nil
}

// ended tells whether a case is at an end.
func (w *Workflow) ended(c *casegraph.Case) bool {
	status := w.status(c.Status)
	return c.ResolvedAt != 0 || status != nil && status.Stage == casegraph.StageEnd
}

// endAsDuplicate ends a case.
func (w *Workflow) endAsDuplicate(v *commit.View, by Asker, c *casegraph.Case, status, resolution string) error {
	end, err := w.endAlone(by, c, status)
	if err != nil {
		return err
	}
	if resolution == "" && (len(w.Template.Resolutions) == 0 || w.resolution("Duplicate") != nil) {
		resolution = "Duplicate"
	}
	resolution, err = Text("resolution", resolution, 0, MaxResolution)
	if err != nil {
		return err
	}
	checked, err := w.checkResolution(resolution)
	if err != nil {
		return err
	}
	ring(c, v.Now)
	before := c.Standing()
	stopAll(c, v.Now)
	c.Merged.Before = &before
	c.Stand(casegraph.CaseStanding{Status: end.Name, Resolution: checked.Name, Outcome: checked.Outcome, ResolvedAt: v.Now, ResolverID: v.Actor, Clocks: c.Clocks})
	return nil
}

// endAlone is the end of that name, or the only one if it is "", of those that
// the asker may bring the case to: over transitions that his role allows and
// none of which needs a second person.
func (w *Workflow) endAlone(by Asker, c *casegraph.Case, name string) (*casegraph.TemplateStatus, error) {
	var ends []string
	reached, open := map[string]bool{c.Status: true}, w.transitions(c)
	for len(open) > 0 {
		t := open[0]
		open = open[1:]
		if reached[t.To] || t.SecondPerson || by.Require(t.LeastRole()) != nil {
			continue
		}
		reached[t.To] = true
		if next := w.status(t.To); next.Stage == casegraph.StageEnd {
			ends = append(ends, next.Name)
		} else {
			open = append(open, next.Transitions...)
		}
	}
	end := w.status(name)
	switch {
	case len(ends) == 0:
		return nil, casegraph.BadInput("status: from %s it comes to an end only by another role or a second person; link the cases, or end it first", c.Status)
	case name == "" && len(ends) == 1:
		return w.status(ends[0]), nil
	case end == nil || !slices.Contains(ends, end.Name):
		return nil, casegraph.BadInput("status: one of %s", strings.Join(ends, " or "))
	}
	return end, nil
}

// bring makes what a merged case contains stand in the other, where that does
// not have it by itself.
func (m *merger) bring(l *casegraph.Link) {
	has := m.has[l.To]
	if has != nil && len(has.Brought) == 0 {
		return
	}
	brought := casegraph.Link{LinkID: contains(m.into.ID, l.To)}
	if has != nil {
		brought = *has
	}
	brought.Bring(l)
	m.put(l.To, &brought)
}

func (m *merger) put(object casegraph.ID, l *casegraph.Link) {
	m.has[object], m.changed[object] = l, true
}

func (m *merger) unmerge(i int) error {
	c := m.from[i]
	if c.Merged == nil || c.Merged.IntoID != m.into.ID {
		return casegraph.BadInput("from[%d].caseId: %s is not merged into %s", i, c.Number, m.into.Number)
	}
	if before := c.Merged.Before; before != nil && c.ResolvedAt == c.Merged.At {
		c.Stand(*before)
	}
	c.Merged = nil
	m.into.MergedFrom = slices.DeleteFunc(slices.Clone(m.into.MergedFrom), func(id casegraph.ID) bool {
		return id == c.ID || slices.Contains(c.MergedFrom, id)
	})
	m.ends = append(m.ends, mergedInto(c.ID, m.into.ID))
	for object, l := range m.has {
		if l != nil && l.BroughtFrom(c.ID) {
			left := *l
			if left.TakeBack(c.ID) {
				m.put(object, &left)
			} else {
				m.put(object, nil)
			}
		}
	}
	return nil
}

func (m *merger) writes(name, nameOfEach, reason string) *commit.Writes {
	w := &commit.Writes{Nodes: []casegraph.Node{m.into}, Links: m.links, Ends: m.ends,
		Events: []commit.Event{{Name: name, Subject: m.into.ID, Note: reason}}}
	answer := MergeAnswer{IntoID: m.into.ID}
	for _, c := range m.from {
		w.Nodes = append(w.Nodes, c)
		w.Events = append(w.Events, commit.Event{Name: nameOfEach, Subject: c.ID, Note: reason})
		answer.FromIDs = append(answer.FromIDs, c.ID)
	}
	if len(m.changed) > 0 {
		AskAnew(m.into)
	}
	for _, object := range slices.Sorted(maps.Keys(m.changed)) {
		if l := m.has[object]; l != nil {
			w.Links = append(w.Links, *l)
		} else {
			w.Ends = append(w.Ends, contains(m.into.ID, object))
		}
	}
	w.Events = append(w.Events, m.rung...)
	answer.Objects = len(m.changed)
	w.Answer = Encode(answer)
	return w
}

// standsAlone refuses a change of a case that goes on in another.
func standsAlone(field string, c *casegraph.Case) error {
	if c.Merged == nil {
		return nil
	}
	return casegraph.BadInput("%s: %s is merged into another case; do it there, or unmerge it", field, c.Number)
}
