// Package demo is a drawn investigation for trying casegraph out and for
// testing it: a device takes over two accounts of two households, the money
// goes to a mule and on to an exchange. What looks like a lead and is none is
// there too: a telephone number that nobody has, a carrier's address that
// everybody has. Around the story lies a generated town.
//
// Ids are the same each time it is loaded, so that ready operations can name
// them.
package demo

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"fmt"

	"casegraph"
	"casegraph/auth"
	"casegraph/cases"
	"casegraph/commit"
	"casegraph/ingest"
)

//go:embed objects.ndjson
var objects []byte

// The people who work on the demo's cases.
const (
	Ana  = casegraph.ID("usr_00000000000000000000000001") // administrator
	Ben  = casegraph.ID("usr_00000000000000000000000002") // investigator
	Vera = casegraph.ID("usr_00000000000000000000000003") // viewer
)

// Account is the id of the demo's account with a reference, such as P-1001.
func Account(reference string) casegraph.ID {
	return casegraph.ImportedID(casegraph.KindAccount, "wallet", reference)
}

// object is the id of another of the demo's objects.
func object(kind casegraph.Kind, reference string) casegraph.ID {
	source := "wallet"
	if kind == casegraph.KindInquiry || kind == casegraph.KindReport {
		source = "persona"
	}
	return casegraph.ImportedID(kind, source, reference)
}

// Load writes the demo. Loading it into a store that has it is refused.
func Load(ctx context.Context, c *commit.Committer) error {
	l := &loader{ctx: ctx, committer: c, made: map[casegraph.Kind]int{}}
	l.users()
	l.objects()
	l.cases()
	return l.err
}

// loader writes step by step, and does nothing more once a step has failed.
type loader struct {
	ctx       context.Context
	store     casegraph.Store // of the town alone
	committer *commit.Committer
	made      map[casegraph.Kind]int
	err       error
}

// newID gives the n-th node of its kind the number n for an id.
func (l *loader) newID(kind casegraph.Kind) casegraph.ID {
	l.made[kind]++
	return casegraph.ID(fmt.Sprintf("%s%026d", kind.Prefix(), l.made[kind]))
}

func (l *loader) do(change commit.Change, err error) {
	if l.err == nil && err == nil {
		_, err = l.committer.Do(l.ctx, change)
	}
	if l.err == nil {
		l.err = err
	}
}

func (l *loader) users() {
	for _, user := range []auth.CreateUserInput{
		{Name: "Ana Ruiz", Email: "ana@casegraph.internal", Role: casegraph.RoleAdmin},
		{Name: "Ben Okafor", Email: "ben@casegraph.internal", Role: casegraph.RoleInvestigator},
		{Name: "Vera Lind", Email: "vera@casegraph.internal", Role: casegraph.RoleViewer},
	} {
		l.do(auth.CreateUser(cases.System(), user, l.newID))
	}
}

func (l *loader) objects() {
	var rows []ingest.Row
	lines := bufio.NewScanner(bytes.NewReader(objects))
	for lines.Scan() {
		row, err := ingest.ParseRow(lines.Bytes())
		if err != nil {
			l.err = fmt.Errorf("demo: %s: %w", lines.Text(), err)
			return
		}
		rows = append(rows, row)
	}
	for len(rows) > 0 && l.err == nil {
		page := rows[:min(ingest.MaxObjects, len(rows))]
		rows = rows[len(page):]
		l.bring(page)
	}
}

func (l *loader) bring(page []ingest.Row) {
	outcomes, err := ingest.ImportObjects(l.ctx, l.committer, ingest.ObjectsRequest{Rows: page})
	if err != nil {
		l.err = err
		return
	}
	for i, outcome := range outcomes {
		if outcome.Outcome == ingest.Rejected || len(outcome.Warnings) > 0 {
			l.err = fmt.Errorf("demo: %s: %s %v", page[i].ReferenceID, outcome.Reason, outcome.Warnings)
		}
	}
}

// Operations are ready operations over the demo, as JSON for the playground.
//
//go:embed operations.json
var Operations []byte
