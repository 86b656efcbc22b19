package server_test

import (
	"fmt"
	"sync"
	"testing"

	"casegraph"
	"casegraph/demo"
)

// A hundred people who open cases at once have them given out up to what
// everybody may have, and not one more; the others wait.
func TestNobodyIsGivenMoreThanTheirCapacity(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, open(t))
			have := func(id casegraph.ID) int {
				return int(get(t, f.as(demo.Ana, fmt.Sprintf(`{ cases(first: 1, filter: {assigneeId: {eq: %q}, resolvedAt: {exists: false}}) { totalCount } }`, id), nil), "cases", "totalCount").(float64))
			}
			more := map[casegraph.ID]int{demo.Ana: 20, demo.Ben: 15}
			want := map[casegraph.ID]int{}
			for id, n := range more {
				want[id] = have(id) + n
				get(t, f.as(demo.Ana, fmt.Sprintf(`mutation { setWork(input: {userId: %q, capacity: %d}) { user { capacity } } }`, id, want[id]), nil))
			}
			const opened = 100
			for _, policy := range []string{"ROUND_ROBIN", "LEAST_LOADED"} {
				queue := get(t, f.as(demo.Ana, fmt.Sprintf(`mutation { createQueue(input: {name: %[1]q, assignment: {policies: [%[1]s]}}) { queue { id } } }`, policy), nil), "createQueue", "queue", "id").(string)
				before := have(demo.Ana) + have(demo.Ben)
				var all sync.WaitGroup
				for i := range opened {
					all.Go(func() {
						a := f.as([]casegraph.ID{demo.Ana, demo.Ben}[i%2], fmt.Sprintf(`mutation { createCase(input: {title: "%d", queueId: %q}) { case { number } } }`, i, queue), nil)
						if len(a.Errors) > 0 {
							t.Errorf("%s", a.Errors)
						}
					})
				}
				all.Wait()
				given := 0
				for id, n := range want {
					got := have(id)
					if got != n {
						t.Errorf("%s: %s has %d open cases; may have %d", policy, id, got, n)
					}
					given += got
				}
				waiting := get(t, f.as(demo.Ana, fmt.Sprintf(`{ queue(id: %q) { waiting } }`, queue), nil), "queue", "waiting")
				if given -= before; waiting != float64(opened-given) {
					t.Errorf("%s: %d are given and %v wait; want %d in all", policy, given, waiting, opened)
				}
				for id := range want { // room again
					want[id] += more[id]
					get(t, f.as(demo.Ana, fmt.Sprintf(`mutation { setWork(input: {userId: %q, capacity: %d}) { user { capacity } } }`, id, want[id]), nil))
				}
			}
		})
	}
}
