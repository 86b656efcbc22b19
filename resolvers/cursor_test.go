package resolvers

import (
	"reflect"
	"testing"

	"casegraph"
	"casegraph/auth"
	"casegraph/traverse"
)

// What is no cursor of this server is refused; whatever this server has signed
// is read, and the same again once it is sealed anew, or refused.
func FuzzCursors(f *testing.F) {
	r := &Resolver{Signer: auth.NewSigner([]byte("a secret of the test"))}
	link := casegraph.LinkCursor{LastSeen: 5, Far: "act_1", Kind: casegraph.LinkHas, Out: true, Key: "k"}
	real := seal(r, expandList, traverse.Cursor{Node: "act_1", After: &link, Query: "q"})
	f.Add(string(real), []byte(`{"l":"`+expandList+`","p":{"n":"act_1","q":"q"}}`))
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
