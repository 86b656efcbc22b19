package commit

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"casegraph"
	"casegraph/words"
)

// Decide is the one place where preconditions, versions, numbers, values
// before and after, and the log's chain are worked out, for both stores. It
// takes the changes in order; each sees what those before it did, and one that
// is refused leaves no trace. It is pure: the same state, time and changes
// give the same writes.
func Decide(state *casegraph.State, now casegraph.Time, changes []Change) (*casegraph.Decided, []Result) {
	d := decision{state: state, now: now, before: map[casegraph.ID]casegraph.Node{},
		links: map[casegraph.LinkID]bool{}, values: map[string]bool{}, pairs: map[casegraph.Pair]casegraph.TouchedPair{}}
	for _, links := range state.Evidence { // stores read them in any order
		slices.SortFunc(links, func(a, b *casegraph.Link) int { return compareLinkIDs(a.LinkID, b.LinkID) })
	}
	results := make([]Result, len(changes))
	for i := range changes {
		results[i] = d.take(&changes[i])
		if told := changes[i].Told; told != nil {
			told(results[i])
		}
	}
	return d.decided(), results
}

// decision is the state that grows as changes are taken, and what differs
// from the state that was read.
type decision struct {
	state    *casegraph.State
	now      casegraph.Time
	before   map[casegraph.ID]casegraph.Node // as read; nil for a node that was not there
	order    []casegraph.ID                  // the keys of before, in order
	links    map[casegraph.LinkID]bool
	past     []casegraph.Link
	values   map[string]bool
	pairs    map[casegraph.Pair]casegraph.TouchedPair
	events   []casegraph.Event
	payloads [][]byte
}

func (d *decision) take(c *Change) Result {
	needs := newNeeded(c.Needs)
	if c.Once != nil {
		needs.values[c.Once.Key] = true
	}
	view := &View{Now: d.now, Actor: c.Actor, state: d.state, needs: needs}
	if c.Once != nil {
		if told := view.Value(c.Once.Key); told != nil {
			return d.replay(c.Once, told)
		}
	}
	writes, err := c.Decide(view)
	if err != nil {
		return Result{Err: err}
	}
	if c.Once != nil {
		data, err := json.Marshal(remembered{Digest: c.Once.Digest, Answer: writes.Answer})
		if err != nil {
			return Result{Err: fmt.Errorf("commit: answer: %w", err)}
		}
		writes.Values = append(writes.Values, casegraph.Value{Key: c.Once.Key, Data: data, ExpiresAt: d.now + OnceFor})
	}
	step, err := d.weigh(c, writes, needs)
	if err != nil {
		return Result{Err: err}
	}
	d.apply(step)
	return Result{Answer: writes.Answer, Seq: d.state.Seq, Changed: len(step.events) > 0}
}

func (d *decision) replay(once *Once, told []byte) Result {
	var was remembered
	if err := json.Unmarshal(told, &was); err != nil {
		return Result{Err: fmt.Errorf("commit: remembered answer: %w", err)}
	}
	if was.Digest != once.Digest {
		return Result{Err: &casegraph.Error{Code: casegraph.CodeConflict, Field: OnceHeader,
			Message: OnceHeader + ": was used for another request within the last 24 hours"}}
	}
	return Result{Answer: was.Answer, Seq: d.state.Seq, Replayed: true}
}

// step is a change's writes, weighed against what is there: only what differs.
type step struct {
	nodes  []casegraph.Node
	links  []casegraph.Link // as they shall be, or as they were where they end
	past   []casegraph.Link
	values []casegraph.Value
	pairs  []casegraph.Pair
	events []casegraph.Event
}

