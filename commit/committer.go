package commit

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"casegraph"
	"casegraph/words"
)

// Committer writes changes to a store by group commit: whatever waits goes in
// one transaction, with one rise of the log. One is enough for a server;
// several servers, each with its own, take turns by the log's lock.
type Committer struct {
	store casegraph.Store
	now   func() time.Time
	queue chan *group
	known *knownTerms

	stop    context.CancelFunc
	stopped chan struct{}
	closing sync.RWMutex // held for reading while a group is handed over
	closed  bool
}

// maxGrouped is how many changes of different callers share a transaction.
const maxGrouped = 256

// group is changes that go in one transaction: one change of a request, or the
// changes of a whole page of an import.
type group struct {
	ctx     context.Context
	changes []Change
	results []Result
	done    chan struct{}
}

// New starts a committer. now gives the time of changes; nil is the clock.
func New(store casegraph.Store, now func() time.Time) *Committer {
	if now == nil {
		now = time.Now
	}
	ctx, stop := context.WithCancel(context.Background())
	c := &Committer{store: store, now: now, queue: make(chan *group, maxGrouped), known: newKnownTerms(),
		stop: stop, stopped: make(chan struct{})}
	go c.run(ctx)
	return c
}

// Close waits for what is being written and ends the committer. Changes that
// come later are refused.
func (c *Committer) Close() {
	c.closing.Lock()
	if !c.closed {
		c.closed = true
		close(c.queue)
	}
	c.closing.Unlock()
	<-c.stopped
	c.stop()
}

// Do writes one change and answers when it is durable, or refused. When ctx
// ends first the change may still be written: ask again with a Once.
func (c *Committer) Do(ctx context.Context, change Change) (Result, error) {
	results, err := c.DoAll(ctx, []Change{change})
	if err != nil {
		return Result{}, err
	}
	return results[0], results[0].Err
}

// DoAll writes changes in one transaction, in order. Each may be refused on
// its own; the error is of the transaction as a whole, of which then nothing
// is written.
func (c *Committer) DoAll(ctx context.Context, changes []Change) ([]Result, error) {
	g := &group{ctx: ctx, changes: changes, done: make(chan struct{})}
	if err := c.hand(g); err != nil {
		return nil, err
	}
	select {
	case <-g.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if wholeFailed(g.results) {
		return nil, g.results[0].Err
	}
	return g.results, nil
}

// Try tells what would become of changes if they were written now, in order in
// one transaction. Nothing is; nobody else writes meanwhile.
func (c *Committer) Try(ctx context.Context, changes []Change) ([]Result, error) {
	batch, err := c.store.Begin(ctx, allNeeds(changes))
	if err != nil {
		return nil, err
	}
	defer batch.Rollback()
	_, results, err := decideSafely(batch.State(), casegraph.TimeOf(c.now()), changes)
	return results, err
}

// wholeFailed tells whether the transaction failed, not its changes.
func wholeFailed(results []Result) bool {
	var whole *transactionError
	return len(results) > 0 && errors.As(results[0].Err, &whole)
}

// transactionError is an error of a whole transaction.
type transactionError struct{ error }

func (e *transactionError) Unwrap() error { return e.error }

func (c *Committer) hand(g *group) error {
	c.closing.RLock()
	defer c.closing.RUnlock()
	if c.closed {
		return &casegraph.Error{Code: casegraph.CodeUnavailable, Message: "the server is stopping"}
	}
	select {
	case c.queue <- g:
		return nil
	case <-g.ctx.Done():
		return g.ctx.Err()
	}
}

func (c *Committer) run(ctx context.Context) {
	defer close(c.stopped)
	for first := range c.queue {
		groups := c.gather(first)
		c.write(ctx, groups)
	}
}

// gather takes what waits; nobody waits for a timer. It steps aside once, for
// the clients that have just been answered: most have their next change ready.
func (c *Committer) gather(first *group) []*group {
	groups, size, aside := []*group{first}, len(first.changes), false
	for size < maxGrouped {
		select {
		case g, open := <-c.queue:
			if !open {
				return groups
			}
			groups, size = append(groups, g), size+len(g.changes)
		default:
			if aside {
				return groups
			}
			aside = true
			runtime.Gosched()
		}
	}
	return groups
}

// write writes groups in one transaction. If that fails, each group is tried
// on its own, so that one can't fail another.
func (c *Committer) write(ctx context.Context, groups []*group) {
	groups = waiting(groups)
	if len(groups) == 0 {
		return
	}
	err := c.try(ctx, groups)
	if err == nil {
		answer(groups)
		return
	}
	if len(groups) > 1 {
		for _, g := range groups {
			c.write(ctx, []*group{g})
		}
		return
	}
	g := groups[0]
	g.results = make([]Result, len(g.changes))
	for i := range g.results {
		g.results[i].Err = &transactionError{err}
	}
	answer(groups)
}

// waiting leaves out the groups that nobody waits for any more.
func waiting(groups []*group) []*group {
	kept := groups[:0]
	for _, g := range groups {
		if g.ctx.Err() == nil {
			kept = append(kept, g)
		}
	}
	return kept
}

func answer(groups []*group) {
	for _, g := range groups {
		close(g.done)
	}
}

func (c *Committer) try(ctx context.Context, groups []*group) error {
	var changes []Change
	for _, g := range groups {
		changes = append(changes, g.changes...)
	}
	batch, err := c.store.Begin(ctx, allNeeds(changes))
	if err != nil {
		return err
	}
	defer batch.Rollback()
	decided, results, err := decideSafely(batch.State(), casegraph.TimeOf(c.now()), changes)
	if err != nil {
		return err
	}
	terms := c.known.lacking(decided)
	decided.Terms = terms
	if len(decided.Nodes)+len(decided.Links)+len(decided.Values)+len(decided.Events) > 0 {
		if err := batch.Write(ctx, decided); err != nil {
			return err
		}
		c.known.add(terms)
	}
	for _, g := range groups {
		g.results, results = results[:len(g.changes):len(g.changes)], results[len(g.changes):]
	}
	return nil
}

// decideSafely keeps a fault in one change's rules from ending the server.
func decideSafely(state *casegraph.State, now casegraph.Time, changes []Change) (d *casegraph.Decided, r []Result, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			slog.Error("a change could not be decided", "fault", fault)
			err = errors.New("commit: a change could not be decided")
		}
	}()
	d, r = Decide(state, now, changes)
	return d, r, nil
}

