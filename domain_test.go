package casegraph

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestIDs(t *testing.T) {
	made := NewID(KindCase, time.UnixMilli(1))
	if kind, ok := KindOf(made); !ok || kind != KindCase || len(made) != len("case_")+26 {
		t.Errorf("%q is a %s, %t", made, kind, ok)
	}
	if later := NewID(KindCase, time.UnixMilli(2)); later <= made {
		t.Errorf("%s was made after %s and sorts before it", later, made)
	}
	if ImportedID(KindAccount, "a", "bc") == ImportedID(KindAccount, "ab", "c") {
		t.Error("two references give one id")
	}
	if got := ImportedID(KindAccount, "a", "1"); got != "act_hv9edc38pdbscyydav4tkc334g" {
		t.Errorf("ids of imported objects have changed: %s", got)
	}
	for _, id := range []ID{"", "case", "thing_1"} {
		if kind, ok := KindOf(id); ok {
			t.Errorf("%q is a %s", id, kind)
		}
	}
}

func TestClasses(t *testing.T) {
	for class, want := range map[Class]string{"CASE": "CASE  false", "CASE!": "CASE  true", "IDENTIFIER/tax-id": "IDENTIFIER tax-id false"} {
		if got := fmt.Sprint(class.Kind(), " ", class.IdentifierKind(), " ", class.Restricted()); got != want {
			t.Errorf("%s: %s; want %s", class, got, want)
		}
	}
}

func TestTimesComeAndGo(t *testing.T) {
	for text, want := range map[string]string{
		`"2026-11-22T09:30:00Z"`:           `"2026-11-22T09:30:00.000Z"`,
		`"2026-11-22T11:30:00.1239+02:00"`: `"2026-11-22T09:30:00.123Z"`,
		`"1969-12-31T23:59:59Z"`:           `"1969-12-31T23:59:59.000Z"`,
		`"yesterday"`:                      "refused", `12`: "refused",
	} {
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		var at Time
		got := "refused"
		if at.UnmarshalGQL(value) == nil {
			got = written(at)
		}
		if got != want {
			t.Errorf("%s becomes %s; want %s", text, got, want)
		}
	}
	if got := written(Time(0)); got != "null" {
		t.Errorf("an unknown time is %s", got)
	}
}

func written(m interface{ MarshalGQL(io.Writer) }) string {
	var text strings.Builder
	m.MarshalGQL(&text)
	return text.String()
}

func TestFieldsHaveOneForm(t *testing.T) {
	for text, want := range map[string]string{
		`{"b":1,"a":{"d":1.50,"c":[ ]}}`: `{"a":{"c":[],"d":1.50},"b":1}`,
		`{"a":1,"a":2}`:                  `{"a":2}`,
		` {} `:                           ``,
		`{"n":123456789012345678901.50}`: `{"n":123456789012345678901.50}`,
		`[]`:                             "refused",
		`null`:                           "refused",
		`{"a":1} x`:                      "refused",
		`{"a":`:                          "refused",
		strings.Repeat(`{"a":`, 33) + `1` + strings.Repeat(`}`, 33): "refused",
	} {
		fields, err := ParseFields([]byte(text))
		got := string(fields)
		if err != nil {
			got = "refused"
		}
		if got != want {
			t.Errorf("%s becomes %s (%v); want %s", text, got, err, want)
		}
	}
}

