package resolvers

import (
	"bytes"
	"context"
	"reflect"
	"strconv"
	"testing"

	"casegraph"
	"casegraph/auth"
	"casegraph/traverse"
)

// What is no cursor of this server is refused; whatever this server has signed
// is read, and the same again once it is sealed anew, or refused; an expansion
// goes on there, or refuses.
func FuzzCursors(f *testing.F) {
	r := &Resolver{Signer: auth.NewSigner([]byte("a secret of this test"))}
	first, err := traverse.Expand(context.Background(), fan{}, traverse.ExpandQuery{From: []casegraph.ID{"act_1"}, PerNode: 2, Now: 7})
	if err != nil {
		f.Fatal(err)
	}
	real := seal(r, expandList, *first.Boundaries[0].Next)
	genuine, err := r.Signer.Open(cursorPurpose, string(real))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(real), genuine)
	f.Add("", bytes.Replace(genuine, []byte(`"n":2`), []byte(`"n":-2`), 1))
	f.Add("", bytes.Replace(genuine, []byte(`"n":2`), []byte(`"n":9223372036854775807`), 1))
	f.Add("", []byte(`{"l":"`+expandList+`","p":null}`))
	f.Add(string(real[1:]), []byte(`{"l":"`+changesList+`","p":{"t":-1,"l":{"From":"","Kind":"NONE"}}}`))
	f.Fuzz(func(t *testing.T, text string, payload []byte) {
		if _, err := open[traverse.Cursor](r, "after", expandList, new(casegraph.Cursor(text))); text != string(real) {
			known, ok := err.(*casegraph.Error)
			if !ok || known.Code != casegraph.CodeBadInput || known.Field != "after" {
				t.Errorf("%q: %v", text, err)
			}
		}
		signed := casegraph.Cursor(r.Signer.Sign(cursorPurpose, payload))
		goesOn(t, r, signed)
		reopened[traverse.Cursor](t, r, expandList, signed)
		reopened[traverse.ChangesCursor](t, r, changesList, signed)
		reopened[linkPlace](t, r, expandList, signed)
		reopened[casegraph.Place](t, r, expandList, signed)
	})
}

func reopened[P any](t *testing.T, r *Resolver, list string, cursor casegraph.Cursor) {
	t.Helper()
	place, err := open[P](r, "after", list, &cursor)
	if err != nil {
		if casegraph.CodeOf(err) != casegraph.CodeBadInput {
			t.Errorf("%v", err)
		}
		return
	}
	again := seal(r, list, *place)
	second, err := open[P](r, "after", list, &again)
	if err != nil || !reflect.DeepEqual(place, second) {
		t.Errorf("%+v became %+v, %v", place, second, err)
	}
}

// goesOn has an expansion go on at a cursor that may say anything.
func goesOn(t *testing.T, r *Resolver, cursor casegraph.Cursor) {
	t.Helper()
	place, err := open[traverse.Cursor](r, "after", expandList, &cursor)
	if err != nil || place == nil {
		return
	}
	answer, err := traverse.Expand(context.Background(), fan{}, traverse.ExpandQuery{After: place, PerNode: 2, Now: 8})
	if code := casegraph.CodeOf(err); err != nil && code != casegraph.CodeBadInput && code != casegraph.CodeNotFound {
		t.Errorf("%+v: %v", place, err)
	}
	if err == nil && len(answer.Links) > 6 {
		t.Errorf("%d links", len(answer.Links))
	}
}

// fan is a graph of one account that paid six others.
type fan struct{}

func (fan) Nodes(_ context.Context, r casegraph.NodesRequest) (map[casegraph.ID]casegraph.Node, error) {
	found := map[casegraph.ID]casegraph.Node{}
	for _, id := range r.IDs {
		if n := (&casegraph.Account{}); len(id) == len("act_1") {
			n.ID = id
			found[id] = n
		}
	}
	return found, nil
}

func (fan) Links(_ context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	pages := map[casegraph.ID]casegraph.LinkPage{}
	for _, id := range r.IDs {
		if id != "act_1" {
			continue
		}
		var hops []casegraph.Hop
		for key := range 6 {
			link := casegraph.Link{LinkID: casegraph.LinkID{From: id, Kind: casegraph.LinkPaid, To: "act_2", Key: strconv.Itoa(key)}, LastSeen: 5}
			hops = append(hops, casegraph.Hop{Link: &link, Far: "act_2", FarClass: casegraph.Class(casegraph.KindAccount), Out: true})
		}
		pages[id] = r.Page(id, casegraph.Class(casegraph.KindAccount), len(hops), hops)
	}
	return pages, nil
}

func (fan) Evidence(context.Context, casegraph.EvidenceRequest) (map[casegraph.Pair][]*casegraph.Link, error) {
	return nil, nil
}
