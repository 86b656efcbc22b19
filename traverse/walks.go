package traverse

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
)

// walks are the nodes that paths of up to a length may pass, under numbers in
// the order of their ids, and the least that it costs to go on from each.
type walks struct {
	length  int
	numbers []int32 // in the region
	begins  []bool
	targets []bool
	cost    []int32 // of a hop to a node
	must    []uint8 // the bit of a node that each path must pass; 0 for others
	whole   uint8   // all those bits
	first   []int32 // of a node in onward, and behind the last
	onward  []int32 // where hops lead, each node's in order
	// least is the least cost of a walk from a node to a target, by the hops
	// that are left, the bits of what it must still pass, and the node. A walk
	// may come to a node twice, so no path costs less.
	least   []int32
	stopped int32 // the last node gone on from
}

const unreachable = math.MaxInt32

// walks prepares the search for paths of up to a length; errLate if the time is
// spent before.
func (s *pathSearch) walks(ctx context.Context, length int) (*walks, error) {
	w := &walks{length: length}
	for n := range s.nodes {
		if number := int32(n); s.lies(number, length) && !s.nodes[n].hub {
			w.numbers = append(w.numbers, number)
		}
	}
	slices.SortFunc(w.numbers, func(a, b int32) int { return strings.Compare(string(s.nodes[a].id), string(s.nodes[b].id)) })
	place := make([]int32, len(s.nodes))
	for n := range place {
		place[n] = -1
	}
	for i, n := range w.numbers {
		place[n] = int32(i)
	}
	w.mark(s, place)
	w.connect(s, place)
	return w, w.weigh(ctx, s.late)
}

func (w *walks) mark(s *pathSearch, place []int32) {
	n := len(w.numbers)
	w.begins, w.targets, w.cost, w.must = make([]bool, n), make([]bool, n), make([]int32, n), make([]uint8, n)
	for _, number := range s.from.begin {
		if i := place[number]; i >= 0 {
			w.begins[i] = true
		}
	}
	for _, number := range s.to.begin {
		if i := place[number]; i >= 0 {
			w.targets[i] = true
		}
	}
	for bit, id := range s.query.Through {
		w.whole |= 1 << bit
		if i := place[s.number[id]]; i >= 0 {
			w.must[i] = 1 << bit
		}
	}
	for i, number := range w.numbers {
		w.cost[i] = s.costInto(number)
	}
}

func (w *walks) connect(s *pathSearch, place []int32) {
	w.first = make([]int32, 1, len(w.numbers)+1)
	for _, near := range w.numbers {
		begin := len(w.onward)
		for _, j := range s.ends.of(near) {
			joint := &s.joints[j]
			if far := place[joint.far(near)]; far >= 0 && s.leads(near, joint) {
				w.onward = append(w.onward, far)
			}
		}
		slices.Sort(w.onward[begin:])
		w.onward = w.onward[:begin+len(slices.Compact(w.onward[begin:]))]
		w.first = append(w.first, int32(len(w.onward)))
	}
}

func (w *walks) from(near int32) []int32 { return w.onward[w.first[near]:w.first[near+1]] }

// weigh finds the least costs, for one hop left, then for two, and so on. Now
// and then it looks whether anybody still waits, and whether it is late.
func (w *walks) weigh(ctx context.Context, late func() bool) error {
	size := (int(w.whole) + 1) * len(w.numbers)
	w.least = make([]int32, (w.length+1)*size)
	for i := range w.least[:size] {
		w.least[i] = unreachable
	}
	hops := 0
	for left := 1; left <= w.length; left++ {
		for need := 0; need <= int(w.whole); need++ {
			row := w.row(left, uint8(need))
			for near := range row {
				row[near] = w.cheapest(int32(near), left, uint8(need))
				if hops += 1 + len(w.from(int32(near))); hops < weighed {
					continue
				}
				hops = 0
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if late() {
					return errLate
				}
			}
		}
	}
	return nil
}

// weighed is how many hops are weighed between two looks at the clock.
const weighed = 10_000

func (w *walks) row(left int, need uint8) []int32 {
	n := len(w.numbers)
	begin := (left*(int(w.whole)+1) + int(need)) * n
	return w.least[begin : begin+n]
}

func (w *walks) cheapest(near int32, left int, need uint8) int32 {
	least := int32(unreachable)
	for _, far := range w.from(near) {
		if cost := w.by(far, left, need); cost < least {
			least = cost
		}
	}
	return least
}

