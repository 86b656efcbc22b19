package sums

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"casegraph"
	"casegraph/commit"
)

// Difference is a HAS link that is not the sum of its evidence.
type Difference struct {
	casegraph.Pair
	// Has is what stands, Shown what should; nil is none.
	Has, Shown *Sum
}

// Sum is what a HAS link says.
type Sum struct {
	FirstSeen, LastSeen casegraph.Time
	Count               int64
}

func (s *Sum) String() string {
	if s == nil {
		return "nothing"
	}
	return fmt.Sprintf("%d, from %s to %s", s.Count, when(s.FirstSeen), when(s.LastSeen))
}

func when(t casegraph.Time) string { return cmp.Or(t.String(), "unknown") }

// add adds one piece of evidence.
func (s *Sum) add(l *casegraph.Link) {
	if l.FirstSeen != 0 && (s.FirstSeen == 0 || l.FirstSeen < s.FirstSeen) {
		s.FirstSeen = l.FirstSeen
	}
	s.LastSeen = max(s.LastSeen, l.LastSeen)
	s.Count += l.Count
}

// Check goes through all accounts of a store.
type Check struct {
	Store casegraph.Store
	// Committer mends what differs; nil looks alone.
	Committer *commit.Committer
	// Found is called with each difference, by account and identifier.
	Found func(Difference)
	// Progress, if set, is called after each page of accounts.
	Progress func(Progress)
}

// Progress is how far a check is.
type Progress struct {
	Counts
	// Total is how many accounts there are, Resumed whether an earlier repair
	// that was interrupted did the beginning.
	Total   int
	Resumed bool
	Elapsed time.Duration
}

// Counts are what a check has seen; of a repair over all its runs.
type Counts struct {
	Accounts int `json:"accounts"`
	Sums     int `json:"sums"`
	Wrong    int `json:"wrong"`
}

// position is where a repair goes on, kept in the store behind what was mended
// before it.
type position struct {
	Place  *casegraph.Place `json:"place"`
	Done   bool             `json:"done"`
	Counts Counts           `json:"counts"`
}

// positionKey is the value that a position is kept under.
const positionKey = "repair/sums"

// Run looks at every account, and mends it if there is a committer. A repair
// that is interrupted goes on where it ended when it is run again. Sums that
// others write meanwhile are looked at twice before they are found to differ.
func (c *Check) Run(ctx context.Context) (Progress, error) {
	r := &run{Check: c, started: time.Now()}
	err := r.begin(ctx)
	for err == nil && !r.at.Done {
		if err = r.page(ctx); err == nil && c.Progress != nil {
			c.Progress(r.progress())
		}
	}
	return r.progress(), err
}

// run is a check that runs.
type run struct {
	*Check
	started time.Time
	total   int
	resumed bool
	at      position
}

func (r *run) begin(ctx context.Context) (err error) {
	if r.total, err = r.Store.Count(ctx, casegraph.ListRequest{Kind: casegraph.KindAccount}); err != nil || r.Committer == nil {
		return err
	}
	values, err := r.Store.Values(ctx, []string{positionKey}, casegraph.TimeOf(r.started))
	if err != nil || values[positionKey] == nil {
		return err
	}
	var before position
	if err := json.Unmarshal(values[positionKey], &before); err != nil {
		return fmt.Errorf("where the repair of sums ended: %w", err)
	}
	if !before.Done {
		r.at, r.resumed = before, true
	}
	return nil
}

func (r *run) progress() Progress {
	return Progress{Counts: r.at.Counts, Total: r.total, Resumed: r.resumed, Elapsed: time.Since(r.started)}
}

// page looks at the next accounts.
func (r *run) page(ctx context.Context) error {
	request := casegraph.ListRequest{Kind: casegraph.KindAccount, After: r.at.Place, First: casegraph.MaxPage}
	list, err := r.Store.List(ctx, request)
	if err != nil {
		return err
	}
	accounts := make([]casegraph.ID, len(list.Nodes))
	for i, n := range list.Nodes {
		accounts[i] = n.Head().ID
	}
	differences, sums, err := r.differences(ctx, accounts)
	if err != nil {
		return err
	}
	r.at.Counts.Accounts += len(accounts)
	r.at.Counts.Sums += sums
	r.at.Counts.Wrong += len(differences)
	r.at.Done = !list.More
	if len(accounts) > 0 {
		place := casegraph.PlaceOf(list.Nodes[len(accounts)-1], request.OrderBy)
		r.at.Place = &place
	}
	if r.Committer != nil {
		if err := r.mend(ctx, differences); err != nil {
			return err
		}
	}
	for _, d := range differences {
		r.Found(d)
	}
	return nil
}

// differences are those of accounts, and how many sums they have.
func (r *run) differences(ctx context.Context, accounts []casegraph.ID) ([]Difference, int, error) {
	found, sums, err := compare(ctx, r.Store, accounts)
	if err != nil || len(found) == 0 {
		return nil, sums, err
	}
	var doubtful []casegraph.ID
	for _, d := range found {
		doubtful = append(doubtful, d.Account)
	}
	again, _, err := compare(ctx, r.Store, slices.Compact(doubtful))
	return again, sums, err
}
