package automation_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"casegraph"
	"casegraph/automation"
	"casegraph/cases"
	"casegraph/commit"
	"casegraph/ingest"
	"casegraph/localstore"
	"casegraph/neo4jstore"
	"casegraph/testservers"
)

// stores are the engines, each empty.
var stores = map[string]func(testing.TB) casegraph.Store{
	"local": func(t testing.TB) casegraph.Store {
		store, err := localstore.Open(filepath.Join(t.TempDir(), "graph.db"), localstore.Options{})
		return opened(t, store, err)
	},
	"neo4j": func(t testing.TB) casegraph.Store {
		at := testservers.Neo4j(t)
		store, err := neo4jstore.Open(t.Context(), neo4jstore.Options{URI: at.URI, User: at.User, Password: at.Password})
		return opened(t, store, err)
	},
}

func opened(t testing.TB, store casegraph.Store, err error) casegraph.Store {
	t.Helper()
	if err == nil {
		t.Cleanup(func() { store.Close() })
		err = store.Migrate(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// world is a store, and somebody who writes to it.
type world struct {
	testing.TB
	store     casegraph.Store
	committer *commit.Committer
}

func newWorld(t testing.TB, store casegraph.Store) *world {
	return &world{t, store, committer(t, store)}
}

func committer(t testing.TB, store casegraph.Store) *commit.Committer {
	var mu sync.Mutex
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	c := commit.New(store, func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	})
	t.Cleanup(c.Close)
	return c
}

func (w *world) do(change commit.Change, err error) commit.Result {
	w.Helper()
	if err == nil {
		var result commit.Result
		if result, err = w.committer.Do(w.Context(), change); err == nil {
			return result
		}
	}
	w.Fatal(err)
	return commit.Result{}
}

// publish makes a rule run from the next event on.
func (w *world) publish(key string, form casegraph.RuleForm) casegraph.ID {
	w.Helper()
	form.Name = cmp.Or(form.Name, key)
	id := w.draft(key, form)
	w.do(automation.Publish(cases.System(), automation.Input{RuleID: id}, key, automation.NamedBy(&form)))
	return id
}

func (w *world) draft(key string, form casegraph.RuleForm) casegraph.ID {
	w.Helper()
	answer, err := cases.Answer[automation.Answer](w.do(automation.Create(cases.System(), automation.CreateInput{Key: key, Form: form}, newID)))
	if err != nil {
		w.Fatal(err)
	}
	return answer.RuleID
}

func newID(kind casegraph.Kind) casegraph.ID { return casegraph.NewID(kind, time.Now()) }

// bring brings rows in, written as JSON.
func (w *world) bring(rows ...string) []casegraph.ID {
	w.Helper()
	var request ingest.ObjectsRequest
	for _, text := range rows {
		row, err := ingest.ParseRow([]byte(text))
		if err != nil {
			w.Fatal(err)
		}
		request.Rows = append(request.Rows, row)
	}
	outcomes, err := ingest.ImportObjects(w.Context(), w.committer, request)
	if err != nil {
		w.Fatal(err)
	}
	ids := make([]casegraph.ID, len(outcomes))
	for i, o := range outcomes {
		if ids[i] = o.ID; o.Reason != "" {
			w.Fatalf("%s: %s", rows[i], o.Reason)
		}
	}
	return ids
}

// settle has a follower that never fails do what is left to do.
func (w *world) settle() {
	w.Helper()
	f := automation.New(w.store, w.committer, nil, nil)
	for {
		more, err := f.Step(w.Context())
		if err != nil {
			w.Fatal(err)
		}
		if !more {
			return
		}
	}
}

func (w *world) cases() []*casegraph.Case {
	w.Helper()
	var all []*casegraph.Case
	request := casegraph.ListRequest{Kind: casegraph.KindCase, First: casegraph.MaxPage}
	for {
		page, err := w.store.List(w.Context(), request)
		if err != nil {
			w.Fatal(err)
		}
		for _, n := range page.Nodes {
			all = append(all, n.(*casegraph.Case))
		}
		if !page.More {
			return all
		}
		place := casegraph.PlaceOf(page.Nodes[len(page.Nodes)-1], "")
		request.After = &place
	}
}

// contained are the objects in cases, by case.
func (w *world) contained(in []*casegraph.Case) map[casegraph.ID][]casegraph.ID {
	w.Helper()
	var ids []casegraph.ID
	for _, c := range in {
		ids = append(ids, c.ID)
	}
	pages, err := w.store.Links(w.Context(), casegraph.LinkRequest{IDs: ids, Kinds: []casegraph.LinkKind{casegraph.LinkContains}})
	if err != nil {
		w.Fatal(err)
	}
	all := map[casegraph.ID][]casegraph.ID{}
	for id, page := range pages {
		for _, hop := range page.Hops {
			all[id] = append(all[id], hop.Far)
		}
	}
	return all
}

func (w *world) runs(key string) []*casegraph.RuleRun {
	w.Helper()
	values, err := w.store.Values(w.Context(), []string{automation.Runs(key)}, 0)
	if err != nil {
		w.Fatal(err)
	}
	runs, err := automation.ReadRuns(values[automation.Runs(key)])
	if err != nil {
		w.Fatal(err)
	}
	return runs
}

func outcomes(runs []*casegraph.RuleRun) (all []casegraph.RuleOutcome) {
	for _, r := range runs {
		all = append(all, r.Outcome)
	}
	return all
}

var (
	onReview = casegraph.RuleForm{On: []string{"inquiry.*"}, If: `inquiry.status == "needs_review"`, Once: casegraph.OnceAnObject,
		Do: []casegraph.RuleAction{{Action: casegraph.DoOpenCase, Title: "Review of {referenceId}", Attach: []casegraph.Kind{casegraph.KindAccount, casegraph.KindReport}}}}
	onPayment = casegraph.RuleForm{On: []string{"transaction.created", "transaction.updated"}, If: "transaction.amount >= 1000", Once: casegraph.OnceAnEvent,
		Do: []casegraph.RuleAction{{Action: casegraph.DoOpenCase, Title: "Large: {referenceId}"}, {Action: casegraph.DoTag, Tags: []string{"large"}}}}
	onCase = casegraph.RuleForm{On: []string{"case.created"}, If: `case.title.startsWith("Large")`, Once: casegraph.OnceAnEvent,
		Do: []casegraph.RuleAction{{Action: casegraph.DoTag, Tags: []string{"money"}}}}
)

var errDied = errors.New("the server died")

// dying is a store that fails now and then, at its worst after it has written,
// so that nobody hears of it.
type dying struct {
	casegraph.Store
	mu     sync.Mutex
	random *rand.Rand
}

func (d *dying) dies(oneOf int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.random.IntN(oneOf) == 0 {
		return errDied
	}
	return nil
}

func (d *dying) Nodes(ctx context.Context, r casegraph.NodesRequest) (map[casegraph.ID]casegraph.Node, error) {
	if err := d.dies(15); err != nil {
		return nil, err
	}
	return d.Store.Nodes(ctx, r)
}

func (d *dying) Links(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	if err := d.dies(15); err != nil {
		return nil, err
	}
	return d.Store.Links(ctx, r)
}

func (d *dying) Begin(ctx context.Context, needs casegraph.Needs) (casegraph.Batch, error) {
	if err := d.dies(10); err != nil {
		return nil, err
	}
	batch, err := d.Store.Begin(ctx, needs)
	return &dyingBatch{batch, d}, err
}

type dyingBatch struct {
	casegraph.Batch
	of *dying
}

func (b *dyingBatch) Write(ctx context.Context, decided *casegraph.Decided) error {
	if err := b.of.dies(6); err != nil {
		return err
	}
	if err := b.Batch.Write(ctx, decided); err != nil {
		return err
	}
	return b.of.dies(4)
}

// However two servers read the log, fail and begin anew, and however often a
// mark arrives: each inquiry that is marked opens one case, and each event of a
// rule that runs at each event does so once.
func TestExactlyOnce(t *testing.T) {
	for name, open := range stores {
		for seed := range uint64(map[string]int{"local": 5, "neo4j": 1}[name]) {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) {
				exactlyOnce(newWorld(t, open(t)), seed)
			})
		}
	}
}