// weigh finds what a change really changes, and tells it.
func (d *decision) weigh(c *Change, w *Writes, needs *needed) (*step, error) {
	s := &step{values: w.Values}
	differences := map[casegraph.ID][]casegraph.FieldChange{}
	for _, n := range w.Nodes {
		needs.node(n.Head().ID)
		changes, written, err := d.weighNode(n)
		if err != nil {
			return nil, err
		}
		if written {
			s.nodes = append(s.nodes, n)
			differences[n.Head().ID] = changes
		}
	}
	linkChanges, err := d.weighLinks(s, w, needs)
	if err != nil {
		return nil, err
	}
	s.pairs = append(s.pairs, w.Sums...)
	tell := w.Events
	if len(s.nodes)+len(s.links)+len(s.pairs) == 0 {
		if w.Noted == nil {
			return s, nil
		}
		tell = []Event{*w.Noted}
	}
	for i, told := range tell {
		e := casegraph.Event{At: d.now, Name: told.Name, Subject: told.Subject, Actor: c.Actor}
		e.Note, e.Changes, e.Cause = told.Note, differences[told.Subject], c.Cause
		delete(differences, told.Subject)
		if i == 0 {
			e.Links = linkChanges
		}
		e.Links = append(e.Links, told.Links...)
		s.events = append(s.events, e)
	}
	for id := range differences {
		if kind, _ := casegraph.KindOf(id); kind != casegraph.KindIdentifier {
			return nil, fmt.Errorf("commit: %s changes and no event tells it", id)
		}
	}
	if len(s.events) == 0 {
		return nil, fmt.Errorf("commit: a change without an event")
	}
	s.events[0].Touched = touched(s)
	return s, nil
}

// touched are the nodes that an event's subject and links do not name.
func touched(s *step) []casegraph.ID {
	named := set(s.events[0].Nodes())
	var more []casegraph.ID
	add := func(id casegraph.ID) {
		if !named[id] {
			named[id] = true
			more = append(more, id)
		}
	}
	for _, n := range s.nodes {
		add(n.Head().ID)
	}
	for _, pair := range s.pairs {
		add(pair.Account)
		add(pair.Identifier)
	}
	return more
}

func (d *decision) weighNode(n casegraph.Node) ([]casegraph.FieldChange, bool, error) {
	head := n.Head()
	was := d.state.Nodes[head.ID]
	if was == nil {
		*head = casegraph.Header{ID: head.ID, Version: 1, CreatedAt: d.now, UpdatedAt: d.now, Risk: head.Risk}
		return nil, true, nil
	}
	if was.Kind() != n.Kind() {
		return nil, false, casegraph.Conflict("%s is a %s and can't become a %s", head.ID, was.Kind(), n.Kind())
	}
	changes, err := Differences(was, n)
	if err != nil || len(changes) == 0 {
		return nil, false, err
	}
	old := was.Head()
	*head = casegraph.Header{ID: old.ID, Version: old.Version + 1, CreatedAt: old.CreatedAt, UpdatedAt: d.now, Risk: head.Risk}
	return changes, true, nil
}

func (d *decision) weighLinks(s *step, w *Writes, needs *needed) ([]casegraph.LinkChange, error) {
	var changes []casegraph.LinkChange
	put := func(l casegraph.Link, change string, before *casegraph.Link) {
		s.links = append(s.links, l)
		changes = append(changes, casegraph.LinkChange{From: l.From, Kind: l.Kind, To: l.To, Key: l.Key, Change: change, Before: before})
	}
	for _, l := range w.Links {
		if err := checkLink(&l); err != nil {
			return nil, err
		}
		was := d.current(l.LinkID, needs)
		l.Recorded, l.Ended = 0, 0
		if was == nil {
			put(l, "ADDED", nil)
			continue
		}
		l.Recorded = was.Recorded
		if !reflect.DeepEqual(*was, l) {
			put(l, "CHANGED", was)
			s.past = append(s.past, *was)
		}
	}
	for _, id := range w.Ends {
		if was := d.current(id, needs); was != nil {
			l := *was
			l.Ended = -1 // it holds no more; numbered when the event is
			put(l, "ENDED", was)
			s.past = append(s.past, *was)
		}
	}
	s.pairs = d.pairsOf(s.links)
	return changes, nil
}

// current is a link as it stands, from wherever the change read it.
func (d *decision) current(id casegraph.LinkID, needs *needed) *casegraph.Link {
	if isGathered(id.Kind) && needs.evidences[id.From] {
		for _, l := range d.state.Evidence[id.From] {
			if l.LinkID == id {
				return l
			}
		}
		return nil
	}
	needs.link(id)
	if isEvidence(id.Kind) {
		panic(fmt.Sprintf("commit: %s %s is written without needing the evidence of its object", id.From, id.Kind))
	}
	return d.state.Links[id]
}

