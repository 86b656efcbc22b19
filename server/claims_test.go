package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"casegraph"
	"casegraph/demo"
)

// A hundred people who claim at once get each case once, and all of them.
func TestNoCaseIsClaimedTwice(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, open(t))
			const waiting, claims = 60, 100
			queue := get(t, f.as(demo.Ana, `mutation { createQueue(input: {name: "All"}) { queue { id } } }`, nil), "createQueue", "queue", "id").(string)
			var create strings.Builder
			for i := range waiting {
				fmt.Fprintf(&create, "c%d: createCase(input: {title: \"%d\", queueId: %q}) { case { number } } ", i, i, queue)
				if i%20 == 19 {
					get(t, f.as(demo.Ben, "mutation { "+create.String()+"}", nil))
					create.Reset()
				}
			}
			var all sync.WaitGroup
			answers := make([]answer, claims)
			for i := range claims {
				all.Add(1)
				go func() {
					defer all.Done()
					who := []casegraph.ID{demo.Ana, demo.Ben}[i%2]
					answers[i] = f.as(who, fmt.Sprintf(`mutation { claimNextCase(input: {queueId: %q}) { case { number assignee { id } } } }`, queue), nil)
				}()
			}
			all.Wait()
			claimed, none := map[string]bool{}, 0
			for i, a := range answers {
				var told struct {
					ClaimNextCase struct {
						Case *struct {
							Number   string
							Assignee struct{ ID casegraph.ID }
						}
					}
				}
				if err := json.Unmarshal(a.Data, &told); err != nil || len(a.Errors) > 0 {
					t.Fatalf("%v %s", err, a.Errors)
				}
				c := told.ClaimNextCase.Case
				switch {
				case c == nil:
					none++
				case claimed[c.Number]:
					t.Errorf("%s is claimed twice", c.Number)
				case c.Assignee.ID != []casegraph.ID{demo.Ana, demo.Ben}[i%2]:
					t.Errorf("%s was given to one and is %s's", c.Number, c.Assignee.ID)
				default:
					claimed[c.Number] = true
				}
			}
			if len(claimed) != waiting || none != claims-waiting {
				t.Errorf("%d cases claimed, %d told that there is none; want %d and %d", len(claimed), none, waiting, claims-waiting)
			}
		})
	}
}