func exactlyOnce(w *world, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 1))
	w.publish("review", onReview)
	w.publish("payment", onPayment)
	w.publish("case", onCase)
	stop := make(chan struct{})
	var servers sync.WaitGroup
	for i := range uint64(2) {
		store := &dying{Store: w.store, random: rand.New(rand.NewPCG(seed, 10+i))}
		own := committer(w, store)
		servers.Go(func() {
			f := automation.New(store, own, nil, nil)
			for {
				if _, err := f.Step(w.Context()); err != nil && store.dies(2) != nil {
					f = automation.New(store, own, nil, nil)
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	marked, payments := map[casegraph.ID]bool{}, 0
	for range 60 {
		n := random.IntN(8)
		w.bring(fmt.Sprintf(`{"node":"ACCOUNT","source":"s","referenceId":"a%d"}`, n),
			fmt.Sprintf(`{"node":"REPORT","source":"s","referenceId":"r%d","of":[{"referenceId":"a%d"}]}`, n, n))
		switch random.IntN(3) {
		case 0:
			status := []string{"pending", "needs_review"}[random.IntN(2)]
			ids := w.bring(fmt.Sprintf(`{"node":"INQUIRY","source":"s","referenceId":"i%d","status":%q,"note":"%d","of":[{"referenceId":"a%d"}]}`, n, status, random.IntN(1000), n))
			marked[ids[0]] = marked[ids[0]] || status == "needs_review"
		case 1:
			amount := []int{10, 5000}[random.IntN(2)]
			w.bring(fmt.Sprintf(`{"node":"TRANSACTION","source":"s","referenceId":"t%d","amount":"%d","currency":"EUR"}`, payments, amount))
			if amount > 1000 {
				payments++
			}
		}
	}
	close(stop)
	servers.Wait()
	w.settle()
	w.holdsOnce(marked, payments)
}

func (w *world) holdsOnce(marked map[casegraph.ID]bool, payments int) {
	w.Helper()
	all := w.cases()
	contained := w.contained(all)
	reviews, numbers := map[casegraph.ID]int{}, map[string]bool{}
	titles := map[string]int{}
	for _, c := range all {
		numbers[c.Number] = true
		titles[c.Title]++
		if !slices.Equal(c.Tags, []string{"money"}) {
			if len(c.Tags) != 0 || len(contained[c.ID]) != 3 {
				w.Errorf("%s has the tags %q and the objects %v", c.Title, c.Tags, contained[c.ID])
			}
		}
		for _, id := range contained[c.ID] {
			if kind, _ := casegraph.KindOf(id); kind == casegraph.KindInquiry {
				reviews[id]++
			}
		}
	}
	for id, is := range marked {
		if want := map[bool]int{true: 1}[is]; reviews[id] != want {
			w.Errorf("%s is in %d cases, want %d", id, reviews[id], want)
		}
	}
	for i := range payments {
		if n := titles[fmt.Sprintf("Large: t%d", i)]; n != 1 {
			w.Errorf("t%d opened %d cases", i, n)
		}
	}
	for i := range all {
		if !numbers[fmt.Sprintf("CASE-%d", i+1)] {
			w.Errorf("no case has the number %d", i+1)
		}
	}
	if runs := len(w.runs("payment")); runs != payments {
		w.Errorf("%d runs are told of %d payments", runs, payments)
	}
}
