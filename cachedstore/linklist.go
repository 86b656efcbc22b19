package cachedstore

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"

	"casegraph"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// which are kinds of links and directions: what a list is of.
type which uint16

// view is what of a list an asker wants and may see: it decides the degree.
type view struct {
	which       which
	far         uint32 // kinds of far nodes; 0 is all
	restricted  bool   // restricted cases are hidden
	identifiers string // kinds of identifiers that are hidden
}

// viewOf is a request's view; false if its answer is not to be kept.
func viewOf(r *casegraph.LinkRequest) (v view, keepable bool) {
	v.restricted = r.Mask.RestrictedCases
	keepable = !r.Mask.SeesKeys
	for _, kind := range r.WantedKinds() {
		v.which |= 1 << kind.Number()
		keepable = keepable && kind.Number() > 0
	}
	if r.WantsOut() {
		v.which |= 1 << 14
	}
	if r.WantsIn() {
		v.which |= 1 << 15
	}
	for _, kind := range r.FarKinds {
		n := slices.Index(farKinds, kind)
		v.far |= 1 << max(n, 0)
		keepable = keepable && n >= 0
	}
	switch hidden := r.Mask.IdentifierKinds; len(hidden) {
	case 0:
	case 1:
		v.identifiers = string(hidden[0])
	default:
		names := make([]string, len(hidden))
		for i, kind := range hidden {
			names[i] = string(kind)
		}
		v.identifiers = strings.Join(names, " ")
	}
	return v, keepable
}

var farKinds = casegraph.Kinds()

// seesAll tells whether nothing is masked or filtered: every link counts.
func (v view) seesAll() bool { return v.far == 0 && !v.restricted && v.identifiers == "" }

// linkList is what is known of the links of one node. It never changes.
type linkList struct {
	which  which
	class  casegraph.Class // of the node
	length int             // how many links there are, or unknown
	// hops are all of them, in the total order, and byClass how many lead to
	// each class; none if the list is too long to be kept.
	hops    []casegraph.Hop
	byClass []classCount
	// sights are what was seen of it under masks and filters, if it is too long.
	sights []sight
}

const unknown = -1

type classCount struct {
	class casegraph.Class
	n     int
}

// sight is what one view sees of a list: how many links, and the first of them.
type sight struct {
	view   view
	degree int
	hops   []casegraph.Hop
}

// mostSights bounds what is remembered of a list that is not kept.
const mostSights = 8

// listOf is the list on a page that nothing was masked or filtered from.
func listOf(w which, page *casegraph.LinkPage) *linkList {
	l := &linkList{which: w, class: page.Class, length: page.Degree}
	if len(page.Hops) == page.Degree {
		l.hops = own(page.Hops)
	}
	for i := range l.hops {
		class := l.hops[i].FarClass
		at := slices.IndexFunc(l.byClass, func(c classCount) bool { return c.class == class })
		if at < 0 {
			at, l.byClass = len(l.byClass), append(l.byClass, classCount{class: class})
		}
		l.byClass[at].n++
	}
	return l
}

// own is a copy whose links share memory with no others: a list that is kept
// must not hold on to what was read beside it.
func own(hops []casegraph.Hop) []casegraph.Hop {
	hops = slices.Clone(hops)
	links := make([]casegraph.Link, len(hops))
	for i := range hops {
		links[i] = *hops[i].Link
		hops[i].Link = &links[i]
	}
	return hops
}

// sightOf is what a page tells of the view of its request.
func sightOf(id casegraph.ID, v view, r *casegraph.LinkRequest, page *casegraph.LinkPage, longest int) sight {
	s := sight{view: v, degree: page.Degree}
	if fromTheFirst(id, r) {
		s.hops = own(page.Hops[:min(len(page.Hops), longest)])
	}
	return s
}

// fromTheFirst tells whether a request wants a node's links without a gap.
func fromTheFirst(id casegraph.ID, r *casegraph.LinkRequest) bool {
	_, goesOn := r.After[id]
	return !goesOn && r.Since == 0 && r.Until == 0
}

