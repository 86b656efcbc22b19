package ingest

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"casegraph"
	"casegraph/cases"
	"casegraph/identity"
)

// try refuses a mapped row whose constants would have every record refused. It
// makes a row in which they stand alone, and something that may be there for
// what a row needs and is read from the record.
func (m *mappedRow) try() error {
	for _, name := range slices.Sorted(maps.Keys(m.readFrom)) {
		if r, ruled := rules[name]; ruled && !slices.Contains(r.kinds, m.node) {
			return casegraph.BadInput("%s: is no attribute of %s", name, m.what())
		}
	}
	row, err := m.row(nothing{})
	if err != nil {
		return err
	}
	m.standIn(&row)
	settings := Settings{Identity: identity.Options{Region: "GB"}} // the import's own is not known yet, and need not be
	_, warnings, err := settings.prepare(context.Background(), &row)
	if err == nil && len(warnings) > 0 {
		err = warnings[0]
	}
	return err
}

// what is the row, in words.
func (m *mappedRow) what() string {
	if m.node == "" {
		return "a link"
	}
	return string(m.node)
}

// standIn puts something in place of what is read from records.
func (m *mappedRow) standIn(row *Row) {
	put := func(name string, attribute *string, value string) {
		if m.readFrom[name] != "" {
			*attribute = value
		}
	}
	put("referenceId", &row.ReferenceID, "stand-in")
	put("state", &row.State, casegraph.StateProposed)
	put("reason", &row.Reason, "stand-in")
	put("key", &row.Key, "stand-in")
	if m.link == casegraph.LinkRelatesTo {
		put("key", &row.Key, string(cases.Relates))
	}
	for name, ref := range map[string]*Ref{"from": row.From, "to": row.To} {
		if ref != nil {
			put(name+".referenceId", &ref.ReferenceID, "stand-in "+name)
		}
	}
	for i := 0; row.Of != nil && i < len(*row.Of); i++ {
		put(fmt.Sprintf("of[%d].referenceId", i), &(*row.Of)[i].ReferenceID, fmt.Sprint("stand-in ", i))
	}
	if m.readFrom["identifier.value"] != "" {
		row.Identifier = &Sight{Kind: casegraph.IdentifierKind(identity.Device), Value: "stand-in"}
	}
	if m.readFrom["score"] != "" {
		row.Score = 1
	}
	if m.readFrom["firstSeen"] != "" {
		row.FirstSeen = 1
	}
	if m.readFrom["lastSeen"] != "" {
		row.LastSeen = math.MaxInt64
	}
}

// nothing is a record that has nothing anywhere.
type nothing struct{}

func (nothing) column(string) (cell, bool) { return cell{}, false }
