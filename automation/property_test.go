package automation_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"casegraph"
	"casegraph/localstore"
)

// statuses are those of drawn inquiries.
var statuses = []string{"pending", "needs_review", "approved"}

// drawnRule opens a case for an inquiry that comes to a status, or to any.
type drawnRule struct {
	key, status string
	once        casegraph.RuleOnce
}

func (r drawnRule) form() casegraph.RuleForm {
	form := casegraph.RuleForm{On: []string{"inquiry.*"}, Once: r.once, Do: []casegraph.RuleAction{{Action: casegraph.DoOpenCase, Title: r.key + " {referenceId}"}}}
	if r.status != "" {
		form.If = fmt.Sprintf("inquiry.status == %q", r.status)
	}
	return form
}

// Whatever happens to inquiries, whenever rules are published and however rarely
// somebody follows: each rule has opened the cases that it should, and no other.
func TestRulesDoWhatTheySay(t *testing.T) {
	rapid.Check(t, func(draw *rapid.T) {
		folder, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			draw.Fatal(err)
		}
		store, err := localstore.Open(filepath.Join(folder, "graph.db"), localstore.Options{})
		w := newWorld(t, opened(t, store, err))
		var rules []drawnRule
		is, want := map[string]string{}, map[string]int{}
		for range rapid.IntRange(1, 25).Draw(draw, "steps") {
			switch rapid.IntRange(0, 4).Draw(draw, "step") {
			case 0:
				if len(rules) < 3 {
					r := drawnRule{fmt.Sprint("rule-", len(rules)), rapid.SampledFrom(append(slices.Clone(statuses), "")).Draw(draw, "status"),
						rapid.SampledFrom([]casegraph.RuleOnce{casegraph.OnceAnObject, casegraph.OnceAnEvent}).Draw(draw, "once")}
					w.publish(r.key, r.form())
					rules = append(rules, r)
				}
			case 1:
				w.settle()
			default:
				inquiry, status := fmt.Sprint("i-", rapid.IntRange(0, 3).Draw(draw, "inquiry")), rapid.SampledFrom(statuses).Draw(draw, "to")
				w.bring(fmt.Sprintf(`{"node":"INQUIRY","source":"persona","referenceId":%q,"status":%q}`, inquiry, status))
				if is[inquiry] == status {
					continue // nothing has happened
				}
				is[inquiry] = status
				for _, r := range rules {
					title := r.key + " " + inquiry
					if (r.status == "" || r.status == status) && (r.once == casegraph.OnceAnEvent || want[title] == 0) {
						want[title]++
					}
				}
			}
		}
		w.settle()
		page, err := store.List(t.Context(), casegraph.ListRequest{Kind: casegraph.KindCase, First: casegraph.MaxPage})
		if err != nil || page.More {
			draw.Fatal(err, page.More)
		}
		got := map[string]int{}
		for _, n := range page.Nodes {
			got[n.(*casegraph.Case).Title]++
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			draw.Fatalf("cases %v, and should be %v", got, want)
		}
	})
}
