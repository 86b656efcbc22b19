package cases

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"casegraph"
	"casegraph/commit"
	"casegraph/words"
)

// casework is people working a few cases in any order, some of them wrongly.
type casework struct {
	*world
	cases []casegraph.ID
	// read is an ancestry that somebody read at some time.
	read Ancestry
}

// Whatever people do, in any order, with whatever role, version and old
// knowledge, the rules of casework hold.
func TestCasework(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		work := &casework{world: newWorld()}
		t.Repeat(map[string]func(*rapid.T){
			"create":        work.create,
			"attach":        work.attach,
			"detach":        work.detach,
			"assign":        work.assign,
			"unassign":      work.unassign,
			"set status":    work.setStatus,
			"move on":       work.moveOn,
			"comment":       work.comment,
			"tag":           work.tag,
			"untag":         work.untag,
			"update":        work.update,
			"link":          work.link,
			"unlink":        work.unlink,
			"read ancestry": work.readAncestry,
			"":              work.check,
		})
	})
}

// However people link four cases, some of them by what they read long ago, no
// case comes to be above itself.
func TestParents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		work := &casework{world: newWorld()}
		for range 4 {
			change, err := Create(admin, CreateInput{Title: "A case"}, General, work.newID)
			work.take(t, change, err)
			work.cases = append(work.cases, change.Needs.Nodes[0])
		}
		t.Repeat(map[string]func(*rapid.T){
			"link":          work.link,
			"unlink":        work.unlink,
			"read ancestry": work.readAncestry,
			"":              work.check,
		})
	})
}

var (
	anybody   = rapid.SampledFrom([]Asker{admin, admin, investigator, investigator, viewer})
	anyUser   = rapid.SampledFrom([]casegraph.ID{ana, ben, vic, gone, "usr_missing"})
	anyObject = rapid.SampledFrom([]casegraph.ID{account, session, account, session, "act_missing"})
	anyTags   = rapid.SliceOfN(rapid.SampledFrom([]string{"mule", "Mule", "ring", "Ring", "café", "cafe", ""}), 1, 3)
	anyFields = rapid.SampledFrom([]casegraph.Fields{nil, casegraph.Fields(`{"a":1}`), casegraph.Fields(`{"a":null}`), casegraph.Fields(`{"a":{"b":2}}`)})
)

func (c *casework) anyCase(t *rapid.T) casegraph.ID {
	if len(c.cases) == 0 || rapid.IntRange(0, 19).Draw(t, "missing") == 19 {
		return "case_missing"
	}
	return rapid.SampledFrom(c.cases).Draw(t, "case")
}

// anyVersion is none, the right one, or any.
func (c *casework) anyVersion(t *rapid.T, id casegraph.ID) *int64 {
	switch n := c.nodes[id]; rapid.IntRange(0, 2).Draw(t, "version") {
	case 0:
		return nil
	case 1:
		if n != nil {
			return version(n.Head().Version)
		}
	}
	return version(rapid.Int64Range(1, 4).Draw(t, "expected"))
}

// take does a change, and looks at what must hold of any.
func (c *casework) take(t *rapid.T, change commit.Change, err error) bool {
	if err != nil {
		c.wantMeant(t, err)
		return false
	}
	before, events := maps.Clone(c.nodes), len(c.events)
	links, values := len(c.links), fmt.Sprint(c.values)
	result := c.do(change)
	told := map[casegraph.ID]bool{}
	for _, event := range c.events[events:] {
		told[event.Subject] = true
	}
	for id, n := range c.nodes {
		was := before[id]
		switch {
		case was == nil && n.Head().Version != 1:
			t.Fatalf("%s begins at version %d", id, n.Head().Version)
		case was != nil && was != n && n.Head().Version != was.Head().Version+1:
			t.Fatalf("%s goes from version %d to %d", id, was.Head().Version, n.Head().Version)
		case was != n && !told[id]:
			t.Fatalf("no event tells the change of %s", id)
		}
	}
	if result.Err != nil {
		c.wantMeant(t, result.Err)
		if !maps.Equal(before, c.nodes) || len(c.links) != links || len(c.events) != events || fmt.Sprint(c.values) != values {
			t.Fatalf("a refused change left a trace")
		}
	}
	return result.Err == nil
}