// page answers a request, if the list can tell.
func (l *linkList) page(id casegraph.ID, r *casegraph.LinkRequest, v view) (page casegraph.LinkPage, told bool) {
	if len(l.hops) == l.length {
		return r.Cut(id, l.class, l.degree(r), l.hops), true
	}
	seen, known := l.sight(v)
	if !known {
		return page, false
	}
	if r.DegreeOnly {
		return casegraph.LinkPage{Class: l.class, Degree: seen.degree}, true
	}
	if limit := r.HubLimits.Of(l.class); limit > 0 && seen.degree > limit {
		return casegraph.LinkPage{Class: l.class, Degree: seen.degree, Hub: true}, true
	}
	page = r.Cut(id, l.class, len(seen.hops), seen.hops)
	page.Degree = seen.degree
	if len(seen.hops) == seen.degree || page.More {
		return page, true
	}
	page.More = true
	return page, len(page.Hops) == cmp.Or(r.Cap, casegraph.DefaultLinkCap) && fromTheFirst(id, r)
}

func (l *linkList) degree(r *casegraph.LinkRequest) int {
	degree := 0
	for _, count := range l.byClass {
		if r.Sees(count.class) {
			degree += count.n
		}
	}
	return degree
}

func (l *linkList) sight(v view) (sight, bool) {
	for _, s := range l.sights {
		if s.view == v {
			return s, true
		}
	}
	if v.seesAll() && l.length != unknown {
		return sight{degree: l.length}, true
	}
	return sight{}, false
}

// linkLists keeps what is known of the links of nodes, and forgets the least
// recently asked when it is too much.
type linkLists struct {
	mu     sync.Mutex
	byNode *simplelru.LRU[casegraph.ID, []*linkList]
	most   int // links
	links  int
}

func newLinkLists(most int) *linkLists {
	k := &linkLists{most: most}
	k.byNode, _ = simplelru.NewLRU(math.MaxInt, func(_ casegraph.ID, lists []*linkList) { k.links -= weight(lists) })
	return k
}

// weight is how many links the lists of a node count for.
func weight(lists []*linkList) int {
	n := 0
	for _, l := range lists {
		n += 1 + len(l.hops)
		for _, s := range l.sights {
			n += 1 + len(s.hops)
		}
	}
	return n
}

// of gives the lists of nodes, nil where nothing is known.
func (k *linkLists) of(ids []casegraph.ID, w which) []*linkList {
	found := make([]*linkList, len(ids))
	k.mu.Lock()
	defer k.mu.Unlock()
	for i, id := range ids {
		if lists, kept := k.byNode.Get(id); kept {
			found[i] = find(lists, w)
		}
	}
	return found
}

func find(lists []*linkList, w which) *linkList {
	for _, l := range lists {
		if l.which == w {
			return l
		}
	}
	return nil
}

// keep keeps a list.
func (k *linkLists) keep(id casegraph.ID, l *linkList) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if was := find(k.peek(id), l.which); was != nil && len(l.hops) < l.length {
		l = &linkList{which: l.which, class: l.class, length: l.length, sights: was.sights}
	}
	k.put(id, l)
}

// keepSight keeps what a view saw of a list.
func (k *linkLists) keepSight(id casegraph.ID, class casegraph.Class, s sight) {
	k.mu.Lock()
	defer k.mu.Unlock()
	l := linkList{which: s.view.which, class: class, length: unknown}
	if was := find(k.peek(id), l.which); was != nil {
		if l = *was; len(l.hops) == l.length {
			return
		}
	}
	sights := slices.DeleteFunc(slices.Clone(l.sights), func(o sight) bool {
		if o.view == s.view && len(o.hops) > len(s.hops) {
			s.hops = o.hops
		}
		return o.view == s.view
	})
	l.sights = append(sights[max(0, len(sights)+1-mostSights):], s)
	k.put(id, &l)
}

func (k *linkLists) peek(id casegraph.ID) []*linkList {
	lists, _ := k.byNode.Peek(id)
	return lists
}

// put puts a list in place of the node's list of the same links.
func (k *linkLists) put(id casegraph.ID, l *linkList) {
	was := k.peek(id)
	lists := slices.DeleteFunc(slices.Clone(was), func(o *linkList) bool { return o.which == l.which })
	lists = append(lists, l)
	k.links += weight(lists) - weight(was)
	k.byNode.Add(id, lists)
	for k.links > k.most {
		k.byNode.RemoveOldest()
	}
}

func (k *linkLists) drop(ids []casegraph.ID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, id := range ids {
		k.byNode.Remove(id)
	}
}

func (k *linkLists) dropAll() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.byNode.Purge()
}