func FuzzParseFields(f *testing.F) {
	f.Add([]byte(`{"a":{"b":[1,"x",null]},"c":1e9}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		fields, err := ParseFields(text)
		if err != nil || fields == nil {
			return
		}
		again, err := ParseFields(fields)
		if err != nil || string(again) != string(fields) {
			t.Errorf("%q becomes %q, and that %q, %v", text, fields, again, err)
		}
		Flatten(fields)
	})
}

func TestFlatten(t *testing.T) {
	got := Flatten([]byte(`{"a":{"b":1,"c":1.5},"t":"x","y":true,"n":null,"l":["a","b"],"m":["a",1],"o":[{"x":1}],"e":[],"d.e":1,"":2,"big":9223372036854775808,"long":"` + strings.Repeat("x", 1001) + `"}`))
	want := map[string]any{"a.b": int64(1), "a.c": 1.5, "t": "x", "y": true, "l": []any{"a", "b"}, "big": 9223372036854775808.0}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v; want %v", got, want)
	}
}

func TestFiltersAreChecked(t *testing.T) {
	deep := Filter{Path: "a", Op: OpEq, Value: "x"}
	for range MaxFilterDepth {
		inner := deep
		deep = Filter{Not: &inner}
	}
	wide := Filter{}
	for range MaxFilterCost {
		wide.Or = append(wide.Or, Filter{Path: "a", Op: OpEq, Value: "x"})
	}
	for name, f := range map[string]Filter{
		"too deep": deep, "too wide": wide, "quote": {Path: `a"`, Op: OpEq, Value: "x"}, "empty part": {Path: "a..b", Op: OpEq, Value: "x"},
		"no such comparison": {Path: "a", Op: "like", Value: "x"}, "a list": {Path: "a", Op: OpEq, Value: []any{"x"}}, "no list": {Path: "a", Op: OpIn, Value: "x"},
		"order of truth": {Path: "a", Op: OpLt, Value: true}, "prefix of a number": {Path: "a", Op: OpPrefix, Value: int64(1)}, "exists what": {Path: "a", Op: OpExists, Value: "x"},
	} {
		if err := f.Check(); CodeOf(err) != CodeBadInput {
			t.Errorf("%s: %v; want BAD_INPUT", name, err)
		}
	}
	if err := (&Filter{}).Check(); err != nil {
		t.Errorf("the filter that holds for all: %v", err)
	}
	if err := deep.Not.Check(); err != nil {
		t.Errorf("one as deep as it may be: %v", err)
	}
	long := Filter{Path: "a", Op: OpIn, Value: make([]any, 250)}
	if long.Cost() != 3 || (&Filter{Graph: &GraphCondition{}}).Cost() != 15 {
		t.Errorf("costs %d", long.Cost())
	}
}

// TestPagesAreTheListInPieces cuts random lists by random caps and cursors:
// the pieces are the whole, in the total order, whatever order it came in.
func TestPagesAreTheListInPieces(t *testing.T) {
	random := rand.New(rand.NewSource(5))
	for range 300 {
		var hops []Hop
		seen := map[LinkCursor]bool{}
		for range random.Intn(30) {
			far := ID(fmt.Sprint("act_", random.Intn(4)))
			l := &Link{LinkID: LinkID{From: "act_x", Kind: LinkKinds()[random.Intn(3)], To: far, Key: fmt.Sprint(random.Intn(2))}, LastSeen: Time(random.Intn(3))}
			hop := Hop{Link: l, Far: far, FarClass: "ACCOUNT", Out: random.Intn(2) == 0}
			if !seen[hop.Cursor()] {
				seen[hop.Cursor()] = true
				hops = append(hops, hop)
			}
		}
		whole := (&LinkRequest{Cap: 1000}).Page("act_x", "ACCOUNT", len(hops), slices.Clone(hops)).Hops
		if len(whole) != len(hops) || !slices.IsSortedFunc(whole, func(a, b Hop) int { return a.Cursor().Compare(b.Cursor()) }) {
			t.Fatalf("the whole is not in order: %v", whole)
		}
		r := LinkRequest{Cap: 1 + random.Intn(5)}
		var pieces []Hop
		for {
			random.Shuffle(len(hops), func(i, j int) { hops[i], hops[j] = hops[j], hops[i] })
			page := r.Page("act_x", "ACCOUNT", len(hops), slices.Clone(hops))
			pieces = append(pieces, page.Hops...)
			if !page.More {
				break
			}
			r.After = map[ID]LinkCursor{"act_x": page.Hops[len(page.Hops)-1].Cursor()}
		}
		if !reflect.DeepEqual(pieces, whole) {
			t.Fatalf("pieces %v; whole %v", pieces, whole)
		}
	}
}

func TestErrorsNameTheFieldAtFault(t *testing.T) {
	for message, want := range map[string]string{"objects[2].id: must be an object": "objects[2].id", "first: from 0 to 100": "first", "no such thing": "", "a case: closed": ""} {
		err, _ := BadInput("%s", message).(*Error)
		if err.Field != want || err.Message != message {
			t.Errorf("%q: field %q; want %q", message, err.Field, want)
		}
	}
	if code := CodeOf(fmt.Errorf("inner text")); code != CodeInternal {
		t.Errorf("an unknown error is %s", code)
	}
}

func TestEveryNodeComesBackFromItsRecord(t *testing.T) {
	for _, kind := range Kinds() {
		n, err := blank(kind)
		if err != nil {
			t.Fatal(err)
		}
		*n.Head() = Header{ID: ID(kind.Prefix() + "x"), Version: 3, CreatedAt: 1, UpdatedAt: 2}
		record, err := Encode(n)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Decode(record)
		if err != nil || !reflect.DeepEqual(n, again) {
			t.Errorf("%s: %+v, %v; want %+v", kind, again, err, n)
		}
		if clone := n.Clone(); clone == n || !reflect.DeepEqual(clone, n) {
			t.Errorf("%s: its clone is %+v", kind, clone)
		}
	}
}
