package cases

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"casegraph"
	"casegraph/commit"
	"casegraph/localstore"
)

// above is the ancestry of a case in a world.
func (w *world) above(id casegraph.ID) Ancestry {
	a := Ancestry{Of: id, Above: map[casegraph.ID]bool{}, Version: string(w.values[ancestryVersion].Data)}
	for level := []casegraph.ID{id}; len(level) > 0; level = level[1:] {
		for link, l := range w.links {
			if link.To == level[0] && link.Key == string(ParentOf) && l != nil && !a.Above[link.From] {
				a.Above[link.From] = true
				level = append(level, link.From)
			}
		}
	}
	return a
}

func (w *world) link(from, to casegraph.ID, relation Relation) (Outcome, error) {
	result, err := w.try(LinkCases(investigator, LinkCasesInput{FromID: from, ToID: to, Relation: relation, Reason: " same ring ", Ancestry: w.above(from)}))
	if err != nil {
		return "", err
	}
	a, err := Answer[LinkCasesAnswer](result)
	return a.Outcome, err
}

func TestLinkingAndUnlinkingCases(t *testing.T) {
	for _, relation := range slices.DeleteFunc(Relations(), func(r Relation) bool { return r == MergedInto }) {
		t.Run(string(relation), func(t *testing.T) {
			w := newWorld()
			a, b := w.open(t, CreateInput{}).ID, w.open(t, CreateInput{}).ID
			if outcome, err := w.link(a, b, relation); outcome != Linked || err != nil {
				t.Fatal(outcome, err)
			}
			told := w.lastEvent()
			if told.Name != "case.linked" || told.Subject != a || len(told.Links) != 1 || told.Note != "same ring" {
				t.Errorf("told %+v", told)
			}
			if outcome, err := w.link(a, b, relation); outcome != AlreadyLinked || err != nil {
				t.Error(outcome, err)
			}
			outcome, err := w.link(b, a, relation)
			if relation == Relates {
				if outcome != AlreadyLinked || err != nil {
					t.Error(outcome, err)
				}
			} else {
				refused(t, err, casegraph.CodeBadInput, "toId")
			}
			in := LinkCasesInput{FromID: a, ToID: b, Relation: relation}
			if relation == Relates {
				in.FromID, in.ToID = b, a
			}
			for _, want := range []Outcome{Unlinked, NotLinked} {
				change, err := UnlinkCases(investigator, in)
				if got := answer[LinkCasesAnswer](t, w.must(t, change, err)).Outcome; got != want {
					t.Errorf("unlinking answers %s, want %s", got, want)
				}
			}
			if told := w.lastEvent(); told.Name != "case.unlinked" {
				t.Errorf("told %+v", told)
			}
			if outcome, err := w.link(b, a, relation); outcome != Linked || err != nil {
				t.Errorf("the other way round after unlinking: %s, %v", outcome, err)
			}
		})
	}
}

func TestACaseIsNotLinkedToItself(t *testing.T) {
	w := newWorld()
	a := w.open(t, CreateInput{}).ID
	_, err := w.link(a, a, Relates)
	refused(t, err, casegraph.CodeBadInput, "toId")
	_, err = w.link(a, "case_b", "FRIEND_OF")
	refused(t, err, casegraph.CodeBadInput, "relation")
}

func TestParentsMakeNoCycle(t *testing.T) {
	w := newWorld()
	var chain []casegraph.ID
	for range 5 {
		chain = append(chain, w.open(t, CreateInput{}).ID)
	}
	for i := range 4 {
		if _, err := w.link(chain[i], chain[i+1], ParentOf); err != nil {
			t.Fatal(err)
		}
	}
	for _, last := range chain[1:] {
		_, err := w.link(last, chain[0], ParentOf)
		refused(t, err, casegraph.CodeBadInput, "toId")
	}
	if _, err := w.link(chain[4], chain[0], Relates); err != nil {
		t.Errorf("another relation may go round: %v", err)
	}
}