// wantMeant wants an error that callers are meant to read.
func (c *casework) wantMeant(t *rapid.T, err error) {
	if casegraph.CodeOf(err) == casegraph.CodeInternal {
		t.Fatalf("the error is not for callers: %v", err)
	}
}

func (c *casework) create(t *rapid.T) {
	if len(c.cases) == 6 {
		return
	}
	in := CreateInput{Title: "A case", AssigneeID: rapid.SampledFrom([]casegraph.ID{"", "", ana, ben, vic}).Draw(t, "assignee"),
		Restricted: rapid.Bool().Draw(t, "restricted"), Tags: anyTags.Draw(t, "tags"), Fields: anyFields.Draw(t, "fields"),
		Objects: []ObjectInput{{ID: anyObject.Draw(t, "object")}}}
	change, err := Create(anybody.Draw(t, "by"), in, General, c.newID)
	if c.take(t, change, err) {
		c.cases = append(c.cases, change.Needs.Nodes[0])
	}
}

func (c *casework) attach(t *rapid.T) {
	id := c.anyCase(t)
	change, err := Attach(anybody.Draw(t, "by"), AttachInput{CaseID: id, ExpectedVersion: c.anyVersion(t, id),
		Objects: []ObjectInput{{ID: anyObject.Draw(t, "object")}, {ID: anyObject.Draw(t, "object")}}})
	c.take(t, change, err)
}

func (c *casework) detach(t *rapid.T) {
	id := c.anyCase(t)
	change, err := Detach(anybody.Draw(t, "by"), DetachInput{CaseID: id, ExpectedVersion: c.anyVersion(t, id),
		ObjectIDs: []casegraph.ID{anyObject.Draw(t, "object")}})
	c.take(t, change, err)
}

func (c *casework) assign(t *rapid.T) {
	id := c.anyCase(t)
	change, err := Assign(anybody.Draw(t, "by"), AssignInput{CaseID: id, ExpectedVersion: c.anyVersion(t, id), AssigneeID: anyUser.Draw(t, "assignee")})
	c.take(t, change, err)
}

func (c *casework) unassign(t *rapid.T) {
	id := c.anyCase(t)
	change, err := Unassign(anybody.Draw(t, "by"), UnassignInput{CaseID: id, ExpectedVersion: c.anyVersion(t, id)})
	c.take(t, change, err)
}

func (c *casework) setStatus(t *rapid.T) {
	id := c.anyCase(t)
	in := SetStatusInput{CaseID: id, ExpectedVersion: c.anyVersion(t, id), Status: rapid.SampledFrom(General.Statuses()).Draw(t, "status"),
		Resolution: rapid.SampledFrom([]string{"", "", "confirmed"}).Draw(t, "resolution")}
	change, err := SetStatus(anybody.Draw(t, "by"), in, General)
	c.take(t, change, err)
}

// moveOn sets a status that may follow.
func (c *casework) moveOn(t *rapid.T) {
	if len(c.cases) == 0 {
		return
	}
	id := rapid.SampledFrom(c.cases).Draw(t, "case")
	status := rapid.SampledFrom(following(General, c.caseOf(id))).Draw(t, "status")
	change, err := SetStatus(admin, SetStatusInput{CaseID: id, Status: status}, General)
	if !c.take(t, change, err) {
		t.Fatalf("%s may follow and is refused", status)
	}
}

func (c *casework) comment(t *rapid.T) {
	id := c.anyCase(t)
	change, err := Comment(anybody.Draw(t, "by"), CommentInput{CaseID: id, ExpectedVersion: c.anyVersion(t, id), Body: "seen"}, nil, c.newID)
	c.take(t, change, err)
}

