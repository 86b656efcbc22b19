package commit

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"casegraph"

	"pgregory.net/rapid"
)

// What differs between two nodes is what differs between their records.
func TestDifferencesAreThoseOfTheRecords(t *testing.T) {
	for _, kind := range casegraph.Kinds() {
		t.Run(string(kind), rapid.MakeCheck(func(t *rapid.T) {
			was := drawNode(t, kind)
			is := was.Clone()
			for _, a := range attributesOf(reflect.TypeOf(is).Elem()) {
				if rapid.Bool().Draw(t, "change "+a.name) {
					draw(t, a.name, reflect.ValueOf(is).Elem().FieldByIndex(a.index))
				}
			}
			got, err := Differences(was, is)
			if err != nil {
				t.Fatal(err)
			}
			want := recordDifferences(record(t, was), record(t, is))
			if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
				t.Fatalf("differences %q, of the records %q", got, want)
			}
		}))
	}
}

func record(t *rapid.T, n casegraph.Node) []byte {
	r, err := casegraph.Encode(n)
	if err != nil {
		t.Fatal(err)
	}
	return r.Data
}

// recordDifferences compares the members of records, and those of their fields.
func recordDifferences(before, after []byte) []casegraph.FieldChange {
	var changes []casegraph.FieldChange
	for _, c := range compareObjects(nil, "", before, after) {
		if c.Path == "fields" {
			changes = compareObjects(changes, "fields.", c.Before, c.After)
		} else {
			changes = append(changes, c)
		}
	}
	return changes
}

func drawNode(t *rapid.T, kind casegraph.Kind) casegraph.Node {
	n, err := casegraph.Decode(casegraph.Record{ID: "x", Kind: kind, Data: json.RawMessage("{}")})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range attributesOf(reflect.TypeOf(n).Elem()) {
		draw(t, a.name, reflect.ValueOf(n).Elem().FieldByIndex(a.index))
	}
	return n
}

func draw(t *rapid.T, name string, v reflect.Value) {
	switch value := v.Addr().Interface().(type) {
	case *casegraph.Fields:
		fields, err := casegraph.FieldsOf(rapid.MapOf(rapid.SampledFrom([]string{"a", "b", "c.d"}), rapid.IntRange(0, 2)).Draw(t, name))
		if err != nil {
			t.Fatal(err)
		}
		*value = fields
		return
	case *json.RawMessage:
		*value = json.RawMessage(rapid.SampledFrom([]string{"1", `"a"`, `{"b":[]}`}).Draw(t, name))
		return
	case *casegraph.Decimal:
		*value = casegraph.Decimal(rapid.SampledFrom([]string{"", "1", "2.50"}).Draw(t, name))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(rapid.SampledFrom([]string{"", "<a>", "b", "ü"}).Draw(t, name))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.Int64Range(-1, 2).Draw(t, name))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, name))
	case reflect.Slice:
		list := reflect.MakeSlice(v.Type(), rapid.IntRange(0, 2).Draw(t, name), 2)
		for i := range list.Len() {
			draw(t, name, list.Index(i))
		}
		v.Set(list)
	case reflect.Map:
		v.SetZero()
		if rapid.Bool().Draw(t, name) {
			value := reflect.New(v.Type().Elem()).Elem()
			draw(t, name, value)
			v.Set(reflect.MakeMap(v.Type()))
			v.SetMapIndex(reflect.ValueOf("key"), value)
		}
	case reflect.Pointer:
		v.SetZero()
		if rapid.Bool().Draw(t, name) {
			v.Set(reflect.New(v.Type().Elem()))
			draw(t, name, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			draw(t, name, v.Field(i))
		}
	default:
		t.Fatalf("%s: no values of %s are drawn", name, v.Type())
	}
}
