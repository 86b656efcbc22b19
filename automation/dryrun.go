package automation

import (
	"context"

	"casegraph"
)

// MaxDryEvents is how many events one call of DryRun looks at.
const MaxDryEvents = 5_000

// DryRun tells what a revision would have done on the events after one number
// and up to another: at most `most` runs, and how far it came. Its actions are
// decided as things stand now, and none is done. Of a rule that runs once an
// object it tells of each object once a call.
func (f *Follower) DryRun(ctx context.Context, r *casegraph.Rule, after, to casegraph.Seq, most int) (runs []*casegraph.RuleRun, at casegraph.Seq, err error) {
	made, err := prepare(r)
	if err != nil {
		return nil, after, err
	}
	done := map[casegraph.ID]bool{}
	at = after
	for looked := 0; at < to && looked < MaxDryEvents; {
		events, _, err := f.store.Events(ctx, at, min(readAtOnce, int(to-at)))
		if err != nil || len(events) == 0 {
			return runs, at, err
		}
		found, err := matches(ctx, f.store, []*ready{made}, events)
		if err != nil {
			return nil, at, err
		}
		for _, m := range found {
			if len(runs) == most {
				return runs, at, nil
			}
			would, err := f.would(ctx, m, done)
			if err != nil {
				return nil, at, err
			}
			runs = append(runs, would)
			at = m.event.Seq
		}
		looked, at = looked+len(events), events[len(events)-1].Seq
	}
	return runs, at, nil
}

// would is what would come of a match.
func (f *Follower) would(ctx context.Context, m match, done map[casegraph.ID]bool) (*casegraph.RuleRun, error) {
	r := &run{match: m}
	would := &casegraph.RuleRun{RuleID: m.rule.ID, Event: m.event.Seq, SubjectID: m.event.Subject, At: m.event.At, Outcome: casegraph.RuleWouldDo}
	switch {
	case m.err != nil:
		would.Outcome, would.Error = casegraph.RuleFailed, m.err.Error()
		return would, nil
	case m.rule.Once == casegraph.OnceAnObject && done[m.event.Subject]:
		would.Outcome = casegraph.RuleAlready
		return would, nil
	case r.depth() > MaxDepth:
		would.Outcome = casegraph.RuleTooDeep
		return would, nil
	}
	actions, err := r.actions(ctx, f)
	if err != nil {
		return nil, err
	}
	r.goes, r.ended = true, casegraph.RuleWouldDo
	if _, err := f.committer.Try(ctx, actions); err != nil {
		return nil, err
	}
	for i := range r.items {
		r.items[i].CaseID = "" // none was opened or changed
	}
	would.Outcome, would.Items = r.ended, r.items
	done[m.event.Subject] = r.did()
	return would, nil
}
