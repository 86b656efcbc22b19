package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
)

// What cases are about, and who works on them.
const (
	queues     = 20
	people     = 50
	types      = 5
	atOnce     = 1_000 // cases that share a transaction
	span       = 2 * 365 * 24 * time.Hour
	lastMoment = "2026-11-01T00:00:00Z"
)

// fill opens cases over two years and works on them: of four, one is assigned
// and one assigned, reviewed and resolved. It goes on where an earlier run ended.
func fill(ctx context.Context, store casegraph.Store, n int) (time.Duration, error) {
	end, err := time.Parse(time.RFC3339, lastMoment)
	if err != nil {
		return 0, err
	}
	done, err := store.Count(ctx, casegraph.ListRequest{Kind: casegraph.KindCase})
	if err != nil || done >= n {
		return 0, err
	}
	begin, at := time.Now(), end
	committer := commit.New(store, func() time.Time { return at })
	defer committer.Close()
	if done == 0 {
		at = end.Add(-span)
		if err := do(ctx, committer, staff()); err != nil {
			return 0, err
		}
	}
	for first := done; first < n; first += atOnce {
		// Each step of these cases is one transaction, an hour later.
		steps := [4][]commit.Change{}
		for i := first; i < min(first+atOnce, n); i++ {
			each, err := life(i)
			if err != nil {
				return 0, err
			}
			for step, change := range each {
				steps[step] = append(steps[step], change)
			}
		}
		opened := end.Add(-span).Add(span / time.Duration(n) * time.Duration(first))
		for step, changes := range steps {
			at = opened.Add(time.Duration(step) * time.Hour)
			if err := do(ctx, committer, changes); err != nil {
				return 0, err
			}
		}
		if first/atOnce%20 == 0 {
			fmt.Fprintf(os.Stderr, "\r%d cases", first)
		}
	}
	fmt.Fprintln(os.Stderr)
	return time.Since(begin), nil
}

func do(ctx context.Context, committer *commit.Committer, changes []commit.Change) error {
	if len(changes) == 0 {
		return nil
	}
	results, err := committer.DoAll(ctx, changes)
	for _, r := range results {
		if r.Err != nil {
			return r.Err
		}
	}
	return err
}

func id(kind casegraph.Kind, n int) casegraph.ID {
	return casegraph.ID(fmt.Sprintf("%s%026d", kind.Prefix(), n))
}

// staff are the queues and the people.
func staff() (changes []commit.Change) {
	add := func(node casegraph.Node, event string) {
		changes = append(changes, commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{node.Head().ID}}, Decide: func(*commit.View) (*commit.Writes, error) {
			return &commit.Writes{Nodes: []casegraph.Node{node.Clone()}, Events: []commit.Event{{Name: event, Subject: node.Head().ID}}}, nil
		}})
	}
	for i := range queues {
		add(&casegraph.Queue{Header: casegraph.Header{ID: id(casegraph.KindQueue, i)}, Name: fmt.Sprintf("Queue %d", i)}, "queue.created")
	}
	for i := range people {
		add(&casegraph.User{Header: casegraph.Header{ID: id(casegraph.KindUser, i)}, Name: fmt.Sprintf("Person %d", i),
			Email: fmt.Sprintf("person%d@bank.example", i), Role: casegraph.RoleInvestigator}, "user.created")
	}
	return changes
}

// life are the changes of the i-th case.
func life(i int) ([]commit.Change, error) {
	random := rand.New(rand.NewPCG(uint64(i), 1))
	by := cases.Asker{ID: id(casegraph.KindUser, random.IntN(people)), Role: casegraph.RoleAdmin}
	of := id(casegraph.KindCase, i)
	var changes []commit.Change
	add := func(change commit.Change, err error) error {
		changes = append(changes, change)
		return err
	}
	in := cases.CreateInput{Title: fmt.Sprintf("Case %d", i), CaseType: fmt.Sprintf("type-%d", random.IntN(types)),
		QueueID: id(casegraph.KindQueue, random.IntN(queues)), Tags: []string{fmt.Sprintf("tag %d", random.IntN(30))},
		Restricted: random.IntN(100) == 0, Fields: casegraph.Fields(fmt.Sprintf(`{"amount":%d}`, random.IntN(100_000)))}
	err := add(cases.Create(by, in, cases.General, func(casegraph.Kind) casegraph.ID { return of }))
	if err != nil || i%4 < 2 {
		return changes, err
	}
	if err := add(cases.Assign(by, cases.AssignInput{CaseID: of, AssigneeID: by.ID})); in.Restricted || err != nil {
		return changes[:1], err // these are for administrators
	}
	if i%4 < 3 {
		return changes, nil
	}
	resolution := []string{"confirmed", "false positive"}[random.IntN(2)]
	if err := add(cases.SetStatus(by, cases.SetStatusInput{CaseID: of, Status: cases.StatusInReview}, cases.General)); err != nil {
		return nil, err
	}
	return changes, add(cases.SetStatus(by, cases.SetStatusInput{CaseID: of, Status: cases.StatusResolved, Resolution: resolution}, cases.General))
}
