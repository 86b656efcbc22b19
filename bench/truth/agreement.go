package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"casegraph"
	"casegraph/bench/oracle"
	"casegraph/cachedstore"
	"casegraph/commit"
	"casegraph/traverse"
)

// agreementSets are the data sets that traversals are compared on.
var agreementSets = []string{"finbench", "paysim", "generated"}

// agree brings those data sets into the stores and compares the answers of
// each with so many questions.
func agree(ctx context.Context, data string, only, engines []string, questions int) error {
	for _, s := range sets {
		if slices.Contains(agreementSets, s.name) && (len(only) == 0 || slices.Contains(only, s.name)) {
			if err := s.agree(ctx, data, engines, questions); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *set) agree(ctx context.Context, data string, engines []string, questions int) error {
	straight, cached := map[string]casegraph.Store{}, map[string]casegraph.Store{}
	for _, engine := range engines {
		folder, err := os.MkdirTemp("", "casegraph-truth-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		store, err := openStore(ctx, engine, folder)
		if err != nil {
			return err
		}
		defer store.Close()
		if err := s.fill(ctx, store, filepath.Join(data, s.folder), folder); err != nil {
			return fmt.Errorf("%s on %s: %w", s.name, engine, err)
		}
		straight[engine] = store
		cache, err := cachedstore.New(unclosed{store}, cachedstore.Options{Records: 500_000, Links: 2_000_000})
		if err != nil {
			return err
		}
		defer cache.Close()
		cached[engine] = cache
	}
	return checkAgreement(ctx, s.name, straight, cached, questions)
}

// unclosed keeps a cache over a store from closing it.
type unclosed struct{ casegraph.Store }

func (unclosed) Close() error { return nil }

// agreementDay is when each store's objects come in and cases are opened, so
// that both stores hold the same.
var agreementDay = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// fill brings the set into a store.
func (s *set) fill(ctx context.Context, store casegraph.Store, data, folder string) error {
	inputs, err := s.inputs(ctx, data, folder)
	if err != nil {
		return err
	}
	g := &graph{Store: store, committer: commit.New(store, func() time.Time { return agreementDay }), folder: folder}
	defer g.committer.Close()
	_, err = g.load(ctx, s.name, inputs)
	return err
}

// checkAgreement opens some hundred cases over what the stores hold, asks each
// store the same questions of every traversal, and holds the answers against
// one another, byte by byte, and against an independent oracle. seeds is how
// many questions to ask of each traversal. The first hundred of each go straight
// to the stores, the others through a cache over each, as those of a server do.
func checkAgreement(ctx context.Context, name string, straight, cached map[string]casegraph.Store, seeds int) error {
	folder, err := os.MkdirTemp("", "casegraph-agreement-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	a := &agreement{name: name, folder: folder, straight: straight, cached: cached, engines: slices.Sorted(maps.Keys(straight)),
		asked: map[string]int{}, compared: map[string]int{}}
	if err := a.holdTheSame(ctx); err != nil {
		return err
	}
	questions := a.questions(seeds)
	if err := a.hold(ctx, questions); err != nil {
		return err
	}
	return a.verdict()
}

type agreement struct {
	name, folder string
	// straight are the stores, and cached are caches over them.
	straight, cached map[string]casegraph.Store
	engines          []string
	held             *heldGraph
	// asked and compared count questions, and answers that were whole, by
	// traversal.
	asked, compared map[string]int
	wrong           []error
}

// verdict fails if answers differ, or if most could not be compared.
func (a *agreement) verdict() error {
	all, whole := 0, 0
	for _, ask := range slices.Sorted(maps.Keys(a.asked)) {
		asked, compared := a.asked[ask], a.compared[ask]
		all, whole = all+asked, whole+compared
		fmt.Fprintf(os.Stderr, "%s: %s: %d of %d answers of %s held against the oracle; %d were cut by a budget\n", a.name, ask,
			compared, asked, strings.Join(a.engines, " and "), asked-compared)
	}
	if whole*2 < all {
		a.wrong = append(a.wrong, fmt.Errorf("%s: only %d of %d answers were whole", a.name, whole, all))
	}
	fmt.Fprintf(os.Stderr, "%s: %d differences\n", a.name, len(a.wrong))
	return errors.Join(a.wrong[:min(len(a.wrong), 10)]...)
}

func (a *agreement) disagree(q question, format string, args ...any) {
	text, _ := json.Marshal(q)
	a.wrong = append(a.wrong, fmt.Errorf("%s: %s\n\tasked %s", a.name, fmt.Sprintf(format, args...), text))
}

// ——— What the stores hold ———

// holdTheSame opens the cases in each store and reads all that it holds.
func (a *agreement) holdTheSame(ctx context.Context) error {
	for i, engine := range a.engines {
		if err := openCases(ctx, a.straight[engine]); err != nil {
			return fmt.Errorf("%s: %s: open cases: %w", a.name, engine, err)
		}
		held, err := readGraph(ctx, a.straight[engine])
		if err != nil {
			return fmt.Errorf("%s: %s: %w", a.name, engine, err)
		}
		if i > 0 && !slices.Equal(held.lines, a.held.lines) {
			return fmt.Errorf("%s: %s and %s do not hold the same graph", a.name, a.engines[0], engine)
		}
		a.held = held
	}
	return os.WriteFile(filepath.Join(a.folder, "graph.jsonl"), []byte(strings.Join(a.held.lines, "\n")+"\n"), 0o644)
}

// heldGraph is all that a store holds.
type heldGraph struct {
	lines  []string // of JSON, as the oracle reads them, sorted
	byKind map[casegraph.Kind][]casegraph.ID
	near   map[casegraph.ID][]casegraph.ID
	times  []casegraph.Time // at which links were last seen, sorted
}

func newHeldGraph() *heldGraph {
	return &heldGraph{byKind: map[casegraph.Kind][]casegraph.ID{}, near: map[casegraph.ID][]casegraph.ID{}}
}

func readGraph(ctx context.Context, store casegraph.Store) (*heldGraph, error) {
	held := newHeldGraph()
	for _, kind := range casegraph.Kinds() {
		if kind == casegraph.KindKey || kind == casegraph.KindMark {
			continue
		}
		if err := held.readNodes(ctx, store, kind); err != nil {
			return nil, err
		}
		for ids := range slices.Chunk(held.byKind[kind], 500) {
			if err := held.readLinks(ctx, store, ids); err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(held.lines)
	slices.Sort(held.times)
	return held, nil
}

func (h *heldGraph) line(v any) error {
	text, err := json.Marshal(v)
	h.lines = append(h.lines, string(text))
	return err
}

func (h *heldGraph) readNodes(ctx context.Context, store casegraph.Store, kind casegraph.Kind) error {
	request := casegraph.ListRequest{Kind: kind, First: casegraph.MaxPage}
	for {
		page, err := store.List(ctx, request)
		if err != nil {
			return err
		}
		for _, n := range page.Nodes {
			id := n.Head().ID
			h.byKind[kind] = append(h.byKind[kind], id)
			if err := h.line(map[string]any{"node": id, "class": n.Class()}); err != nil {
				return err
			}
		}
		if !page.More {
			slices.Sort(h.byKind[kind])
			return nil
		}
		place := casegraph.PlaceOf(page.Nodes[len(page.Nodes)-1], casegraph.ByCreated)
		request.After = &place
	}
}

func (h *heldGraph) readLinks(ctx context.Context, store casegraph.Store, ids []casegraph.ID) error {
	request := casegraph.LinkRequest{IDs: ids, Direction: casegraph.DirectionOut, Kinds: casegraph.LinkKinds(), Cap: casegraph.MaxLinkCap}
	for len(request.IDs) > 0 {
		pages, err := store.Links(ctx, request)
		if err != nil {
			return err
		}
		request.IDs, request.After = nil, map[casegraph.ID]casegraph.LinkCursor{}
		for id, page := range pages {
			for _, hop := range page.Hops {
				if err := h.addLink(hop.Link); err != nil {
					return err
				}
			}
			if page.More {
				request.IDs = append(request.IDs, id)
				request.After[id] = page.Hops[len(page.Hops)-1].Cursor()
			}
		}
	}
	return nil
}

func (h *heldGraph) addLink(l *casegraph.Link) error {
	h.near[l.From] = append(h.near[l.From], l.To)
	h.near[l.To] = append(h.near[l.To], l.From)
	if l.LastSeen != 0 {
		h.times = append(h.times, l.LastSeen)
	}
	return h.line(map[string]any{"from": l.From, "kind": l.Kind, "to": l.To, "key": l.Key, "firstSeen": l.FirstSeen, "lastSeen": l.LastSeen})
}

// ——— Cases over it ———

const agreementCases = 300

// openCases opens cases with fixed ids, each over a few objects, and links
// some. Done again it changes nothing.
func openCases(ctx context.Context, store casegraph.Store) error {
	held := newHeldGraph()
	for _, kind := range objectKinds {
		if err := held.readNodes(ctx, store, kind); err != nil {
			return err
		}
	}
	committer := commit.New(store, func() time.Time { return agreementDay })
	defer committer.Close()
	random := rand.New(rand.NewPCG(1, agreementCases))
	var changes []commit.Change
	for i := range agreementCases {
		changes = append(changes, openCase(random, held, i, casegraph.TimeOf(agreementDay)))
	}
	for range agreementCases / 5 {
		from, to := random.IntN(agreementCases), random.IntN(agreementCases)
		if from != to {
			changes = append(changes, relateCases(from, to))
		}
	}
	for page := range slices.Chunk(changes, 100) {
		results, err := committer.DoAll(ctx, page)
		if err != nil {
			return err
		}
		for _, result := range results {
			if result.Err != nil {
				return result.Err
			}
		}
	}
	return nil
}

func agreementCase(i int) casegraph.ID {
	return casegraph.ImportedID(casegraph.KindCase, "agreement", fmt.Sprint(i))
}

func openCase(random *rand.Rand, held *heldGraph, i int, at casegraph.Time) commit.Change {
	id := agreementCase(i)
	needs := casegraph.Needs{Nodes: []casegraph.ID{id}}
	var links []casegraph.Link
	for range 1 + random.IntN(3) {
		link := casegraph.Link{LinkID: casegraph.LinkID{From: id, Kind: casegraph.LinkContains, To: held.anObject(random)},
			FirstSeen: at, LastSeen: at, Count: 1}
		if !slices.Contains(needs.Links, link.LinkID) {
			needs.Links = append(needs.Links, link.LinkID)
			links = append(links, link)
		}
	}
	return commit.Change{Needs: needs, Decide: func(*commit.View) (*commit.Writes, error) {
		c := &casegraph.Case{Number: fmt.Sprintf("AGREEMENT-%d", i), Title: "Agreement", CaseType: "general", Status: "Open"}
		c.ID = id
		return &commit.Writes{Nodes: []casegraph.Node{c}, Links: links, Events: []commit.Event{{Name: "case.created", Subject: id}}}, nil
	}}
}

func relateCases(from, to int) commit.Change {
	id := casegraph.LinkID{From: agreementCase(from), Kind: casegraph.LinkRelatesTo, To: agreementCase(to), Key: "RELATES"}
	return commit.Change{Needs: casegraph.Needs{Links: []casegraph.LinkID{id}}, Decide: func(*commit.View) (*commit.Writes, error) {
		return &commit.Writes{Links: []casegraph.Link{{LinkID: id, Count: 1}}, Events: []commit.Event{{Name: "case.linked", Subject: id.From}}}, nil
	}}
}

// objectKinds are what the cases are about: accounts, and things of accounts.
var objectKinds = []casegraph.Kind{casegraph.KindAccount, casegraph.KindTransaction, casegraph.KindSession, casegraph.KindInquiry}

// anObject is an account, or now and then something of one.
func (h *heldGraph) anObject(random *rand.Rand) casegraph.ID {
	for _, kind := range objectKinds[1:] {
		if ids := h.byKind[kind]; len(ids) > 0 && random.IntN(6) == 0 {
			return pickOne(random, ids)
		}
	}
	return pickOne(random, h.byKind[casegraph.KindAccount])
}

func pickOne[T any](random *rand.Rand, of []T) T { return of[random.IntN(len(of))] }

// aNode is of any kind, as often of a rare one as of a common one.
func (h *heldGraph) aNode(random *rand.Rand) casegraph.ID {
	return pickOne(random, h.byKind[pickOne(random, slices.Sorted(maps.Keys(h.byKind)))])
}

// aNodeNear is some random steps away.
func (h *heldGraph) aNodeNear(random *rand.Rand, id casegraph.ID) casegraph.ID {
	for range 1 + random.IntN(6) {
		if near := h.near[id]; len(near) > 0 {
			id = pickOne(random, near)
		}
	}
	return id
}

// ——— The questions ———

// question is one question, as the oracle reads it.
type question struct {
	Ask  string         `json:"ask"`
	From []casegraph.ID `json:"from,omitempty"`
	To   []casegraph.ID `json:"to,omitempty"`
	Of   casegraph.ID   `json:"of,omitempty"`
	rules
	Depth     int `json:"depth"`
	PerNode   int `json:"perNode"`
	MaxNodes  int `json:"maxNodes"`
	MaxLinks  int `json:"maxLinks"`
	MaxLength int `json:"maxLength"`

	Mode     traverse.PathMode `json:"mode"`
	MaxPaths int               `json:"maxPaths"`
	Avoid    []casegraph.ID    `json:"avoid"`
	Through  []casegraph.ID    `json:"through"`
	// UsualLimits are what the costs of paths go by, whatever the limits are.
	UsualLimits limits `json:"usualLimits"`
}

// rules say what a question may touch. There are few, so that the oracle can
// prepare its graph for each.
type rules struct {
	Kinds     []casegraph.LinkKind       `json:"kinds"`
	NodeKinds []casegraph.Kind           `json:"nodeKinds"`
	Direction casegraph.Direction        `json:"direction"`
	Since     casegraph.Time             `json:"since"`
	Until     casegraph.Time             `json:"until"`
	HubLimits limits                     `json:"hubLimits"`
	Masked    []casegraph.IdentifierKind `json:"masked"`
}

type limits struct {
	Default int                     `json:"default"`
	ByClass map[casegraph.Class]int `json:"byClass"`
}

func (l limits) given() *casegraph.HubLimits {
	return &casegraph.HubLimits{Default: l.Default, ByClass: l.ByClass}
}

func (r rules) mask() casegraph.Mask { return casegraph.Mask{IdentifierKinds: r.Masked} }

func (a *agreement) rules() []rules {
	usual, low, none := limits(*traverse.DefaultHubLimits()), limits{Default: 0, ByClass: map[casegraph.Class]int{}}, limits{ByClass: map[casegraph.Class]int{}}
	for class, limit := range usual.ByClass {
		low.ByClass[class] = min(limit, 2)
	}
	early, late := a.held.quantile(0.3), a.held.quantile(0.7)
	both, out := casegraph.DirectionBoth, casegraph.DirectionOut
	return []rules{
		{Direction: both, HubLimits: usual},
		{Direction: both, HubLimits: low},
		{Direction: both, HubLimits: none, Kinds: []casegraph.LinkKind{casegraph.LinkHas, casegraph.LinkOf, casegraph.LinkShows, casegraph.LinkContains}},
		{Direction: out, HubLimits: usual, Kinds: []casegraph.LinkKind{casegraph.LinkPaid, casegraph.LinkRelated}},
		{Direction: both, HubLimits: low, Since: early, Until: late},
		{Direction: both, HubLimits: low, Kinds: []casegraph.LinkKind{casegraph.LinkHas, casegraph.LinkOf}},
		{Direction: both, HubLimits: usual, NodeKinds: []casegraph.Kind{casegraph.KindAccount, casegraph.KindIdentifier}},
		{Direction: both, HubLimits: none, Masked: []casegraph.IdentifierKind{"email", "device"}},
	}
}

func (h *heldGraph) quantile(q float64) casegraph.Time {
	if len(h.times) == 0 {
		return 1
	}
	return h.times[int(q*float64(len(h.times)-1))]
}

func (a *agreement) questions(seeds int) []question {
	rules := a.rules()
	var all []question
	for seed := range seeds {
		random := rand.New(rand.NewPCG(uint64(seed), 7))
		rule := pickOne(random, rules)
		node := func() casegraph.ID { return a.unmasked(random, rule) }
		expand := question{Ask: "expand", rules: rule, From: []casegraph.ID{node()}, Depth: 1 + random.IntN(4),
			PerNode: pickOne(random, []int{2, 10, 50, 10_000}), MaxNodes: pickOne(random, []int{10, 200, 5_000}), MaxLinks: pickOne(random, []int{20, 1_000, 20_000})}
		if seed%4 == 0 {
			expand.From = append(expand.From, node(), node())
		}
		paths := question{Ask: "paths", rules: rule, From: []casegraph.ID{node()}, MaxLength: pickOne(random, []int{1, 3, 5, 6, 7, 8}),
			Mode: traverse.Shortest, MaxPaths: traverse.MostPaths}
		if paths.To = []casegraph.ID{a.held.aNodeNear(random, paths.From[0])}; a.isMasked(paths.To[0], rule) || seed%4 == 0 {
			paths.To = []casegraph.ID{node(), node()}
		}
		related := question{Ask: "related", rules: pickOne(random, rules[:2]), Of: agreementCase(random.IntN(agreementCases)), MaxLength: 1 + random.IntN(6)}
		if seed%4 == 0 {
			related.Of = node()
		}
		component := question{Ask: "component", rules: rule, Of: node()}
		component.Direction = casegraph.DirectionBoth
		all = append(all, expand, paths, a.otherPaths(random, paths), component, related)
	}
	return all
}

// otherPaths asks for more than the shortest of the same paths, and for some
// that avoid or pass a node near by. They are short, as the oracle walks all.
func (a *agreement) otherPaths(random *rand.Rand, q question) question {
	q.Mode = pickOne(random, []traverse.PathMode{traverse.Shortest, traverse.KShortest, traverse.AllWithin, traverse.Cheapest})
	q.MaxLength, q.MaxPaths = 2+random.IntN(3), 1+random.IntN(traverse.MostRanked)
	q.UsualLimits = limits(*traverse.DefaultHubLimits())
	for _, named := range []*[]casegraph.ID{&q.Avoid, &q.Through} {
		near := a.held.aNodeNear(random, q.From[0])
		if random.IntN(3) == 0 && !a.isMasked(near, q.rules) && !slices.Contains(q.From, near) && !slices.Contains(q.To, near) && !slices.Contains(q.Avoid, near) {
			*named = []casegraph.ID{near}
		}
	}
	return q
}

func (a *agreement) unmasked(random *rand.Rand, r rules) casegraph.ID {
	for {
		if id := a.held.aNode(random); !a.isMasked(id, r) {
			return id
		}
	}
}

// isMasked is true of all identifiers if some are masked.
func (a *agreement) isMasked(id casegraph.ID, r rules) bool {
	kind, _ := casegraph.KindOf(id)
	return len(r.Masked) > 0 && kind == casegraph.KindIdentifier
}

// hold compares the stores' answers with the oracle's, and tells how far it is.
func (a *agreement) hold(ctx context.Context, questions []question) error {
	var lines bytes.Buffer
	for _, q := range questions {
		if err := json.NewEncoder(&lines).Encode(q); err != nil {
			return err
		}
	}
	asked := filepath.Join(a.folder, "questions.jsonl")
	if err := os.WriteFile(asked, lines.Bytes(), 0o644); err != nil {
		return err
	}
	o, err := oracle.New(ctx)
	if err != nil {
		return err
	}
	held := 0
	err = o.Ask(ctx, filepath.Join(a.folder, "graph.jsonl"), asked, func(wanted json.RawMessage) error {
		if held == len(questions) {
			return fmt.Errorf("%s: the oracle gives more than %d answers", a.name, held)
		}
		err := a.compare(ctx, questions[held], wanted)
		if held++; held%200 == 0 || held == len(questions) {
			fmt.Fprintf(os.Stderr, "%s: %d of %d answers compared\n", a.name, held, len(questions))
		}
		return err
	})
	if err == nil && held < len(questions) {
		err = fmt.Errorf("%s: the oracle gave %d answers to %d questions", a.name, held, len(questions))
	}
	return err
}

// ——— The answers ———

// straightQuestions of each traversal are asked without a cache.
const straightQuestions = 100

// compare asks every store, and holds the answers against one another and the
// first against the oracle's.
func (a *agreement) compare(ctx context.Context, q question, wanted json.RawMessage) error {
	stores := a.cached
	if a.asked[q.Ask] < straightQuestions {
		stores = a.straight
	}
	var first []byte
	for i, engine := range a.engines {
		answer, err := q.of(ctx, stores[engine])
		if err != nil {
			return fmt.Errorf("%s: %s: %w", a.name, engine, err)
		}
		text, err := json.Marshal(answer)
		if err != nil {
			return err
		}
		if i == 0 {
			first = text
			a.judge(q, answer, wanted)
		} else if !bytes.Equal(first, text) {
			a.differ(q, a.engines[0], first, engine, text)
		}
	}
	return nil
}

// differ notes two answers that are not the same, from shortly before the first
// difference on.
func (a *agreement) differ(q question, who string, answer []byte, other string, another []byte) {
	at := 0
	for at < min(len(answer), len(another)) && answer[at] == another[at] {
		at++
	}
	at = max(0, at-200)
	a.disagree(q, "%s answers … %.500s …\n%s answers … %.500s …", who, answer[at:], other, another[at:])
}

func (q *question) of(ctx context.Context, store casegraph.Store) (any, error) {
	switch q.Ask {
	case "expand":
		return traverse.Expand(ctx, store, traverse.ExpandQuery{From: q.From, Depth: q.Depth, Kinds: q.Kinds, NodeKinds: q.NodeKinds, Direction: q.Direction,
			Since: q.Since, Until: q.Until, PerNode: q.PerNode, HubLimits: q.HubLimits.given(), MaxNodes: q.MaxNodes, MaxLinks: q.MaxLinks,
			Evidence: traverse.DefaultEvidence, Mask: q.mask()})
	case "paths":
		return traverse.Paths(ctx, store, traverse.PathsQuery{From: q.From, To: q.To, Mode: q.Mode, Avoid: q.Avoid, Through: q.Through,
			MaxLength: q.MaxLength, MaxPaths: q.MaxPaths, Kinds: q.Kinds,
			NodeKinds: q.NodeKinds, Direction: q.Direction, Since: q.Since, Until: q.Until, HubLimits: q.HubLimits.given(), MaxNodes: traverse.MostSearchNodes,
			Evidence: traverse.DefaultEvidence, Mask: q.mask()})
	case "component":
		return traverse.ComponentOf(ctx, store, traverse.ComponentQuery{Of: q.Of, Kinds: q.Kinds, NodeKinds: q.NodeKinds, Since: q.Since, Until: q.Until,
			HubLimits: q.HubLimits.given(), MaxNodes: traverse.MostComponentNodes, List: traverse.MostListed, Mask: q.mask()})
	}
	return traverse.RelatedCases(ctx, store, traverse.RelatedQuery{Of: q.Of, MaxLength: q.MaxLength, HubLimits: q.HubLimits.given(), First: traverse.MostRelated,
		Now: casegraph.TimeOf(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)), Evidence: traverse.DefaultEvidence, Mask: q.mask()})
}

// judge compares an answer with the oracle's, as far as no budget cut it.
func (a *agreement) judge(q question, answer any, wanted json.RawMessage) {
	var got, want any
	a.asked[q.Ask]++
	switch answer := answer.(type) {
	case traverse.Expansion:
		got, want = expansionFacts(answer), decodeFacts[expansionFact](a, q, wanted)
	case traverse.PathsAnswer:
		if isCut(answer.Boundaries) {
			return
		}
		got, want = judgedPaths(q, pathsFacts(q, answer), decodeFacts[pathsFact](a, q, wanted))
	case traverse.Component:
		if isCut(answer.Boundaries) {
			return
		}
		oracles := decodeFacts[componentFact](a, q, wanted)
		facts := componentFacts(answer)
		if oracles.Nodes == nil { // too many to take apart
			facts = componentFact{Size: facts.Size}
		}
		got, want = facts, oracles
	case traverse.Related:
		if isCut(answer.Boundaries) || answer.More {
			return
		}
		got, want = relatedFacts(answer), decodeFacts[relatedFact](a, q, wanted)
	}
	a.compared[q.Ask]++
	is, _ := json.Marshal(got)
	should, _ := json.Marshal(want)
	if !bytes.Equal(is, should) {
		a.differ(q, a.engines[0], is, "the oracle", should)
	}
}

func decodeFacts[T any](a *agreement, q question, text json.RawMessage) T {
	var facts T
	if err := json.Unmarshal(text, &facts); err != nil {
		a.disagree(q, "the oracle's answer can't be read: %v", err)
	}
	return facts
}

func isCut(boundaries []traverse.Boundary) bool {
	return slices.ContainsFunc(boundaries, func(b traverse.Boundary) bool { return b.Reason == traverse.Budget || b.Reason == traverse.Page })
}

type expansionFact struct {
	Nodes      [][2]any `json:"nodes"`
	Links      [][4]any `json:"links"`
	Boundaries [][3]any `json:"boundaries"`
}

func expansionFacts(answer traverse.Expansion) expansionFact {
	facts := expansionFact{Nodes: [][2]any{}, Links: [][4]any{}, Boundaries: [][3]any{}}
	for _, node := range answer.Nodes {
		facts.Nodes = append(facts.Nodes, [2]any{node.ID, node.Distance})
	}
	for _, step := range answer.Links {
		facts.Links = append(facts.Links, [4]any{step.Link.From, step.Link.Kind, step.Link.To, step.Link.Key})
	}
	for _, b := range answer.Boundaries {
		facts.Boundaries = append(facts.Boundaries, [3]any{b.Node, b.Reason, b.Degree})
	}
	return facts
}

type pathsFact struct {
	Length *int             `json:"length"`
	Paths  [][]casegraph.ID `json:"paths"`
	Costs  []int            `json:"costs"` // in thousandths, of the cheapest
	More   bool             `json:"more"`
}

func pathsFacts(q question, answer traverse.PathsAnswer) pathsFact {
	facts := pathsFact{Paths: [][]casegraph.ID{}, More: answer.More}
	if answer.Found {
		facts.Length = &answer.Length
	}
	for _, path := range answer.Paths {
		facts.Paths = append(facts.Paths, path.Nodes)
		if q.Mode == traverse.Cheapest {
			facts.Costs = append(facts.Costs, int(math.Round(path.Cost*1000)))
		}
	}
	return facts
}

// judgedPaths are both sides as far as they can be compared: the oracle gives
// one path more than asked for, and none if there are too many to list.
func judgedPaths(q question, got, oracles pathsFact) (pathsFact, pathsFact) {
	if oracles.Paths == nil {
		if q.Mode != traverse.Shortest || oracles.Length == nil {
			got.Length = nil
		}
		got.Paths, got.Costs, oracles.More = nil, nil, got.More
	}
	if len(oracles.Paths) > q.MaxPaths {
		oracles.Paths, oracles.More = oracles.Paths[:q.MaxPaths], true
	}
	if len(oracles.Costs) == 0 {
		oracles.Costs = nil
	}
	return got, oracles
}

type componentFact struct {
	Size      int            `json:"size"`
	Nodes     []casegraph.ID `json:"nodes"`
	Links     int            `json:"links"`
	FirstSeen casegraph.Time `json:"firstSeen"`
	LastSeen  casegraph.Time `json:"lastSeen"`
	Bridges   [][4]any       `json:"bridges"`
	CutNodes  []casegraph.ID `json:"cutNodes"`
}

func componentFacts(c traverse.Component) componentFact {
	facts := componentFact{Size: c.Size, Links: c.LinkCount, FirstSeen: c.FirstSeen, LastSeen: c.LastSeen, Bridges: [][4]any{}, CutNodes: []casegraph.ID{}}
	for _, met := range c.Nodes {
		facts.Nodes = append(facts.Nodes, met.ID)
	}
	slices.SortFunc(c.Bridges, func(x, y traverse.Bridge) int {
		a, b := x.Link.LinkID, y.Link.LinkID
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.To, b.To), cmp.Compare(a.Key, b.Key))
	})
	for _, bridge := range c.Bridges {
		facts.Bridges = append(facts.Bridges, [4]any{bridge.Link.From, bridge.Link.Kind, bridge.Link.To, bridge.Link.Key})
	}
	for _, cut := range c.CutNodes {
		facts.CutNodes = append(facts.CutNodes, cut.ID)
	}
	slices.Sort(facts.Nodes)
	slices.Sort(facts.CutNodes)
	return facts
}

type relatedFact struct {
	Cases [][2]any `json:"cases"`
}

func relatedFacts(answer traverse.Related) relatedFact {
	facts := relatedFact{Cases: [][2]any{}}
	slices.SortFunc(answer.Nodes, func(x, y traverse.RelatedNode) int { return strings.Compare(string(x.ID), string(y.ID)) })
	for _, c := range answer.Nodes {
		facts.Cases = append(facts.Cases, [2]any{c.ID, c.Distance})
	}
	return facts
}