func TestAnOldAncestryIsRefused(t *testing.T) {
	w := newWorld()
	a, b, c := w.open(t, CreateInput{}).ID, w.open(t, CreateInput{}).ID, w.open(t, CreateInput{}).ID
	old := w.above(a)
	if _, err := w.link(b, c, ParentOf); err != nil {
		t.Fatal(err)
	}
	_, err := w.try(LinkCases(investigator, LinkCasesInput{FromID: a, ToID: b, Relation: ParentOf, Ancestry: old}))
	if err != ErrAncestryMoved {
		t.Errorf("an ancestry read before another change gives %v", err)
	}
	_, err = w.try(LinkCases(investigator, LinkCasesInput{FromID: a, ToID: b, Relation: ParentOf, Ancestry: w.above(c)}))
	if err != ErrAncestryMoved {
		t.Errorf("the ancestry of another case gives %v", err)
	}
}

// storeWithCases is a store in a file with n cases.
func storeWithCases(t *testing.T, n int) (casegraph.Store, *commit.Committer, []casegraph.ID) {
	store, err := localstore.Open(filepath.Join(t.TempDir(), "graph.db"), localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	committer := commit.New(store, nil)
	t.Cleanup(committer.Close)
	ids := newWorld()
	var made []casegraph.ID
	for i := range n {
		change, err := Create(System(), CreateInput{Title: fmt.Sprint("Case ", i)}, General, ids.newID)
		if err != nil {
			t.Fatal(err)
		}
		result, err := committer.Do(t.Context(), change)
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, answer[CreateAnswer](t, result).CaseID)
	}
	return store, committer, made
}

func TestAncestorsAreReadFromAStore(t *testing.T) {
	store, committer, ids := storeWithCases(t, 4)
	link := func(from, to casegraph.ID) error {
		_, err := DoLinkCases(t.Context(), store, committer, System(), LinkCasesInput{FromID: from, ToID: to, Relation: ParentOf}, nil)
		return err
	}
	for _, pair := range [][2]int{{0, 1}, {1, 3}, {2, 3}} {
		if err := link(ids[pair[0]], ids[pair[1]]); err != nil {
			t.Fatal(err)
		}
	}
	a, err := Ancestors(t.Context(), store, ids[3])
	if err != nil || len(a.Above) != 3 || a.Version != "3" {
		t.Errorf("above the last are %v at %q, %v", a.Above, a.Version, err)
	}
	refused(t, link(ids[3], ids[0]), casegraph.CodeBadInput, "toId")
}

// narrow gives one link a node and call.
type narrow struct{ casegraph.Store }

func (n narrow) Links(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	r.Cap = 1
	return n.Store.Links(ctx, r)
}

func TestAncestorsGoOnPastAPage(t *testing.T) {
	store, committer, ids := storeWithCases(t, 5)
	for i, relation := range []Relation{ParentOf, Relates, ParentOf, ParentOf} {
		in := LinkCasesInput{FromID: ids[i], ToID: ids[4], Relation: relation}
		if _, err := DoLinkCases(t.Context(), store, committer, System(), in, nil); err != nil {
			t.Fatal(err)
		}
	}
	a, err := Ancestors(t.Context(), narrow{store}, ids[4])
	if err != nil || len(a.Above) != 3 || a.Above[ids[1]] {
		t.Errorf("above the last are %v, %v", a.Above, err)
	}
}

func TestRelationsAsEnumValues(t *testing.T) {
	for _, relation := range Relations() {
		var text strings.Builder
		relation.MarshalGQL(&text)
		var read Relation
		if err := read.UnmarshalGQL(strings.Trim(text.String(), `"`)); err != nil || read != relation {
			t.Errorf("%s is written %s and read %s, %v", relation, text.String(), read, err)
		}
	}
	if err := new(Relation).UnmarshalGQL("FRIEND_OF"); err == nil {
		t.Error("FRIEND_OF passes for a relation")
	}
}

// Everybody closes the same ring of cases at once: one link is missing in the
// end, whoever was last.
func TestARingLinkedAtOnceStaysOpen(t *testing.T) {
	const n = 6
	store, committer, ids := storeWithCases(t, n)
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			in := LinkCasesInput{FromID: ids[i], ToID: ids[(i+1)%n], Relation: ParentOf}
			_, errs[i] = DoLinkCases(context.Background(), store, committer, System(), in, nil)
		})
	}
	all.Wait()
	failed := 0
	for _, err := range errs {
		if err != nil {
			refused(t, err, casegraph.CodeBadInput, "toId")
			failed++
		}
	}
	if failed != 1 {
		t.Errorf("%d of %d links were refused, want 1", failed, n)
	}
}
