package cases

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"casegraph"
)

// keep makes a view of the asker's.
func (w *world) keep(t testing.TB, by Asker, in CreateViewInput) *casegraph.View {
	t.Helper()
	if in.Name == "" {
		in.Name = "A view"
	}
	if in.Of == "" {
		in.Of = casegraph.KindCase
	}
	change, err := CreateView(by, in, w.newID)
	return w.nodes[answer[ViewAnswer](t, w.must(t, change, err)).ViewID].(*casegraph.View)
}

func TestViewsAreTheirOwners(t *testing.T) {
	w := newWorld()
	id := w.keep(t, investigator, CreateViewInput{Name: " Open ", Filter: casegraph.Fields(`{"resolvedAt":{"exists":false}}`), OrderBy: casegraph.ByDue}).ID
	view := func() *casegraph.View { return w.nodes[id].(*casegraph.View) }
	if v := view(); v.Name != "Open" || v.OwnerID != ben || v.Sharing != casegraph.ViewPrivate || w.lastEvent().Name != "view.created" {
		t.Errorf("made: %+v", v)
	}
	rename := func(by Asker, name string) error {
		_, err := w.try(UpdateView(by, UpdateViewInput{ViewID: id, Name: given(name)}))
		return err
	}
	refused(t, rename(viewer, "Mine"), casegraph.CodeNotFound, "viewId")
	share := func(in ShareViewInput) error {
		in.ViewID = id
		_, err := w.try(ShareView(investigator, in))
		return err
	}
	if err := share(ShareViewInput{Sharing: casegraph.ViewPeople, SharedWithIDs: []casegraph.ID{vic, vic}}); err != nil || !slices.Equal(view().SharedWithIDs, []casegraph.ID{vic}) || w.lastEvent().Name != "view.shared" {
		t.Errorf("shared: %v, %+v", err, view())
	}
	refused(t, share(ShareViewInput{Sharing: casegraph.ViewPeople, SharedWithIDs: []casegraph.ID{"usr_none"}}), casegraph.CodeNotFound, "sharedWithIds[0]")
	refused(t, rename(viewer, "Mine"), casegraph.CodeForbidden, "")
	_, err := w.try(ShareView(viewer, ShareViewInput{ViewID: id, Sharing: casegraph.ViewEverybody}))
	refused(t, err, casegraph.CodeForbidden, "")
	_, err = w.try(ArchiveView(viewer, ArchiveViewInput{ViewID: id, Archived: true}))
	refused(t, err, casegraph.CodeForbidden, "")
	if err := rename(admin, "Everybody's"); err != nil || view().Name != "Everybody's" || view().OwnerID != ben {
		t.Errorf("by an administrator: %v, %+v", err, view())
	}
	if err := share(ShareViewInput{Sharing: casegraph.ViewPrivate}); err != nil || view().SharedWithIDs != nil {
		t.Errorf("taken back: %v, %+v", err, view())
	}
	refused(t, rename(viewer, "Mine"), casegraph.CodeNotFound, "viewId")
	refused(t, share(ShareViewInput{Sharing: casegraph.ViewEverybody, ExpectedVersion: version(1)}), casegraph.CodeConflict, "expectedVersion")

	change, err := ArchiveView(investigator, ArchiveViewInput{ViewID: id, Archived: true})
	w.must(t, change, err)
	since := view().ArchivedAt
	w.must(t, change, err)
	if view().ArchivedAt != since || since == 0 || w.lastEvent().Name != "view.archived" {
		t.Errorf("archived twice: %+v", view())
	}
	change, err = ArchiveView(investigator, ArchiveViewInput{ViewID: id})
	w.must(t, change, err)
	if view().ArchivedAt != 0 || w.lastEvent().Name != "view.restored" {
		t.Errorf("restored: %+v", view())
	}
}