// allNeeds is what all changes need, each once.
func allNeeds(changes []Change) casegraph.Needs {
	if len(changes) == 1 && changes[0].Once == nil {
		return changes[0].Needs
	}
	var all casegraph.Needs
	seen := newNeeded(casegraph.Needs{})
	for i := range changes {
		n := changes[i].Needs
		all.Nodes = appendNew(all.Nodes, seen.nodes, n.Nodes...)
		all.Links = appendNew(all.Links, seen.links, n.Links...)
		all.Evidence = appendNew(all.Evidence, seen.evidences, n.Evidence...)
		all.Values = appendNew(all.Values, seen.values, n.Values...)
		all.Loads = appendNew(all.Loads, seen.loads, n.Loads...)
		if once := changes[i].Once; once != nil {
			all.Values = appendNew(all.Values, seen.values, once.Key)
		}
	}
	return all
}

func appendNew[K comparable](all []K, seen map[K]bool, more ...K) []K {
	for _, key := range more {
		if !seen[key] {
			seen[key] = true
			all = append(all, key)
		}
	}
	return all
}

// knownTerms remembers which words the vocabulary has, so that they are not
// written again. It is bounded: past that it forgets all and learns anew.
type knownTerms struct{ terms map[string]bool }

const maxKnownTerms = 1 << 18

func newKnownTerms() *knownTerms { return &knownTerms{terms: map[string]bool{}} }

// lacking are the words of the written nodes that the vocabulary may lack.
func (k *knownTerms) lacking(d *casegraph.Decided) map[string][]string {
	lacking := map[string][]string{}
	for i := range d.Nodes {
		if !d.Nodes[i].TextChanged {
			continue
		}
		for _, word := range d.Nodes[i].Words {
			if !k.terms[word] && lacking[word] == nil {
				if variants := words.Variants(word); len(variants) > 1 {
					lacking[word] = variants
				}
			}
		}
	}
	return lacking
}

func (k *knownTerms) add(terms map[string][]string) {
	if len(k.terms)+len(terms) > maxKnownTerms {
		k.terms = map[string]bool{}
	}
	for term := range terms {
		k.terms[term] = true
	}
}