func isEvidence(kind casegraph.LinkKind) bool {
	return kind == casegraph.LinkOf || kind == casegraph.LinkShows
}

// isGathered tells whether links of the kind are read with the evidence of the
// node that they go out of.
func isGathered(kind casegraph.LinkKind) bool {
	return isEvidence(kind) || kind == casegraph.LinkContains
}

func checkLink(l *casegraph.Link) error {
	switch {
	case l.From == l.To:
		return casegraph.BadInput("%s can't be linked to itself", l.From)
	case l.Kind == casegraph.LinkHas:
		return fmt.Errorf("commit: HAS is derived and never written")
	case l.Kind.Number() == 0:
		return casegraph.BadInput("%q is no kind of link", l.Kind)
	case len(l.Key) > 200:
		return casegraph.BadInput("key: at most 200 bytes")
	}
	return nil
}

// pairsOf are the accounts and identifiers whose sums the links may change: an
// object's accounts, before and after, with the identifiers it shows, before
// and after.
func (d *decision) pairsOf(links []casegraph.Link) []casegraph.Pair {
	written := map[casegraph.ID][]casegraph.Link{}
	var objects []casegraph.ID
	for _, l := range links {
		if isEvidence(l.Kind) {
			if written[l.From] == nil {
				objects = append(objects, l.From)
			}
			written[l.From] = append(written[l.From], l)
		}
	}
	var pairs []casegraph.Pair
	seen := map[casegraph.Pair]bool{}
	add := func(account, identifier casegraph.ID) {
		if pair := (casegraph.Pair{Account: account, Identifier: identifier}); !seen[pair] {
			seen[pair] = true
			pairs = append(pairs, pair)
		}
	}
	for _, object := range objects {
		accounts, identifiers := d.evidenceOf(object)
		for _, l := range written[object] {
			if l.Kind == casegraph.LinkOf && !slices.Contains(accounts, l.To) {
				accounts = append(accounts, l.To)
			}
			if l.Kind == casegraph.LinkShows && !slices.Contains(identifiers, l.To) {
				identifiers = append(identifiers, l.To)
			}
		}
		for _, l := range written[object] {
			if l.Kind == casegraph.LinkOf {
				for _, identifier := range identifiers {
					add(l.To, identifier)
				}
			} else {
				for _, account := range accounts {
					add(account, l.To)
				}
			}
		}
	}
	return pairs
}

func (d *decision) evidenceOf(object casegraph.ID) (accounts, identifiers []casegraph.ID) {
	if kind, _ := casegraph.KindOf(object); kind == casegraph.KindAccount {
		accounts = append(accounts, object)
	}
	for _, l := range d.state.Evidence[object] {
		if l.Kind == casegraph.LinkOf && !slices.Contains(accounts, l.To) {
			accounts = append(accounts, l.To)
		} else if l.Kind == casegraph.LinkShows && !slices.Contains(identifiers, l.To) {
			identifiers = append(identifiers, l.To)
		}
	}
	return accounts, identifiers
}

// apply makes a step part of the state that the next change sees.
func (d *decision) apply(s *step) {
	for i := range s.events {
		e := &s.events[i]
		payload, err := json.Marshal(e.Payload)
		if err != nil {
			panic(fmt.Sprintf("commit: payload of %s: %v", e.Name, err))
		}
		e.Seal(d.state.Seq+1, d.state.Hash, payload)
		d.state.Seq, d.state.Hash = e.Seq, e.Hash
		d.events, d.payloads = append(d.events, *e), append(d.payloads, payload)
	}
	for _, n := range s.nodes {
		id := n.Head().ID
		if _, dirty := d.before[id]; !dirty {
			d.before[id] = d.state.Nodes[id]
			d.order = append(d.order, id)
		}
		d.count(d.state.Nodes[id], -1)
		d.count(n, 1)
		d.state.Nodes[id] = n
	}
	for i := range s.links {
		d.applyLink(&s.links[i])
	}
	for _, l := range s.past {
		l.Ended = d.state.Seq
		d.past = append(d.past, l)
	}
	for _, value := range s.values {
		d.state.Values[value.Key] = value
		d.values[value.Key] = true
	}
	for _, pair := range s.pairs {
		touched, again := d.pairs[pair]
		if !again {
			touched = casegraph.TouchedPair{Pair: pair, First: d.state.Seq}
		}
		touched.Last = d.state.Seq
		d.pairs[pair] = touched
	}
}

