package storetest

import (
	"testing"

	"casegraph"
	"casegraph/commit"
)

func keep(values ...casegraph.Value) commit.Change {
	c := commit.Change{Decide: func(*commit.View) (*commit.Writes, error) { return &commit.Writes{Values: values}, nil }}
	for _, v := range values {
		c.Needs.Values = append(c.Needs.Values, v.Key)
	}
	return c
}

func testValues(_ *testing.T, w *world) {
	w.do(keep(casegraph.Value{Key: "a", Data: []byte{0, 1, 255}}, casegraph.Value{Key: "b", Data: []byte("x"), ExpiresAt: w.now() + 5_000}))

	w.run("need no event", func(w *world) {
		if _, last, err := w.Events(w.ctx, 0, 0); err != nil || last != 0 {
			w.Errorf("the log ends at %d, %v", last, err)
		}
	})
	w.run("come back until they expire", func(w *world) {
		got, err := w.Values(w.ctx, []string{"a", "b", "c"}, w.now())
		if err != nil {
			w.Fatal(err)
		}
		same(w, "values", got, map[string][]byte{"a": {0, 1, 255}, "b": []byte("x")})
		got, _ = w.Values(w.ctx, []string{"a", "b"}, w.now()+10_000)
		same(w, "later", got, map[string][]byte{"a": {0, 1, 255}})
	})
	w.run("are replaced, and seen by the change that needs them", func(w *world) {
		w.do(commit.Change{Needs: casegraph.Needs{Values: []string{"a", "none"}}, Decide: func(v *commit.View) (*commit.Writes, error) {
			if v.Value("none") != nil {
				return nil, casegraph.Conflict("none is there")
			}
			return &commit.Writes{Values: []casegraph.Value{{Key: "a", Data: append(v.Value("a"), 'z')}}}, nil
		}})
		got, _ := w.Values(w.ctx, []string{"a"}, 0)
		same(w, "values", got, map[string][]byte{"a": {0, 1, 255, 'z'}})
	})
}
