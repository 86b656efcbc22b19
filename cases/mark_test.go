package cases

import (
	"slices"
	"strings"
	"testing"

	"casegraph"
	"casegraph/commit"
)

// linked puts a link of each kind that people may say something of.
func (w *world) linked(t *testing.T) map[string]casegraph.LinkID {
	w.put("idn_device", &casegraph.Identifier{IdentifierKind: "device", Value: "d"})
	w.put("act_two", &casegraph.Account{})
	one, two := w.open(t, CreateInput{}).ID, w.open(t, CreateInput{}).ID
	links := map[string]casegraph.LinkID{}
	for _, id := range []casegraph.LinkID{
		{From: one, Kind: casegraph.LinkContains, To: account}, {From: one, Kind: casegraph.LinkRelatesTo, To: two, Key: "RELATES"},
		{From: session, Kind: casegraph.LinkOf, To: account, Key: "owner"}, {From: session, Kind: casegraph.LinkShows, To: "idn_device"},
		{From: account, Kind: casegraph.LinkHas, To: "idn_device"}, {From: account, Kind: casegraph.LinkPaid, To: "act_two", Key: "txn_1"},
		{From: account, Kind: casegraph.LinkRelated, To: "act_two", Key: "owns"}, {From: account, Kind: casegraph.LinkSameAs, To: "act_two"},
	} {
		w.links[id] = &casegraph.Link{LinkID: id, Count: 1}
		links[string(id.Kind)] = id
	}
	return links
}

func (w *world) markOf(link casegraph.LinkID) *casegraph.LinkMark {
	mark, _ := w.nodes[casegraph.MarkID(link)].(*casegraph.LinkMark)
	return mark
}

// last are the last events, as many as a change of a mark has.
func (w *world) last(n int) []casegraph.Event { return w.events[len(w.events)-n:] }

func TestLinksAreMarked(t *testing.T) {
	w := newWorld()
	for kind, link := range w.linked(t) {
		t.Run(kind, func(t *testing.T) {
			was := *w.links[link]
			ends := [2]int64{w.nodes[link.From].Head().Version, w.nodes[link.To].Head().Version}
			told := func(name, note string, paths ...string) {
				t.Helper()
				for i, about := range []casegraph.ID{casegraph.MarkID(link), link.From, link.To} {
					e := w.last(3)[i]
					if e.Name != name || e.Subject != about || e.Note != note || len(e.Links) != 1 || e.Links[0].Change != casegraph.LinkMarked {
						t.Fatalf("told %+v", e)
					}
					if l := e.Links[0]; (casegraph.LinkID{From: l.From, Kind: l.Kind, To: l.To, Key: l.Key}) != link || !slices.Equal(pathsOf(l.Changes), paths) {
						t.Errorf("told of %+v", l)
					}
					if about != casegraph.MarkID(link) && len(e.Changes) != 0 {
						t.Errorf("told %+v of an end, which is as it was", e.Changes)
					}
				}
			}
			silent := func(do func()) {
				t.Helper()
				events, before := len(w.events), w.markOf(link)
				if do(); len(w.events) != events || w.markOf(link) != before {
					t.Errorf("told %+v, marked %+v", w.events[events:], w.markOf(link))
				}
			}
			tags := func(change func(Asker, TagInput) (commit.Change, error), tags ...string) TagAnswer {
				t.Helper()
				c, err := change(investigator, TagInput{Link: &link, Tags: tags})
				return answer[TagAnswer](t, w.must(t, c, err))
			}

			silent(func() { // nothing is said yet, and nothing that is no more
				if got := tags(Untag, "shared"); got.Items[0].Outcome != NotTagged {
					t.Errorf("untagged: %+v", got)
				}
				c, err := ClearRisk(investigator, ClearRiskInput{Link: &link})
				if got := answer[RiskAnswer](t, w.must(t, c, err)).Outcome; got != NotMarked {
					t.Errorf("cleared: %s", got)
				}
				c, err = NoteLink(investigator, NoteLinkInput{Link: link, Note: " "})
				w.must(t, c, err)
			})
			if got := tags(Tag, "shared", "Library"); got.NodeID != "" || got.Link == nil || got.Link.LinkID != link || got.Link.Count != 1 || got.Items[1].Outcome != Tagged {
				t.Errorf("tagged: %+v", got)
			}
			told("link.tagged", "", "tags")
			silent(func() {
				if got := tags(Tag, "shared"); got.Items[0].Outcome != AlreadyTagged {
					t.Errorf("again: %+v", got)
				}
			})
			tags(Untag, "LIBRARY")
			told("link.untagged", "", "tags")

			mark := MarkRiskInput{Link: &link, Level: casegraph.RiskTrusted, Reason: "the library's", ExpectedVersion: version(2)}
			c, err := MarkRisk(investigator, mark)
			if got := answer[RiskAnswer](t, w.must(t, c, err)); got.Outcome != Marked || got.Link == nil {
				t.Errorf("marked: %+v", got)
			}
			told("link.risk-marked", "", "risk")
			mark.ExpectedVersion = nil
			silent(func() {
				c, err := MarkRisk(investigator, mark)
				if got := answer[RiskAnswer](t, w.must(t, c, err)).Outcome; got != AlreadyMarked {
					t.Errorf("again: %s", got)
				}
			})
			c, err = NoteLink(investigator, NoteLinkInput{Link: link, Note: " asked there "})
			if got := answer[NoteLinkAnswer](t, w.must(t, c, err)); got.Link == nil || got.Link.LinkID != link {
				t.Errorf("noted: %+v", got)
			}
			told("link.noted", "", "note")
			if got := w.markOf(link); got.Of != link || got.Version != 4 || !slices.Equal(got.Tags, []string{"shared"}) || got.Note != "asked there" || got.Risk.By != ben {
				t.Errorf("it has %+v", got)
			}
			c, err = ClearRisk(investigator, ClearRiskInput{Link: &link, Reason: "closed down"})
			w.must(t, c, err)
			told("link.risk-cleared", "closed down", "risk")
			c, err = NoteLink(investigator, NoteLinkInput{Link: link})
			w.must(t, c, err)
			if got := w.markOf(link); got.Risk != nil || got.Note != "" {
				t.Errorf("it has %+v still", got)
			}
			if now := *w.links[link]; now.Count != was.Count || now.LastSeen != was.LastSeen {
				t.Errorf("the link became %+v", now)
			}
			if now := [2]int64{w.nodes[link.From].Head().Version, w.nodes[link.To].Head().Version}; now != ends {
				t.Errorf("the ends have versions %v, and had %v", now, ends)
			}
		})
	}
}

