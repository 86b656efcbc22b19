package cases

import (
	"bytes"
	"strings"
	"testing"

	"casegraph"
)

func TestARepeatedRequestGivesTheSameAnswer(t *testing.T) {
	w := newWorld()
	ask := func(title string) (CreateAnswer, error) {
		change, err := Create(admin, CreateInput{Title: title}, General, w.newID)
		if err != nil {
			return CreateAnswer{}, err
		}
		if change.Once, err = Once(ana, "createCase", "key-1", map[string]string{"title": title}); err != nil {
			return CreateAnswer{}, err
		}
		result := w.do(change)
		if result.Err != nil {
			return CreateAnswer{}, result.Err
		}
		return Answer[CreateAnswer](result)
	}
	first, err := ask("one")
	if err != nil {
		t.Fatal(err)
	}
	again, err := ask("one")
	if err != nil || again.CaseID != first.CaseID || again.Number != "CASE-1" || len(w.events) != 1 {
		t.Errorf("the repeat answers %+v, %v; %d events", again, err, len(w.events))
	}
	_, err = ask("two")
	refused(t, err, casegraph.CodeConflict, "Idempotency-Key")
}

func TestTheDigestIsOfTheMeaning(t *testing.T) {
	digest := func(body any) string {
		once, err := Once(ana, "f", "k", body)
		if err != nil {
			t.Fatal(err)
		}
		return once.Digest
	}
	fields := func(text string) map[string]any { return map[string]any{"n": 1, "fields": casegraph.Fields(text)} }
	if digest(fields(`{"a":1,"b":[2]}`)) != digest(fields(`{ "b": [2], "a": 1 }`)) {
		t.Error("spaces and the order of keys make another request")
	}
	if digest(fields(`{"a":9007199254740992}`)) == digest(fields(`{"a":9007199254740993}`)) {
		t.Error("two numbers past 2^53 are the same request")
	}
}

func TestOnceKeys(t *testing.T) {
	a, _ := Once(ana, "f", "k", nil)
	for _, other := range []struct {
		by    casegraph.ID
		field string
		key   string
	}{{ben, "f", "k"}, {ana, "g", "k"}, {ana, "f", "l"}} {
		if b, err := Once(other.by, other.field, other.key, nil); err != nil || a.Key == b.Key {
			t.Errorf("%+v shares a key, %v", other, err)
		}
	}
	for _, key := range []string{"", strings.Repeat("x", 201), "a\nb", "ü", string(bytes.Repeat([]byte{0x7f}, 2))} {
		_, err := Once(ana, "f", key, nil)
		refused(t, err, casegraph.CodeBadInput, "Idempotency-Key")
	}
	if _, err := Once(ana, "f", strings.Repeat("~", 200), nil); err != nil {
		t.Error(err)
	}
}