func TestUpdatingAViewLeavesWhatIsNotGiven(t *testing.T) {
	w := newWorld()
	id := w.keep(t, investigator, CreateViewInput{Description: "Why", Filter: casegraph.Fields(`{}`), OrderBy: casegraph.ByDue, Ascending: true, Columns: []string{"number"}}).ID
	was := *w.nodes[id].(*casegraph.View)
	order := casegraph.ByCreated
	for name, c := range map[string]struct {
		in   UpdateViewInput
		want func(*casegraph.View)
	}{
		"nothing":        {UpdateViewInput{}, func(*casegraph.View) {}},
		"a name":         {UpdateViewInput{Name: given("B")}, func(v *casegraph.View) { v.Name = "B" }},
		"no description": {UpdateViewInput{Description: null}, func(v *casegraph.View) { v.Description = "" }},
		"a filter":       {UpdateViewInput{Filter: casegraph.OptFields{Set: true, Value: casegraph.Fields(`{"a":1}`)}}, func(v *casegraph.View) { v.Filter = `{"a":1}` }},
		"no filter":      {UpdateViewInput{Filter: casegraph.OptFields{Set: true}}, func(v *casegraph.View) { v.Filter = "" }},
		"an order":       {UpdateViewInput{OrderBy: &order}, func(v *casegraph.View) { v.OrderBy, v.Ascending = order, false }},
		"columns":        {UpdateViewInput{Columns: []string{"a", " b "}}, func(v *casegraph.View) { v.Columns = []string{"a", "b"} }},
		"no columns":     {UpdateViewInput{Columns: []string{}}, func(v *casegraph.View) { v.Columns = nil }},
	} {
		t.Run(name, func(t *testing.T) {
			start := was
			w.nodes[id] = &start
			c.in.ViewID = id
			change, err := UpdateView(investigator, c.in)
			w.must(t, change, err)
			got, want := *w.nodes[id].(*casegraph.View), was
			c.want(&want)
			got.Header, want.Header = casegraph.Header{}, casegraph.Header{}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

func TestViewsAreBounded(t *testing.T) {
	w := newWorld()
	id := w.keep(t, investigator, CreateViewInput{}).ID
	many := func(n int) (all []string) {
		for i := range n {
			all = append(all, fmt.Sprint(i))
		}
		return all
	}
	for name, c := range map[string]struct {
		in    CreateViewInput
		field string
	}{
		"no name":             {CreateViewInput{Name: " "}, "name"},
		"a long name":         {CreateViewInput{Name: strings.Repeat("x", MaxViewName+1)}, "name"},
		"a long description":  {CreateViewInput{Description: strings.Repeat("x", MaxDescription+1)}, "description"},
		"another kind":        {CreateViewInput{Of: casegraph.KindUser}, "kind"},
		"a long filter":       {CreateViewInput{Filter: casegraph.Fields(strings.Repeat("x", MaxViewFilter+1))}, "filter"},
		"many columns":        {CreateViewInput{Columns: many(MaxViewColumns + 1)}, "columns"},
		"an empty column":     {CreateViewInput{Columns: []string{"a", ""}}, "columns[1]"},
		"a long column":       {CreateViewInput{Columns: []string{strings.Repeat("x", MaxViewColumn+1)}}, "columns[0]"},
		"a column twice":      {CreateViewInput{Columns: []string{"a", "b", "a "}}, "columns[2]"},
		"people for nobody":   {CreateViewInput{SharedWithIDs: []casegraph.ID{vic}}, "sharedWithIds"},
		"nobody for people":   {CreateViewInput{Sharing: casegraph.ViewPeople}, "sharedWithIds"},
		"too many people":     {CreateViewInput{Sharing: casegraph.ViewPeople, SharedWithIDs: make([]casegraph.ID, MaxViewPeople+1)}, "sharedWithIds"},
		"somebody who is not": {CreateViewInput{Sharing: casegraph.ViewPeople, SharedWithIDs: []casegraph.ID{vic, "usr_none"}}, "sharedWithIds[1]"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.in.Name == "" {
				c.in.Name = "x"
			}
			if c.in.Of == "" {
				c.in.Of = casegraph.KindCase
			}
			_, err := w.try(CreateView(investigator, c.in, w.newID))
			code := casegraph.CodeBadInput
			if strings.HasPrefix(name, "somebody") {
				code = casegraph.CodeNotFound
			}
			refused(t, err, code, c.field)
		})
	}
	_, err := w.try(UpdateView(investigator, UpdateViewInput{ViewID: id, Name: null}))
	refused(t, err, casegraph.CodeBadInput, "name")
	_, err = w.try(CreateView(Asker{}, CreateViewInput{Name: "x", Of: casegraph.KindCase}, w.newID))
	refused(t, err, casegraph.CodeUnauthenticated, "")
}

// The list of views has those that one sees by their ids, and no other.
func TestTheListOfViewsIsWhatOneSees(t *testing.T) {
	people := []casegraph.ID{ana, ben, vic, gone}
	rapid.Check(t, func(t *rapid.T) {
		somebody := rapid.SampledFrom(people)
		v := &casegraph.View{OwnerID: somebody.Draw(t, "owner"), Of: casegraph.KindCase,
			Sharing: rapid.SampledFrom([]casegraph.ViewSharing{casegraph.ViewPrivate, casegraph.ViewPeople, casegraph.ViewEverybody}).Draw(t, "sharing")}
		if v.Sharing == casegraph.ViewPeople {
			v.SharedWithIDs = rapid.SliceOfN(somebody, 1, 3).Draw(t, "people")
		}
		asker := Asker{ID: somebody.Draw(t, "asker"), Role: rapid.SampledFrom([]casegraph.Role{casegraph.RoleViewer, casegraph.RoleInvestigator, casegraph.RoleAdmin}).Draw(t, "role")}
		want := asker.Role == casegraph.RoleAdmin || v.OwnerID == asker.ID || v.Sharing == casegraph.ViewEverybody || slices.Contains(v.SharedWithIDs, asker.ID)
		filter := asker.Views()
		if sees, listed := asker.SeesView(v), filter.Matches(v); sees != want || listed != want {
			t.Errorf("%+v of %+v: sees %t, is listed %t; want %t", asker, v, sees, listed, want)
		}
	})
}
