package automation

import (
	"context"

	"casegraph"
)

// MaxDryEvents is how many events one call of DryRun looks at.
const MaxDryEvents = 5_000

// DryRun tells what a revision would have done on the events after one number
// and up to another: at most `most` runs, and how far it came. Of a rule that
// runs once an object it tells of each object once a call.
func DryRun(ctx context.Context, store casegraph.Store, r *casegraph.Rule, after, to casegraph.Seq, most int) (runs []*casegraph.RuleRun, at casegraph.Seq, err error) {
	made, err := prepare(r)
	if err != nil {
		return nil, after, err
	}
	done := map[casegraph.ID]bool{}
	at = after
	for looked := 0; at < to && looked < MaxDryEvents; {
		events, _, err := store.Events(ctx, at, min(readAtOnce, int(to-at)))
		if err != nil || len(events) == 0 {
			return runs, at, err
		}
		found, err := matches(ctx, store, []*ready{made}, events)
		if err != nil {
			return nil, at, err
		}
		for _, m := range found {
			if len(runs) == most {
				return runs, at, nil
			}
			runs = append(runs, m.would(done))
			at = m.event.Seq
		}
		looked, at = looked+len(events), events[len(events)-1].Seq
	}
	return runs, at, nil
}

// would is what would come of a match.
func (m *match) would(done map[casegraph.ID]bool) *casegraph.RuleRun {
	would := &casegraph.RuleRun{RuleID: m.rule.ID, Event: m.event.Seq, SubjectID: m.event.Subject, At: m.event.At, Outcome: casegraph.RuleWouldDo}
	switch {
	case m.err != nil:
		would.Outcome, would.Error = casegraph.RuleFailed, m.err.Error()
		return would
	case m.rule.Once == casegraph.OnceAnObject && done[m.event.Subject]:
		would.Outcome = casegraph.RuleAlready
		return would
	case (&run{match: *m}).depth() > MaxDepth:
		would.Outcome = casegraph.RuleTooDeep
		return would
	}
	done[m.event.Subject] = true
	for i := range m.rule.Do {
		would.Items = append(would.Items, casegraph.RuleRunItem{Action: m.rule.Do[i].Action})
	}
	return would
}
