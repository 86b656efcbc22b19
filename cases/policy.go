package cases

import (
	"fmt"
	"slices"
	"strings"

	"casegraph"
	"casegraph/commit"
)

// The bounds of who is given cases.
const (
	MaxMembers  = 200 // of a queue or template, and of whom is chosen among all
	MaxSkills   = 50
	MaxCapacity = 1_000_000
	MaxAway     = 366 // days
)

// Candidate is somebody who may be given a case.
type Candidate struct {
	*casegraph.User
	Load    int // the open cases that they have
	Related int // of these, the ones that have to do with the case
}

// room tells why somebody can't be given a case; "" if they can.
func (c *Candidate) room(now casegraph.Time, role casegraph.Role, skills []string) string {
	switch {
	case c.Disabled || c.Role.Rank() < role.Rank():
		return "may not work it"
	case slices.ContainsFunc(skills, func(skill string) bool { return !slices.Contains(c.Skills, skill) }):
		return "without the skills"
	case c.AwayUntil > now:
		return "away"
	case c.Capacity != nil && int64(c.Load) >= *c.Capacity:
		return "with as many cases as they may have"
	}
	return ""
}

// Choose gives a case to one of the candidates who can take it, by the first of
// the policies that finds somebody. last is who was chosen last, creator who
// opened the case. why tells the policy or, where nobody is chosen, what stood
// against it.
func Choose(a *casegraph.Assignment, now casegraph.Time, role casegraph.Role, candidates []Candidate, last, creator casegraph.ID) (chosen casegraph.ID, why string) {
	var able []Candidate
	var reasons []string
	counts := map[string]int{}
	for i := range candidates {
		reason := candidates[i].room(now, role, a.Skills)
		if reason == "" {
			able = append(able, candidates[i])
			continue
		}
		if counts[reason]++; counts[reason] == 1 {
			reasons = append(reasons, reason)
		}
	}
	if len(able) == 0 {
		slices.Sort(reasons)
		for i, reason := range reasons {
			reasons[i] = fmt.Sprintf("%d %s", counts[reason], reason)
		}
		if len(reasons) == 0 {
			reasons = []string{"there is nobody"}
		}
		return "", "nobody can take it: " + strings.Join(reasons, ", ")
	}
	// From the next after the last one on, and round: ties are broken by whose turn it is.
	slices.SortFunc(able, func(x, y Candidate) int {
		if (x.ID > last) != (y.ID > last) {
			if x.ID > last {
				return -1
			}
			return 1
		}
		return strings.Compare(string(x.ID), string(y.ID))
	})
	for _, policy := range a.Policies {
		if best := preferred(policy, able, creator); best != nil {
			return best.ID, string(policy)
		}
	}
	return "", fmt.Sprintf("%d can take it and none by %s", len(able), policyNames(a))
}

// preferred is the one of those in turn whom a policy takes; nil for none.
func preferred(policy casegraph.AssignmentPolicy, able []Candidate, creator casegraph.ID) *Candidate {
	var best *Candidate
	for i := range able {
		c := &able[i]
		switch {
		case policy == casegraph.AssignRoundRobin && best == nil,
			policy == casegraph.AssignLeastLoaded && (best == nil || c.Load < best.Load),
			policy == casegraph.AssignCreator && c.ID == creator,
			policy == casegraph.AssignRelated && c.Related > 0 && (best == nil || c.Related > best.Related):
			best = c
		}
	}
	return best
}

func policyNames(a *casegraph.Assignment) string {
	names := make([]string, len(a.Policies))
	for i, p := range a.Policies {
		names[i] = string(p)
	}
	return strings.Join(names, " or ")
}

// Intake is what was looked at before a case is opened or put into a queue: to
// whom it may be given. Who has room is read in the commit itself.
type Intake struct {
	// Queue is the one that the case comes into; nil for none.
	Queue *casegraph.Queue
	// Assignment is the template's; nil for none. The queue's own comes first.
	Assignment *casegraph.Assignment
	// Turn names whose turns are counted where the template decides.
	Turn string
	// PeopleIDs are those among whom to choose, RelatedIDs the cases that have to
	// do with it.
	PeopleIDs, RelatedIDs []casegraph.ID
	// AsRead gives by what was read although the queue has changed meanwhile: for
	// those who can't read anew.
	AsRead bool
}

// Rule is by what the case is given to somebody; nil if nothing says so.
func (in *Intake) Rule() *casegraph.Assignment {
	if in.Queue != nil && in.Queue.Assignment != nil {
		return in.Queue.Assignment
	}
	return in.Assignment
}

// LooksAtRelated tells whether what was looked at is one case's alone.
func (in *Intake) LooksAtRelated() bool {
	rule := in.Rule()
	return rule != nil && slices.Contains(rule.Policies, casegraph.AssignRelated)
}

func (in *Intake) turn() string {
	if in.Queue != nil && in.Queue.Assignment != nil {
		return "turn/" + string(in.Queue.ID)
	}
	return "turn/" + in.Turn
}

