package cases

import (
	"fmt"
	"testing"

	"casegraph"
	"casegraph/commit"
)

// world is a graph held in a test's memory, on which changes are decided.
type world struct {
	now    casegraph.Time
	seq    casegraph.Seq
	nodes  map[casegraph.ID]casegraph.Node
	links  map[casegraph.LinkID]*casegraph.Link
	values map[string]casegraph.Value
	events []casegraph.Event
	made   int // ids
}

// People and things that every world has.
const (
	ana     = casegraph.ID("usr_ana")     // an administrator
	ben     = casegraph.ID("usr_ben")     // an investigator
	vic     = casegraph.ID("usr_vic")     // a viewer
	gone    = casegraph.ID("usr_gone")    // a disabled investigator
	account = casegraph.ID("act_account") // an object
	session = casegraph.ID("ses_session") // another
)

var (
	admin        = Asker{ID: ana, Role: casegraph.RoleAdmin}
	investigator = Asker{ID: ben, Role: casegraph.RoleInvestigator, Mask: casegraph.Mask{RestrictedCases: true}}
	viewer       = Asker{ID: vic, Role: casegraph.RoleViewer, Mask: casegraph.Mask{RestrictedCases: true}}
)

func newWorld() *world {
	w := &world{now: 1_000, nodes: map[casegraph.ID]casegraph.Node{},
		links: map[casegraph.LinkID]*casegraph.Link{}, values: map[string]casegraph.Value{}}
	w.put(ana, &casegraph.User{Name: "Ana", Role: casegraph.RoleAdmin})
	w.put(ben, &casegraph.User{Name: "Ben", Role: casegraph.RoleInvestigator})
	w.put(vic, &casegraph.User{Name: "Vic", Role: casegraph.RoleViewer})
	w.put(gone, &casegraph.User{Name: "Gone", Role: casegraph.RoleInvestigator, Disabled: true})
	w.put(account, &casegraph.Account{Name: "Jo Doe"})
	w.put(session, &casegraph.Session{})
	return w
}

func (w *world) put(id casegraph.ID, n casegraph.Node) {
	*n.Head() = casegraph.Header{ID: id, Version: 1, CreatedAt: w.now, UpdatedAt: w.now}
	w.nodes[id] = n
}

func (w *world) newID(kind casegraph.Kind) casegraph.ID {
	w.made++
	return casegraph.ID(fmt.Sprintf("%s%026d", kind.Prefix(), w.made))
}

// do decides one change and takes over what it writes.
func (w *world) do(change commit.Change) commit.Result {
	w.now++
	decided, results := commit.Decide(w.state(change), w.now, []commit.Change{change})
	for _, written := range decided.Nodes {
		n, err := casegraph.Decode(written.Record)
		if err != nil {
			panic(err)
		}
		w.nodes[written.ID] = n
	}
	for _, id := range decided.Ends {
		delete(w.links, id)
	}
	for _, l := range decided.Links {
		w.links[l.LinkID] = &l
	}
	for _, value := range decided.Values {
		w.values[value.Key] = value
	}
	w.events = append(w.events, decided.Events...)
	w.seq += casegraph.Seq(len(decided.Events))
	return results[0]
}

// state is what the change needs, and no more.
func (w *world) state(change commit.Change) *casegraph.State {
	s := &casegraph.State{Seq: w.seq, Nodes: map[casegraph.ID]casegraph.Node{}, Links: map[casegraph.LinkID]*casegraph.Link{},
		Evidence: map[casegraph.ID][]*casegraph.Link{}, Values: map[string]casegraph.Value{}, Loads: map[casegraph.ID]int{}}
	for _, id := range change.Needs.Nodes {
		if n := w.nodes[id]; n != nil {
			s.Nodes[id] = n
		}
	}
	for _, id := range change.Needs.Links {
		if l := w.links[id]; l != nil {
			s.Links[id] = l
		}
	}
	for _, id := range change.Needs.Evidence {
		s.Evidence[id] = nil
		for link, l := range w.links {
			if link.From == id && link.Kind == casegraph.LinkContains {
				s.Evidence[id] = append(s.Evidence[id], l)
			}
		}
	}
	for _, user := range change.Needs.Loads {
		s.Loads[user] = 0
		for _, n := range w.nodes {
			if c, ok := n.(*casegraph.Case); ok && c.HolderID() == user {
				s.Loads[user]++
			}
		}
	}
	keys := change.Needs.Values
	if change.Once != nil {
		keys = append(keys, change.Once.Key)
	}
	for _, key := range keys {
		if value, ok := w.values[key]; ok {
			s.Values[key] = value
		}
	}
	return s
}

// try does what a function of this package gave.
func (w *world) try(change commit.Change, err error) (commit.Result, error) {
	if err != nil {
		return commit.Result{}, err
	}
	result := w.do(change)
	return result, result.Err
}

// must is try where nothing may go wrong.
func (w *world) must(t testing.TB, change commit.Change, err error) commit.Result {
	t.Helper()
	result, err := w.try(change, err)
	if err != nil {
		t.Fatalf("refused: %v", err)
	}
	return result
}

// open makes a case.
func (w *world) open(t testing.TB, in CreateInput) *casegraph.Case {
	t.Helper()
	if in.Title == "" {
		in.Title = "A case"
	}
	change, err := Create(admin, in, General, w.newID)
	return w.caseOf(answer[CreateAnswer](t, w.must(t, change, err)).CaseID)
}

func (w *world) caseOf(id casegraph.ID) *casegraph.Case { return w.nodes[id].(*casegraph.Case) }

func (w *world) lastEvent() casegraph.Event { return w.events[len(w.events)-1] }

func answer[A any](t testing.TB, r commit.Result) A {
	t.Helper()
	a, err := Answer[A](r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// refused wants an error of a code, at a field.
func refused(t testing.TB, err error, code casegraph.Code, field string) {
	t.Helper()
	known, ok := err.(*casegraph.Error)
	if !ok {
		t.Fatalf("got the error %v, want %s at %q", err, code, field)
	}
	if known.Code != code || known.Field != field {
		t.Errorf("got %s at %q (%s), want %s at %q", known.Code, known.Field, known.Message, code, field)
	}
}

func version(n int64) *int64 { return &n }