func pathsOf(changes []casegraph.FieldChange) (paths []string) {
	for _, c := range changes {
		paths = append(paths, c.Path)
	}
	return paths
}

// A mark is found by its link's words: it is there again when the link is.
func TestMarksOutliveTheirLinks(t *testing.T) {
	w := newWorld()
	link := w.linked(t)["HAS"]
	c, err := Tag(investigator, TagInput{Link: &link, Tags: []string{"shared"}})
	w.must(t, c, err)
	was := w.links[link]
	delete(w.links, link)
	_, err = w.try(Untag(investigator, TagInput{Link: &link, Tags: []string{"shared"}}))
	refused(t, err, casegraph.CodeNotFound, "link")
	w.links[link] = was
	c, err = Untag(investigator, TagInput{Link: &link, Tags: []string{"shared"}, ExpectedVersion: version(1)})
	if got := answer[TagAnswer](t, w.must(t, c, err)).Items[0].Outcome; got != Untagged {
		t.Errorf("again there: %s", got)
	}
}

func TestMarksOfLinksRefused(t *testing.T) {
	w := newWorld()
	links := w.linked(t)
	has, relates := links["HAS"], links["RELATES_TO"]
	other, back := has, casegraph.LinkID{From: has.To, Kind: has.Kind, To: has.From}
	other.Key = "other"
	about := casegraph.LinkID{From: "cmt_x", Kind: casegraph.LinkAbout, To: relates.From}
	w.put("cmt_x", &casegraph.Comment{CaseID: relates.From})
	w.links[about] = &casegraph.Link{LinkID: about}
	c, err := Tag(admin, TagInput{Link: &relates, Tags: []string{"x"}})
	w.must(t, c, err)
	w.caseOf(relates.To).Restricted = true
	blind := investigator
	blind.Mask.IdentifierKinds = []casegraph.IdentifierKind{"device"}
	for name, test := range map[string]struct {
		by       Asker
		on       subject
		expected *int64
		code     casegraph.Code
		field    string
	}{
		"of nothing":                   {investigator, subject{}, nil, casegraph.CodeBadInput, "nodeId"},
		"of a node and a link":         {investigator, subject{account, &has}, nil, casegraph.CodeBadInput, "nodeId"},
		"of no link":                   {investigator, subject{link: &other}, nil, casegraph.CodeNotFound, "link"},
		"of one the other way":         {investigator, subject{link: &back}, nil, casegraph.CodeNotFound, "link"},
		"of one to a hidden case":      {investigator, subject{link: &relates}, version(7), casegraph.CodeNotFound, "link"},
		"of one to what is hidden":     {blind, subject{link: &has}, nil, casegraph.CodeNotFound, "link"},
		"of a comment's":               {admin, subject{link: &about}, nil, casegraph.CodeNotFound, "link"},
		"by a viewer":                  {viewer, subject{link: &has}, nil, casegraph.CodeForbidden, ""},
		"of a version before any mark": {investigator, subject{link: &has}, version(1), casegraph.CodeConflict, "expectedVersion"},
		"of none, when there is a mark": {admin, subject{link: &relates}, version(0),
			casegraph.CodeConflict, "expectedVersion"},
		"of a mark by its id": {investigator, subject{nodeID: casegraph.MarkID(relates)}, nil, casegraph.CodeNotFound, "nodeId"},
	} {
		t.Run(name, func(t *testing.T) {
			events := len(w.events)
			_, err := w.try(Tag(test.by, TagInput{NodeID: test.on.nodeID, Link: test.on.link, ExpectedVersion: test.expected, Tags: []string{"x"}}))
			refused(t, err, test.code, test.field)
			_, err = w.try(MarkRisk(test.by, MarkRiskInput{NodeID: test.on.nodeID, Link: test.on.link, ExpectedVersion: test.expected, Level: casegraph.RiskTrusted, Reason: "x"}))
			refused(t, err, test.code, test.field)
			if test.on.link != nil && test.on.nodeID == "" {
				_, err = w.try(NoteLink(test.by, NoteLinkInput{Link: *test.on.link, ExpectedVersion: test.expected, Note: "x"}))
				refused(t, err, test.code, test.field)
			}
			if len(w.events) != events {
				t.Errorf("told %+v", w.events[events:])
			}
		})
	}
	_, err = w.try(NoteLink(investigator, NoteLinkInput{Link: has, Note: strings.Repeat("x", MaxNote+1)}))
	refused(t, err, casegraph.CodeBadInput, "note")
	_, err = w.try(Tag(investigator, TagInput{Link: &has, Tags: []string{strings.Repeat("x", MaxTag+1)}}))
	refused(t, err, casegraph.CodeBadInput, "tags[0]")
}