// Give has a change that opens a case, or brings one into a queue, give it to
// somebody in the same commit. One that nobody can take stays with nobody. The
// event is case.assigned with the policy as its note, or case.not-assigned with
// the reason. If the queue has changed meanwhile the error is ErrMoved: read
// anew.
func (in *Intake) Give(change commit.Change) commit.Change {
	if in.Rule() == nil {
		return change
	}
	for _, id := range slices.Concat(in.PeopleIDs, in.RelatedIDs) {
		if !slices.Contains(change.Needs.Nodes, id) {
			change.Needs.Nodes = append(change.Needs.Nodes, id)
		}
	}
	change.Needs.Loads = append(change.Needs.Loads, in.PeopleIDs...)
	change.Needs.Values = append(change.Needs.Values, in.turn())
	decide := change.Decide
	change.Decide = func(v *commit.View) (*commit.Writes, error) {
		w, err := decide(v)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(w.Nodes, func(n casegraph.Node) bool { return n.Kind() == casegraph.KindCase })
		if i < 0 {
			return w, nil
		}
		return w, in.give(v, w.Nodes[i].(*casegraph.Case), w)
	}
	return change
}

func (in *Intake) give(v *commit.View, c *casegraph.Case, w *commit.Writes) error {
	was, _ := v.Node(c.ID).(*casegraph.Case)
	if c.AssigneeID != "" || c.ResolvedAt != 0 || (was != nil && c.QueueID == "") {
		return nil
	}
	if in.Queue != nil && !in.AsRead {
		if q, ok := v.Node(in.Queue.ID).(*casegraph.Queue); !ok || q.Version != in.Queue.Version {
			return ErrMoved
		}
	}
	role := casegraph.RoleInvestigator
	if c.Restricted {
		role = casegraph.RoleAdmin
	}
	var candidates []Candidate
	for _, id := range in.PeopleIDs {
		user, ok := v.Node(id).(*casegraph.User)
		if !ok || (was != nil && was.AssigneeID == id) { // who hands it on does not get it back
			continue
		}
		candidates = append(candidates, Candidate{User: user, Load: v.Load(id), Related: in.related(v, id)})
	}
	turn := in.turn()
	chosen, why := Choose(in.Rule(), v.Now, role, candidates, casegraph.ID(v.Value(turn)), c.CreatorID)
	if chosen == "" {
		w.Events = append(w.Events, commit.Event{Name: "case.not-assigned", Subject: c.ID, Note: why})
		return nil
	}
	c.AssigneeID, c.AssignedAt = chosen, v.Now
	w.Values = append(w.Values, casegraph.Value{Key: turn, Data: []byte(chosen)})
	w.Events = append(w.Events, commit.Event{Name: "case.assigned", Subject: c.ID, Note: why})
	return nil
}

// related counts the related cases that somebody has.
func (in *Intake) related(v *commit.View, user casegraph.ID) (count int) {
	for _, id := range in.RelatedIDs {
		if c, ok := v.Node(id).(*casegraph.Case); ok && c.HolderID() == user {
			count++
		}
	}
	return count
}

func checkFormAssignment(form *casegraph.TemplateForm) error {
	if _, err := Text("queue", form.Queue, 0, MaxTemplateWord); err != nil {
		return err
	}
	return checkAssignment("assignment", form.Assignment)
}

// checkAssignment refuses what says nothing, or too much.
func checkAssignment(place string, a *casegraph.Assignment) error {
	switch {
	case a == nil:
		return nil
	case len(a.Policies) == 0 || len(a.Policies) > len(casegraph.AssignmentPolicies):
		return casegraph.BadInput("%s.policies: 1 to %d", place, len(casegraph.AssignmentPolicies))
	case len(a.MemberIDs) > MaxMembers:
		return casegraph.BadInput("%s.memberIds: at most %d", place, MaxMembers)
	}
	for i, p := range a.Policies {
		if slices.Contains(a.Policies[:i], p) {
			return casegraph.BadInput("%s.policies[%d]: %s is there twice", place, i, p)
		}
	}
	for i, id := range a.MemberIDs {
		if kind, _ := casegraph.KindOf(id); kind != casegraph.KindUser {
			return casegraph.NoSuch(fmt.Sprintf("%s.memberIds[%d]", place, i), "user", id)
		}
		if slices.Contains(a.MemberIDs[:i], id) {
			return casegraph.BadInput("%s.memberIds[%d]: %s is there twice", place, i, id)
		}
	}
	_, err := CheckSkills(place+".skills", a.Skills)
	return err
}

func memberNeeds(a *casegraph.Assignment) []casegraph.ID {
	if a == nil {
		return nil
	}
	return a.MemberIDs
}

// haveMembers refuses members who are not there, or could not work a case.
func haveMembers(v *commit.View, place string, a *casegraph.Assignment) error {
	for i, id := range memberNeeds(a) {
		user, ok := v.Node(id).(*casegraph.User)
		if !ok {
			return casegraph.NoSuch(fmt.Sprintf("%s.memberIds[%d]", place, i), "user", id)
		}
		if user.Role.Rank() < casegraph.RoleInvestigator.Rank() {
			return casegraph.BadInput("%s.memberIds[%d]: %s needs the role %s to work cases", place, i, user.Name, casegraph.RoleInvestigator)
		}
	}
	return nil
}

// CheckSkills gives skills sorted, each once.
func CheckSkills(field string, skills []string) ([]string, error) {
	if len(skills) > MaxSkills {
		return nil, casegraph.BadInput("%s: at most %d", field, MaxSkills)
	}
	for i, skill := range skills {
		if len(skill) > MaxTemplateWord || !kebab.MatchString(skill) {
			return nil, casegraph.BadInput("%s[%d]: 1 to %d lower-case letters and digits, parted by single hyphens", field, i, MaxTemplateWord)
		}
	}
	sorted := slices.Sorted(slices.Values(skills))
	return slices.Compact(sorted), nil
}
