package automation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
	"casegraph/intake"
)

const (
	// MaxDepth is how many rules may set each other off, one after the other.
	MaxDepth = 3
	// MaxRuns is how many runs of a rule are kept, the newest.
	MaxRuns = 200
	// MaxAttached is how many nodes of each kind go into an opened case, those
	// seen last.
	MaxAttached = 20
)

// run is what comes of a match. Its steps are changes of one transaction,
// decided in order: whether it is to be done, each action, and what is kept of
// it. They tell each other through it, anew each time they are decided.
type run struct {
	match
	goes  bool
	items []casegraph.RuleRunItem
	ended casegraph.RuleOutcome
}

// errNot is of an action that is not to be done: it leaves no trace.
var errNot = errors.New("automation: not to be done")

// onceKey is the value that keeps that a rule has run for a node.
func (r *run) onceKey() string { return "rule/once/" + r.rule.Key + "/" + string(r.event.Subject) }

// Runs is the key of the value that keeps a rule's newest runs.
func Runs(key string) string { return "rule/runs/" + key }

// ReadRuns are the runs in that value, the newest first.
func ReadRuns(value []byte) (runs []*casegraph.RuleRun, err error) {
	if value != nil {
		err = json.Unmarshal(value, &runs)
	}
	slices.Reverse(runs)
	return runs, err
}

// begin decides whether the rule is to do something on the event: not if the
// event is behind the position, not twice for a node, not too deep.
func (r *run) begin() commit.Change {
	needs := casegraph.Needs{Values: []string{positionKey, r.onceKey()}}
	return commit.Change{Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		r.goes, r.ended, r.items = false, "", nil
		position, err := readPosition(v.Value(positionKey))
		if err != nil || position >= r.event.Seq {
			return nil, cmpErr(err, errNot)
		}
		switch {
		case r.err != nil:
			r.ended = casegraph.RuleFailed
		case r.rule.Once == casegraph.OnceAnObject && v.Value(r.onceKey()) != nil:
			r.ended = casegraph.RuleAlready
		case r.depth() > MaxDepth:
			r.ended = casegraph.RuleTooDeep
		default:
			r.goes, r.ended = true, casegraph.RuleDone
		}
		return nil, errNot
	}}
}

func cmpErr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func (r *run) depth() int {
	if r.event.Cause == nil {
		return 1
	}
	return r.event.Cause.Depth + 1
}

// act is an action as part of the run; err is why it could not even be made.
func (r *run) act(a *casegraph.RuleAction, made commit.Change, err error) commit.Change {
	decide := made.Decide
	made.Cause = &casegraph.Cause{RuleID: r.rule.ID, Event: r.event.Seq, Depth: r.depth()}
	made.Decide = func(v *commit.View) (*commit.Writes, error) {
		if !r.goes {
			return nil, errNot
		}
		var w *commit.Writes
		refused := err
		if refused == nil {
			w, refused = decide(v)
		}
		item := casegraph.RuleRunItem{Action: a.Action}
		switch {
		case refused != nil:
			item.Error, r.ended = refused.Error(), casegraph.RuleRefused
		case a.Action == casegraph.DoOpenCase:
			var opened cases.CreateAnswer
			if err := json.Unmarshal(w.Answer, &opened); err != nil {
				return nil, err
			}
			item.CaseID = opened.CaseID
		default:
			item.CaseID = r.event.Subject
			if kind, _ := casegraph.KindOf(item.CaseID); kind != casegraph.KindCase {
				item.CaseID = ""
			}
		}
		r.items = append(r.items, item)
		return w, refused
	}
	return made
}

// end keeps what came of the run.
func (r *run) end() commit.Change {
	key := Runs(r.rule.Key)
	needs := casegraph.Needs{Values: []string{key, r.onceKey()}}
	return commit.Change{Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		if r.ended == "" {
			return nil, errNot
		}
		var runs []*casegraph.RuleRun
		if kept := v.Value(key); kept != nil {
			if err := json.Unmarshal(kept, &runs); err != nil {
				return nil, fmt.Errorf("automation: runs: %w", err)
			}
		}
		told := &casegraph.RuleRun{RuleID: r.rule.ID, Event: r.event.Seq, SubjectID: r.event.Subject, At: v.Now, Outcome: r.ended, Items: r.items}
		if r.err != nil {
			told.Error = r.err.Error()
		}
		runs = append(runs, told)
		runs = runs[max(0, len(runs)-MaxRuns):]
		w := &commit.Writes{Values: []casegraph.Value{{Key: key, Data: cases.Encode(runs)}}}
		if r.goes && r.rule.Once == casegraph.OnceAnObject && r.did() {
			w.Values = append(w.Values, casegraph.Value{Key: r.onceKey(), Data: []byte(fmt.Sprint(r.event.Seq))})
		}
		return w, nil
	}}
}

