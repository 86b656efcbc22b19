package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"casegraph"
	"casegraph/automation"
	"casegraph/cases"
	"casegraph/commit"
	"casegraph/generate"
	"casegraph/ingest"
)

// town is where the demo's people live: the smallest generated investigation.
var town = func() generate.Graph {
	small, err := generate.ScaleOf("small")
	if err != nil {
		panic(err)
	}
	return generate.Graph{Scale: small, Seed: 1}
}()

// The queues of the town, and the first of its cases.
const (
	Takeovers = casegraph.ID("que_00000000000000000000000001")
	Payments  = casegraph.ID("que_00000000000000000000000002")
	firstCase = 101
)

// LoadTown writes what lies around the story: a town in which frauds are planted
// among people who only look like it, and the casework over some of them, in
// queues and by the templates that come along, with their clocks. It goes into a
// store that has the story and these templates.
func LoadTown(ctx context.Context, store casegraph.Store, c *commit.Committer) error {
	l := &loader{ctx: ctx, store: store, committer: c, made: map[casegraph.Kind]int{casegraph.KindCase: firstCase - 1}}
	l.people()
	l.queues()
	l.rule()
	l.work()
	return l.err
}

// LoadQueues makes the queues of the town, without it.
func LoadQueues(ctx context.Context, c *commit.Committer) error {
	l := &loader{ctx: ctx, committer: c, made: map[casegraph.Kind]int{}}
	l.queues()
	return l.err
}

// people imports the generated rows, cases of an older tool among them.
func (l *loader) people() {
	l.err = func() error {
		folder, err := os.MkdirTemp("", "casegraph-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		path := filepath.Join(folder, "town.ndjson")
		if err := writeTown(l.ctx, path); err != nil {
			return err
		}
		in := ingest.Import{Name: "demo-town", Store: l.store, Committer: l.committer, Rejects: filepath.Join(folder, "rejected.ndjson"), Inputs: []ingest.Input{{Path: path}}}
		done, err := in.Run(l.ctx)
		if err == nil && done.Rejected > 0 {
			err = fmt.Errorf("demo: %d rows of the town were rejected", done.Rejected)
		}
		return err
	}()
}

func writeTown(ctx context.Context, path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = town.WriteRows(ctx, file)
	return errors.Join(err, file.Close())
}

func (l *loader) queues() {
	l.do(cases.CreateQueue(ana, cases.CreateQueueInput{Name: "Takeovers", Description: "Somebody else has an account in hand. Call first."}, l.newID))
	l.do(cases.CreateQueue(ana, cases.CreateQueueInput{Name: "Payments", Description: "Money that goes round, or through too many hands.",
		Assignment: &casegraph.Assignment{Policies: []casegraph.AssignmentPolicy{casegraph.AssignLeastLoaded}, MemberIDs: []casegraph.ID{Ben}}}, l.newID))
}

// rule opens a case for an inquiry that is marked for review from now on.
func (l *loader) rule() {
	const key = "review"
	made := automation.CreateInput{Key: key, Form: casegraph.RuleForm{
		Name: "A review mark opens a case", On: []string{"inquiry.*"}, Once: casegraph.OnceAnObject,
		If: `inquiry.status in ["needs-review", "needs_review"]`, // as sources spell it
		Do: []casegraph.RuleAction{{Action: casegraph.DoOpenCase, Template: "onboarding-review", Title: "Review of {referenceId}",
			Attach: []casegraph.Kind{casegraph.KindAccount, casegraph.KindReport}}},
	}}
	l.do(automation.Create(ana, made, l.newID))
	l.do(automation.Publish(ana, automation.Input{RuleID: casegraph.ID(fmt.Sprintf("%s%026d", casegraph.KindRule.Prefix(), 1))}, key, automation.NamedBy(&made.Form)))
}

// work opens cases about the first frauds of some kinds, and about what looks
// like one.
func (l *loader) work() {
	takeover, suspicious := l.template("account-takeover"), l.template("suspicious-activity")
	if l.err != nil {
		return
	}
	n := firstCase
	for _, plot := range l.first(generate.Takeover, 2) {
		l.open(takeover, plot, cases.CreateInput{Title: "An unknown device signed in", QueueID: Takeovers, Fields: casegraph.Fields(`{"reportedBy":"rule"}`)})
		if n == firstCase {
			l.do(cases.Assign(ben, cases.AssignInput{CaseID: Case(n), AssigneeID: Ben}))
			l.do(cases.CheckItem(ben, cases.CheckItemInput{CaseID: Case(n), Item: "lock", Done: true}, takeover))
			l.do(cases.SetStatus(ben, cases.SetStatusInput{CaseID: Case(n), Status: "Contained"}, takeover))
		}
		n++
	}
	for _, plot := range l.first(generate.FanIn, 2) {
		l.open(suspicious, plot, cases.CreateInput{Title: "Many pay one new account", QueueID: Payments, AssigneeID: Ben, Tags: []string{"fan-in"}, Fields: casegraph.Fields(`{"pattern":"fan-in"}`)})
		n++
	}
	l.do(cases.SetStatus(ben, cases.SetStatusInput{CaseID: Case(n - 1), Status: "In review"}, suspicious))
	l.do(cases.SetStatus(ben, cases.SetStatusInput{CaseID: Case(n - 1), Status: "Resolved", Resolution: "Confirmed"}, suspicious))
	for _, plot := range l.first(generate.Merchant, 1) {
		l.open(suspicious, plot, cases.CreateInput{Title: "Many pay one account", QueueID: Payments, AssigneeID: Ben, Tags: []string{"fan-in"}})
		l.do(cases.SetStatus(ben, cases.SetStatusInput{CaseID: Case(n), Status: "Dismissed", Resolution: "False positive", Note: "A shop, and has been one for years."}, suspicious))
	}
}

// template is one that comes along.
func (l *loader) template(key string) *cases.Workflow {
	id := casegraph.ImportedID(casegraph.KindTemplate, "casegraph", casegraph.TemplateKey(key, 1).Reference)
	nodes, err := l.store.Nodes(l.ctx, casegraph.NodesRequest{IDs: []casegraph.ID{id}})
	template, ok := nodes[id].(*casegraph.Template)
	if err == nil && !ok {
		err = fmt.Errorf("demo: there is no template %s", key)
	}
	var flow *cases.Workflow
	if err == nil {
		flow, err = cases.NewWorkflow(template)
	}
	if l.err == nil {
		l.err = err
	}
	return flow
}

// first are the first of a kind that the town's truth tells of.
func (l *loader) first(kind generate.Plot, n int) (found []generate.Planted) {
	for planted := range town.Truth() {
		if planted.Kind == kind {
			if found = append(found, planted); len(found) == n {
				return found
			}
		}
	}
	return found
}

// open opens a case about the accounts of a plot.
func (l *loader) open(flow *cases.Workflow, plot generate.Planted, in cases.CreateInput) {
	for _, n := range plot.Nodes {
		if n.Kind == casegraph.KindAccount && len(in.Objects) < 5 {
			in.Objects = append(in.Objects, cases.ObjectInput{ID: n.ID, Role: "subject"})
		}
	}
	l.do(cases.Create(ana, in, flow, l.newID))
}
