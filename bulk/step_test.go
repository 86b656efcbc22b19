package bulk

import (
	"slices"
	"testing"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
)

// A fault of ours in one item is told of as such, without what it says, and
// keeps no other from being done.
func TestAFaultKeepsNoOther(t *testing.T) {
	const id = casegraph.ID("bulk_x")
	quiet := commit.Change{Decide: func(*commit.View) (*commit.Writes, error) { return &commit.Writes{}, nil }}
	faulty := commit.Change{Decide: func(v *commit.View) (*commit.Writes, error) {
		v.Node("case_secret") // which it did not say that it needs
		return nil, nil
	}}
	kept := casegraph.Bulk{ID: id, State: casegraph.BulkRunning, Total: 3}
	state := &casegraph.State{Values: map[string]casegraph.Value{headKey(id): {Data: cases.Encode(kept)}}}
	s := &step{id: id}
	decided, _ := commit.Decide(state, 1, s.changes([]single{{id: "case_a", change: quiet}, {id: "case_b", change: faulty}, {id: "case_c", change: quiet}}))
	var came []casegraph.BulkItem
	var ended *casegraph.Bulk
	for _, v := range decided.Values {
		var err error
		switch v.Key {
		case headKey(id):
			ended, err = readHead(v.Data)
		case slotKey(id, 0):
			err = read(v.Data, &came)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	want := []casegraph.BulkItem{{NodeID: "case_a", Outcome: casegraph.ItemUnchanged},
		{NodeID: "case_b", Outcome: casegraph.ItemRefused, Code: "INTERNAL", Message: "something went wrong here; the server's log tells what"},
		{NodeID: "case_c", Outcome: casegraph.ItemUnchanged}}
	if !slices.Equal(came, want) || ended.State != casegraph.BulkDone || ended.Refused != 1 || ended.Unchanged != 2 {
		t.Errorf("%+v, and %+v", came, ended)
	}
}
