package server_test

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
	"casegraph/demo"
	"casegraph/server"
)

// Two servers look at the clocks of one store at the same times, one of them
// goes away and another comes, and nobody looks for a while: each warning and
// each breach is in the log once.
func TestAlarmsOfSeveralServers(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			ctx, store := t.Context(), open(t)
			if err := store.Migrate(ctx); err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			moment := at
			clock := func() time.Time {
				mu.Lock()
				defer mu.Unlock()
				return moment
			}
			skip := func(d time.Duration) {
				mu.Lock()
				defer mu.Unlock()
				moment = moment.Add(d)
			}
			start := func() (server.Alarms, *commit.Committer) {
				c := commit.New(store, clock)
				t.Cleanup(c.Close)
				return server.Alarms{Store: store, Committer: c, Now: clock}, c
			}
			one, committer := start()
			other, _ := start()
			if err := demo.Load(ctx, committer); err != nil {
				t.Fatal(err)
			}
			const timed = 150 // more than a page
			openTimed(ctx, t, committer, timed)
			ring := func(servers ...server.Alarms) {
				t.Helper()
				var all sync.WaitGroup
				for _, s := range servers {
					all.Go(func() {
						if _, err := s.Ring(ctx); err != nil {
							t.Error(err)
						}
					})
				}
				all.Wait()
			}
			ring(one, other)
			if got, want := alarms(ctx, t, store), (map[string]int{}); !maps.Equal(got, want) {
				t.Errorf("before any time"+": %v, want %v", got, want)
			}
			skip(31 * time.Minute)
			ring(one, other)
			ring(other, one)
			if got, want := alarms(ctx, t, store), (map[string]int{"case.clock-warned": timed}); !maps.Equal(got, want) {
				t.Errorf("warned"+": %v, want %v", got, want)
			}
			committer.Close() // the first server is gone
			skip(24 * time.Hour)
			again, _ := start()
			ring(other, again)
			ring(again)
			if got, want := alarms(ctx, t, store), (map[string]int{"case.clock-warned": timed, "case.clock-breached": timed}); !maps.Equal(got, want) {
				t.Errorf("breached"+": %v, want %v", got, want)
			}
		})
	}
}

// openTimed opens cases that are due in an hour, and warned of half an hour before.
func openTimed(ctx context.Context, t *testing.T, committer *commit.Committer, n int) {
	t.Helper()
	form := cases.General.Template.TemplateForm
	form.Clocks = []casegraph.TemplateClock{{Name: "resolution", Stops: casegraph.ClockStopsAtEnd, Seconds: 3600, WarnSeconds: 1800}}
	flow, err := cases.NewWorkflow(&casegraph.Template{State: casegraph.TemplatePublished, TemplateForm: form})
	if err != nil {
		t.Fatal(err)
	}
	asker := cases.Asker{ID: demo.Ben, Role: casegraph.RoleInvestigator}
	var changes []commit.Change
	for i := range n {
		change, err := cases.Create(asker, cases.CreateInput{Title: fmt.Sprint("Timed ", i)}, flow, func(kind casegraph.Kind) casegraph.ID {
			return casegraph.ID(fmt.Sprintf("%stimed%03d", kind.Prefix(), i))
		})
		if err != nil {
			t.Fatal(err)
		}
		changes = append(changes, change)
	}
	results, err := committer.DoAll(ctx, changes)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
	}
}

// alarms counts the events of clocks, by name.
func alarms(ctx context.Context, t *testing.T, store casegraph.Store) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for after := casegraph.Seq(0); ; {
		events, _, err := store.Events(ctx, after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			return counts
		}
		for _, e := range events {
			if e.Name == "case.clock-warned" || e.Name == "case.clock-breached" {
				counts[e.Name]++
			}
			after = e.Seq
		}
	}
}