// count keeps the load of whoever has a case that is open.
func (d *decision) count(n casegraph.Node, more int) {
	if c, ok := n.(*casegraph.Case); ok && c.HolderID() != "" {
		if load, asked := d.state.Loads[c.HolderID()]; asked {
			d.state.Loads[c.HolderID()] = load + more
		}
	}
}

func (d *decision) applyLink(l *casegraph.Link) {
	if l.Recorded == 0 {
		l.Recorded = d.state.Seq
	}
	d.links[l.LinkID] = true
	if l.Ended == 0 {
		d.state.Links[l.LinkID] = l
	} else {
		delete(d.state.Links, l.LinkID)
	}
	if _, read := d.state.Evidence[l.From]; !read || !isGathered(l.Kind) {
		return
	}
	kept := slices.DeleteFunc(slices.Clone(d.state.Evidence[l.From]), func(o *casegraph.Link) bool { return o.LinkID == l.LinkID })
	if l.Ended == 0 {
		at, _ := slices.BinarySearchFunc(kept, l, func(a, b *casegraph.Link) int { return compareLinkIDs(a.LinkID, b.LinkID) })
		kept = slices.Insert(kept, at, l)
	}
	d.state.Evidence[l.From] = kept
}

// decided is the final state of all that differs.
func (d *decision) decided() *casegraph.Decided {
	out := &casegraph.Decided{Past: d.past, Events: d.events, Payloads: d.payloads}
	for _, id := range d.order {
		out.Nodes = append(out.Nodes, nodeWrite(d.before[id], d.state.Nodes[id]))
	}
	for id := range d.links {
		if l := d.state.Links[id]; l != nil {
			out.Links = append(out.Links, *l)
		} else {
			out.Ends = append(out.Ends, id)
		}
	}
	slices.SortFunc(out.Links, func(a, b casegraph.Link) int { return compareLinkIDs(a.LinkID, b.LinkID) })
	slices.SortFunc(out.Ends, compareLinkIDs)
	for key := range d.values {
		out.Values = append(out.Values, d.state.Values[key])
	}
	slices.SortFunc(out.Values, func(a, b casegraph.Value) int { return compareText(a.Key, b.Key) })
	for _, pair := range d.pairs {
		out.Pairs = append(out.Pairs, pair)
	}
	slices.SortFunc(out.Pairs, func(a, b casegraph.TouchedPair) int {
		if c := compareText(a.Account, b.Account); c != 0 {
			return c
		}
		return compareText(a.Identifier, b.Identifier)
	})
	return out
}

func nodeWrite(before, after casegraph.Node) casegraph.NodeWrite {
	record, err := casegraph.Encode(after)
	if err != nil {
		panic(err) // it was encoded when it was weighed
	}
	w := casegraph.NodeWrite{Record: record, New: before == nil, Words: wordsOf(after)}
	if before == nil {
		w.TextChanged = len(w.Words) > 0
		return w
	}
	w.Before = before.Class()
	w.TextChanged = !slices.Equal(before.Texts(), after.Texts()) && !slices.Equal(wordsOf(before), w.Words)
	return w
}

// wordsOf are the words that search finds a node by, sorted.
func wordsOf(n casegraph.Node) []string {
	seen := map[string]bool{}
	var all []string
	for _, text := range n.Texts() {
		for _, word := range words.Split(text) {
			if !seen[word] {
				seen[word] = true
				all = append(all, word)
			}
		}
	}
	slices.Sort(all)
	return all
}

func compareLinkIDs(a, b casegraph.LinkID) int {
	for _, c := range []int{compareText(a.From, b.From), compareText(a.Kind, b.Kind), compareText(a.To, b.To)} {
		if c != 0 {
			return c
		}
	}
	return compareText(a.Key, b.Key)
}

func compareText[S ~string](a, b S) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