// did tells whether anything was done: what was refused altogether is tried
// again at the next event.
func (r *run) did() bool {
	return slices.ContainsFunc(r.items, func(i casegraph.RuleRunItem) bool { return i.Error == "" })
}

// changes are the run's steps; of one that was done before for its node there
// is nothing to make ready.
func (r *run) changes(ctx context.Context, f *Follower, done bool) ([]commit.Change, error) {
	steps := []commit.Change{r.begin()}
	if r.err == nil && !done {
		actions, err := r.actions(ctx, f)
		if err != nil {
			return nil, err
		}
		steps = append(steps, actions...)
	}
	return append(steps, r.end()), nil
}

// actions are the changes that the rule's actions come to.
func (r *run) actions(ctx context.Context, f *Follower) (all []commit.Change, err error) {
	for i := range r.rule.Do {
		made, err := f.change(ctx, &r.rule.Do[i], r.node, r.event.At)
		if err != nil && !refuses(err) {
			return nil, err
		}
		all = append(all, r.act(&r.rule.Do[i], made, err))
	}
	return all, nil
}

// refuses tells an action that can't be done from a store that can't be read.
func refuses(err error) bool {
	switch casegraph.CodeOf(err) {
	case casegraph.CodeBadInput, casegraph.CodeNotFound, casegraph.CodeConflict, casegraph.CodeForbidden:
		return true
	}
	return false
}

// change is an action as casework has it, done by the system; at is the event's
// time.
func (f *Follower) change(ctx context.Context, a *casegraph.RuleAction, n casegraph.Node, at casegraph.Time) (commit.Change, error) {
	id := n.Head().ID
	switch a.Action {
	case casegraph.DoTag:
		return cases.Tag(cases.System(), cases.TagInput{NodeID: id, Tags: a.Tags})
	case casegraph.DoEscalate:
		change, err := cases.Escalate(cases.System(), cases.EscalateInput{CaseID: id, QueueID: a.QueueID, Note: a.Note})
		return f.coming(ctx, n, a.QueueID, change, err)
	case casegraph.DoSetQueue:
		in := cases.SetQueueInput{CaseID: id, Note: a.Note}
		if a.QueueID != "" {
			in.QueueID = &a.QueueID
		}
		change, err := cases.SetQueue(cases.System(), in)
		return f.coming(ctx, n, a.QueueID, change, err)
	case casegraph.DoAssign:
		return cases.Assign(cases.System(), cases.AssignInput{CaseID: id, AssigneeID: a.AssigneeID, Note: a.Note})
	}
	return f.open(ctx, a, n, at)
}

// coming has a policy give a case to somebody that comes into a queue.
func (f *Follower) coming(ctx context.Context, n casegraph.Node, queue casegraph.ID, change commit.Change, err error) (commit.Change, error) {
	c, ok := n.(*casegraph.Case)
	if err != nil || !ok {
		return change, err
	}
	comes := intake.Case{ID: c.ID, QueueID: queue}
	if c.TemplateID != "" {
		nodes, err := f.store.Nodes(ctx, casegraph.NodesRequest{IDs: []casegraph.ID{c.TemplateID}})
		if err != nil {
			return change, err
		}
		comes.Template, _ = nodes[c.TemplateID].(*casegraph.Template)
	}
	return f.give(ctx, comes, change)
}

// give has a policy give a case to somebody, as it does where people open cases
// or put them into queues.
func (f *Follower) give(ctx context.Context, c intake.Case, change commit.Change) (commit.Change, error) {
	in, err := intake.Read(ctx, f.store, c)
	if err != nil {
		return change, err
	}
	in.AsRead = true
	return in.Give(change), nil
}

