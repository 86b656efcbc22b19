package neo4jstore

import (
	"slices"
	"strings"

	"casegraph"
)

// farEnds are the kinds of nodes at the far end of links that go out of a node
// and of those that come in. A degree is counted without a look at the far
// nodes, which takes no longer than one link, where all of them are wanted and
// none can be masked.
var farEnds = map[casegraph.LinkKind]struct{ out, in []casegraph.Kind }{
	casegraph.LinkContains:  {anything, only(casegraph.KindCase)},
	casegraph.LinkRelatesTo: {only(casegraph.KindCase), only(casegraph.KindCase)},
	casegraph.LinkOf:        {only(casegraph.KindAccount), objects},
	casegraph.LinkShows:     {only(casegraph.KindIdentifier), objects},
	casegraph.LinkHas:       {only(casegraph.KindIdentifier), only(casegraph.KindAccount)},
	casegraph.LinkPaid:      {only(casegraph.KindAccount), only(casegraph.KindAccount)},
	casegraph.LinkRelated:   {only(casegraph.KindAccount), only(casegraph.KindAccount)},
	casegraph.LinkSameAs:    {only(casegraph.KindAccount), only(casegraph.KindAccount)},
	casegraph.LinkAbout:     {anything, only(casegraph.KindComment)},
}

var (
	objects  = slices.DeleteFunc(casegraph.Kinds(), func(kind casegraph.Kind) bool { return !kind.IsObject() })
	anything = slices.DeleteFunc(casegraph.Kinds(), func(kind casegraph.Kind) bool { return kind == casegraph.KindKey || kind == casegraph.KindMark })
)

func only(kind casegraph.Kind) []casegraph.Kind { return []casegraph.Kind{kind} }

// degreeOf is how a request's degree is counted, and the condition under which
// a far node counts: "" if all do.
func degreeOf(r *casegraph.LinkRequest) (degree, condition string) {
	var unseen, seen ways
	for _, kind := range r.WantedKinds() {
		if r.WantsOut() {
			unseen.out, seen.out = bySight(r, kind, farEnds[kind].out, unseen.out, seen.out)
		}
		if r.WantsIn() {
			unseen.in, seen.in = bySight(r, kind, farEnds[kind].in, unseen.in, seen.in)
		}
	}
	counts := unseen.counts("")
	if len(seen.out)+len(seen.in) > 0 {
		condition = "NOT far.class IN $hidden"
		if len(r.FarKinds) > 0 {
			condition += " AND far.kind IN $farKinds"
		}
		counts = append(counts, seen.counts(" WHERE "+condition)...)
	}
	return strings.Join(counts, " + "), condition
}

// bySight puts a kind of link where its far nodes need not be looked at, or where
// they must.
func bySight(r *casegraph.LinkRequest, kind casegraph.LinkKind, far []casegraph.Kind, unseen, seen []casegraph.LinkKind) (_, _ []casegraph.LinkKind) {
	for _, farKind := range far {
		if len(hiddenOf(r.Mask, farKind)) > 0 || (len(r.FarKinds) > 0 && !slices.Contains(r.FarKinds, farKind)) {
			return unseen, append(seen, kind)
		}
	}
	return append(unseen, kind), seen
}

// ways are kinds of links to count, by direction.
type ways struct{ out, in []casegraph.LinkKind }

// counts are as few counting expressions as there can be.
func (w ways) counts(condition string) []string {
	var both, out, in []casegraph.LinkKind
	for _, kind := range w.out {
		if slices.Contains(w.in, kind) {
			both = append(both, kind)
		} else {
			out = append(out, kind)
		}
	}
	for _, kind := range w.in {
		if !slices.Contains(w.out, kind) {
			in = append(in, kind)
		}
	}
	far := ""
	if condition != "" {
		far = "far"
	}
	var counts []string
	add := func(kinds []casegraph.LinkKind, left, right string) {
		if len(kinds) > 0 {
			counts = append(counts, "COUNT { (n)"+left+"[:"+types(kinds)+"]"+right+"("+far+")"+condition+" }")
		}
	}
	add(both, "-", "-")
	add(out, "-", "->")
	add(in, "<-", "-")
	return counts
}