// by is the least cost of going on by a hop to a node.
func (w *walks) by(far int32, left int, need uint8) int32 {
	need &^= w.must[far]
	switch {
	case w.targets[far] && need == 0:
		return w.cost[far]
	case w.targets[far] || w.begins[far]:
		return unreachable
	}
	if onward := w.row(left-1, need)[far]; onward != unreachable {
		return w.cost[far] + onward
	}
	return unreachable
}

// way is the beginning of a path, or a whole one.
type way struct {
	bound int32 // the least that a path that begins so can cost
	cost  int32 // so far
	nodes [MaxPathLength + 1]int32
	count uint8 // of nodes
	need  uint8 // bits of what is still to pass
	whole bool
}

// compare puts what can become the cheapest path first, then by ids: so whole
// ways come in their order.
func (a *way) compare(b *way) int {
	if a.bound != b.bound {
		return cmp.Compare(a.bound, b.bound)
	}
	for i := range min(a.count, b.count) {
		if a.nodes[i] != b.nodes[i] {
			return cmp.Compare(a.nodes[i], b.nodes[i])
		}
	}
	return cmp.Compare(a.count, b.count)
}

func (a *way) passes(node int32) bool { return slices.Contains(a.nodes[:a.count], node) }

// mostSteps is how many beginnings of paths a search may look at.
const mostSteps = 200_000

// list lists the first paths in order, in the numbers of the region; the
// cheapest only, if so wanted. It takes from the steps and stops at the last,
// and when it is late, which takes all steps.
func (w *walks) list(ctx context.Context, wanted int, cheapestOnly bool, steps *int, late func() bool) ([]way, error) {
	var found []way
	waiting := w.begin()
	for len(waiting) > 0 && len(found) < wanted {
		next := waiting.pop()
		if next.whole {
			if cheapestOnly && len(found) > 0 && next.cost > found[0].cost {
				break
			}
			found = append(found, next)
			continue
		}
		w.stopped = next.nodes[next.count-1]
		if *steps--; *steps == 0 {
			break
		}
		if *steps%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if *steps%1024 == 0 && late() {
			*steps = 0
			break
		}
		waiting = w.goOn(waiting, &next)
	}
	for i := range found {
		for j, node := range found[i].nodes[:found[i].count] {
			found[i].nodes[j] = w.numbers[node]
		}
	}
	return found, nil
}

func (w *walks) begin() ways {
	var waiting ways
	for node, begins := range w.begins {
		if !begins {
			continue
		}
		start := way{count: 1, need: w.whole &^ w.must[node]}
		start.nodes[0] = int32(node)
		if w.targets[node] && start.need == 0 {
			whole := start
			whole.whole = true
			waiting.push(&whole)
		}
		if start.bound = w.row(w.length, start.need)[node]; start.bound != unreachable {
			waiting.push(&start)
		}
	}
	return waiting
}

// goOn adds the ways that are one hop longer.
func (w *walks) goOn(waiting ways, so *way) ways {
	left := w.length - int(so.count) + 1
	for _, far := range w.from(so.nodes[so.count-1]) {
		onward := w.by(far, left, so.need)
		if onward == unreachable || so.passes(far) {
			continue
		}
		longer := *so
		longer.nodes[so.count] = far
		longer.count++
		longer.cost += w.cost[far]
		longer.bound = so.cost + onward
		longer.need &^= w.must[far]
		longer.whole = w.targets[far]
		waiting.push(&longer)
	}
	return waiting
}

// ways is a heap, the first way on top.
type ways []way

func (h *ways) push(w *way) {
	*h = append(*h, *w)
	list := *h
	for i := len(list) - 1; i > 0; {
		above := (i - 1) / 2
		if list[above].compare(&list[i]) <= 0 {
			return
		}
		list[above], list[i] = list[i], list[above]
		i = above
	}
}

func (h *ways) pop() way {
	list := *h
	top := list[0]
	last := len(list) - 1
	list[0] = list[last]
	list = list[:last]
	*h = list
	for i := 0; ; {
		least := i
		for below := 2*i + 1; below <= 2*i+2 && below < last; below++ {
			if list[below].compare(&list[least]) < 0 {
				least = below
			}
		}
		if least == i {
			return top
		}
		list[i], list[least] = list[least], list[i]
		i = least
	}
}