func (c *casework) tag(t *rapid.T)   { c.changeTags(t, Tag) }
func (c *casework) untag(t *rapid.T) { c.changeTags(t, Untag) }

func (c *casework) changeTags(t *rapid.T, how func(Asker, TagInput) (commit.Change, error)) {
	id := rapid.SampledFrom(append([]casegraph.ID{account, session, ben}, c.cases...)).Draw(t, "node")
	change, err := how(anybody.Draw(t, "by"), TagInput{NodeID: id, ExpectedVersion: c.anyVersion(t, id), Tags: anyTags.Draw(t, "tags")})
	c.take(t, change, err)
}

func (c *casework) update(t *rapid.T) {
	id := rapid.SampledFrom(append([]casegraph.ID{account, session, ben}, c.cases...)).Draw(t, "node")
	change, err := UpdateFields(anybody.Draw(t, "by"), UpdateFieldsInput{NodeID: id, ExpectedVersion: c.anyVersion(t, id), Fields: patch(anyFields.Draw(t, "fields"))}, General)
	c.take(t, change, err)
}

var anyRelation = rapid.SampledFrom([]Relation{ParentOf, ParentOf, ParentOf, Relates, DuplicateOf})

func (c *casework) link(t *rapid.T) {
	in := LinkCasesInput{FromID: c.anyCase(t), ToID: c.anyCase(t), Relation: anyRelation.Draw(t, "relation")}
	if in.Ancestry = c.read; rapid.Bool().Draw(t, "read now") {
		in.Ancestry = c.above(in.FromID)
	} else {
		in.FromID = in.Ancestry.Of
	}
	change, err := LinkCases(anybody.Draw(t, "by"), in)
	c.take(t, change, err)
}

func (c *casework) unlink(t *rapid.T) {
	in := LinkCasesInput{FromID: c.anyCase(t), ToID: c.anyCase(t), Relation: anyRelation.Draw(t, "relation")}
	change, err := UnlinkCases(anybody.Draw(t, "by"), in)
	c.take(t, change, err)
}

func (c *casework) readAncestry(t *rapid.T) { c.read = c.above(c.anyCase(t)) }

// check looks at what must hold at any time.
func (c *casework) check(t *rapid.T) {
	for i, id := range c.cases {
		is := c.caseOf(id)
		if want := fmt.Sprint("CASE-", i+1); is.Number != want {
			t.Fatalf("the number %s stands where %s should", is.Number, want)
		}
		if (is.Status == StatusResolved) != (is.ResolvedAt != 0) || (is.ResolvedAt != 0) != (is.ResolverID != "") {
			t.Fatalf("%s, resolved at %d by %q", is.Status, is.ResolvedAt, is.ResolverID)
		}
		if is.Resolution != "" && is.Status != StatusResolved {
			t.Fatalf("%s with the resolution %q", is.Status, is.Resolution)
		}
		if (is.AssigneeID != "") != (is.AssignedAt != 0) {
			t.Fatalf("assigned to %q at %d", is.AssigneeID, is.AssignedAt)
		}
		if c.above(id).Above[id] {
			t.Fatalf("%s is above itself", id)
		}
		c.checkTags(t, is.Tags)
	}
	c.checkTags(t, *tagsOf(c.nodes[account]))
	for i, event := range c.events {
		if event.Seq != casegraph.Seq(i+1) {
			t.Fatalf("the event %d has the number %d", i+1, event.Seq)
		}
	}
}

func (c *casework) checkTags(t *rapid.T, tags []string) {
	var folded []string
	for _, tag := range tags {
		folded = append(folded, words.Fold(tag))
	}
	slices.Sort(folded)
	if len(slices.Compact(folded)) != len(tags) {
		t.Fatalf("tags alike: %q", tags)
	}
}
