package ingest

import (
	"context"
	"fmt"

	"casegraph"
	"casegraph/commit"
)

// MaxObjects is how many rows one request brings in at most.
const MaxObjects = 100

// ObjectsRequest brings in a few rows at once, all in one transaction, each
// accepted or refused on its own.
type ObjectsRequest struct {
	Settings
	Rows []Row
	// Once, if set, makes a repeat of the request give the first outcomes.
	Once *commit.Once
}

// ObjectOutcome is what became of one row of an ObjectsRequest.
type ObjectOutcome struct {
	// ID is the object that the row is about; "" if the row is a link's, or could
	// not be read.
	ID      casegraph.ID
	Outcome Outcome
	// Reason says why a row was rejected, Field which of its attributes is at
	// fault.
	Reason, Field string
	// Warnings tell what was left out of a row that came in, identifiers that
	// their kind refuses, and which telephone numbers have no country.
	Warnings []string
}

// ImportObjects brings in objects and links; cases have mutations of their own.
// The outcomes stand in the order of the rows.
func ImportObjects(ctx context.Context, c *commit.Committer, r ObjectsRequest) ([]ObjectOutcome, error) {
	if len(r.Rows) == 0 || len(r.Rows) > MaxObjects {
		return nil, casegraph.BadInput("rows: from 1 to %d", MaxObjects)
	}
	outcomes := make([]ObjectOutcome, len(r.Rows))
	var entries []*entry
	var places []int
	for i := range r.Rows {
		p, warnings, err := r.prepareOne(ctx, &r.Rows[i])
		for _, warning := range warnings {
			outcomes[i].Warnings = append(outcomes[i].Warnings, warning.Error())
		}
		if err != nil {
			outcomes[i].reject(err)
			continue
		}
		e := &entry{plan: p}
		if r.Once != nil {
			e.once = &commit.Once{Key: fmt.Sprintf("%s/%d", r.Once.Key, i), Digest: r.Once.Digest}
		}
		entries, places = append(entries, e), append(places, i)
	}
	if len(entries) == 0 {
		return outcomes, nil
	}
	if err := commitPage(ctx, c, r.Actor, entries, nil); err != nil {
		return nil, err
	}
	for i, e := range entries {
		if e.err != nil && casegraph.CodeOf(e.err) == casegraph.CodeConflict && e.once != nil {
			return nil, e.err // the request's key was used for another one
		}
		outcomes[places[i]].settle(e)
		if r.Rows[places[i]].Link != "" {
			outcomes[places[i]].ID = ""
		}
	}
	return outcomes, nil
}

func (r *ObjectsRequest) prepareOne(ctx context.Context, row *Row) (plan, []error, error) {
	if row.Node == casegraph.KindCase {
		return nil, nil, casegraph.BadInput("node: a case is not imported here")
	}
	if row.Link == casegraph.LinkRelatesTo {
		return nil, nil, casegraph.BadInput("link: cases are not linked here")
	}
	return r.prepare(ctx, row)
}

// Unread is the outcome of a row that ParseRow refused.
func Unread(err error) ObjectOutcome {
	var o ObjectOutcome
	o.reject(err)
	return o
}

func (o *ObjectOutcome) settle(e *entry) {
	o.ID, o.Outcome = e.plan.node(), e.outcome
	if e.err != nil {
		o.reject(e.err)
	}
}

func (o *ObjectOutcome) reject(err error) {
	o.Outcome, o.Reason, o.Field = Rejected, err.Error(), fieldOf(err)
}

// fieldOf is the attribute that an error is about, or "".
func fieldOf(err error) string {
	if known, ok := err.(*casegraph.Error); ok {
		return known.Field
	}
	if unread, ok := err.(*rowError); ok {
		return unread.field
	}
	return ""
}