// open opens a case around an object.
func (f *Follower) open(ctx context.Context, a *casegraph.RuleAction, n casegraph.Node, at casegraph.Time) (commit.Change, error) {
	flow := cases.General
	if a.Template != "" {
		var err error
		if flow, err = f.workflow(ctx, a.Template); err != nil {
			return commit.Change{}, err
		}
	}
	object := n.(interface{ External() *casegraph.Object }).External()
	title := strings.NewReplacer("{referenceId}", object.ReferenceID, "{id}", string(object.ID)).Replace(a.Title)
	if runes := []rune(title); len(runes) > cases.MaxTitle {
		title = string(runes[:cases.MaxTitle])
	}
	around, err := f.around(ctx, n, a.Attach)
	if err != nil {
		return commit.Change{}, err
	}
	comes := intake.Case{QueueID: a.QueueID, Template: flow.Template, ObjectIDs: append([]casegraph.ID{object.ID}, around...)}
	if comes.QueueID == "" {
		if comes.QueueID, err = intake.QueueOf(ctx, f.store, flow.Template); err != nil {
			return commit.Change{}, err
		}
	}
	objects := []cases.ObjectInput{{ID: object.ID, Role: "subject"}}
	for _, id := range around {
		objects = append(objects, cases.ObjectInput{ID: id})
	}
	change, err := cases.Create(cases.System(), cases.CreateInput{Title: title, QueueID: comes.QueueID, AssigneeID: a.AssigneeID, Tags: a.Tags, Fields: filled(a.Fields, object, at), Objects: objects}, flow, f.newID)
	if err != nil {
		return change, err
	}
	return f.give(ctx, comes, change)
}

// filled are fields with what their placeholders stand for: within a JSON text,
// and so as one.
func filled(fields casegraph.Fields, object *casegraph.Object, at casegraph.Time) casegraph.Fields {
	if len(fields) == 0 {
		return nil
	}
	within := func(text string) string {
		quoted := cases.Encode(text)
		return string(quoted[1 : len(quoted)-1])
	}
	moment := time.UnixMilli(int64(at)).UTC().Format(time.RFC3339)
	return casegraph.Fields(strings.NewReplacer("{referenceId}", within(object.ReferenceID), "{id}", within(string(object.ID)), "{at}", moment).Replace(string(fields)))
}

// workflow is that of a template's published revision.
func (f *Follower) workflow(ctx context.Context, key string) (*cases.Workflow, error) {
	name := cases.TemplateHead(key)
	values, err := f.store.Values(ctx, []string{name}, casegraph.TimeOf(f.now()))
	if err != nil {
		return nil, err
	}
	id, err := cases.PublishedRevision(values[name])
	if err != nil {
		return nil, err
	}
	nodes, err := f.store.Nodes(ctx, casegraph.NodesRequest{IDs: []casegraph.ID{id}})
	if err != nil {
		return nil, err
	}
	t, ok := nodes[id].(*casegraph.Template)
	if !ok {
		return nil, casegraph.BadInput("template: no published template has the key %.100q", key)
	}
	return cases.NewWorkflow(t)
}

// around are the accounts that a node is of, and what else of the wanted kinds
// is of these: of each kind the newest.
func (f *Follower) around(ctx context.Context, n casegraph.Node, kinds []casegraph.Kind) ([]casegraph.ID, error) {
	id := n.Head().ID
	accounts := []casegraph.ID{id}
	if n.Kind() != casegraph.KindAccount {
		var err error
		if accounts, err = f.linked(ctx, accounts, casegraph.DirectionOut, casegraph.KindAccount); err != nil {
			return nil, err
		}
	}
	var all []casegraph.ID
	for _, kind := range kinds {
		found := accounts
		if kind != casegraph.KindAccount && len(accounts) > 0 {
			var err error
			if found, err = f.linked(ctx, accounts, casegraph.DirectionIn, kind); err != nil {
				return nil, err
			}
		}
		for _, each := range found[:min(len(found), MaxAttached)] {
			if each != id && !slices.Contains(all, each) && len(all) < cases.MaxObjects-1 {
				all = append(all, each)
			}
		}
	}
	return all, nil
}

// linked are the nodes of a kind at the other ends of OF links.
func (f *Follower) linked(ctx context.Context, ids []casegraph.ID, direction casegraph.Direction, kind casegraph.Kind) ([]casegraph.ID, error) {
	pages, err := f.store.Links(ctx, casegraph.LinkRequest{IDs: ids, Direction: direction, Kinds: []casegraph.LinkKind{casegraph.LinkOf},
		FarKinds: []casegraph.Kind{kind}, Cap: MaxAttached})
	var far []casegraph.ID
	for _, id := range ids {
		for _, hop := range pages[id].Hops {
			far = append(far, hop.Far)
		}
	}
	return far, err
}
