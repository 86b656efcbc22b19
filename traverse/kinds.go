package traverse

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"casegraph"
)

// DefaultKinds are the links that a traversal follows if none are named: all
// that join nodes in the world. ABOUT is talk, and SHOWS is the evidence of
// HAS: following both would meet every identifier of an account twice.
//
// An object that is no account has no HAS, so out of it SHOWS is followed as
// well: out of every such object in an expansion, and out of the ends of a
// path. An expansion of an inquiry thus begins with its account, its cases and
// the identifiers that were seen in it, whether or not it has an account.
func DefaultKinds() []casegraph.LinkKind {
	return []casegraph.LinkKind{casegraph.LinkContains, casegraph.LinkRelatesTo, casegraph.LinkOf,
		casegraph.LinkHas, casegraph.LinkPaid, casegraph.LinkRelated, casegraph.LinkSameAs}
}

// linkRule says which links are followed out of which nodes.
type linkRule struct {
	plain   []casegraph.LinkKind
	showing []casegraph.LinkKind // of objects that are no accounts
}

func ruleOf(kinds []casegraph.LinkKind) (linkRule, error) {
	for i, kind := range kinds {
		if kind.Number() == 0 {
			return linkRule{}, casegraph.BadInput("kinds[%d]: %q is no kind of link", i, kind)
		}
	}
	if len(kinds) > 0 {
		return linkRule{plain: inOrder(kinds)}, nil
	}
	kinds = DefaultKinds()
	return linkRule{plain: kinds, showing: append(slices.Clone(kinds), casegraph.LinkShows)}, nil
}

// inOrder are the kinds in one order, each once, so that the same question is
// the same request.
func inOrder(kinds []casegraph.LinkKind) []casegraph.LinkKind {
	kinds = slices.Clone(kinds)
	slices.SortFunc(kinds, func(a, b casegraph.LinkKind) int { return cmp.Compare(a.Number(), b.Number()) })
	return slices.Compact(kinds)
}

// shows tells whether the rule parts a node from the others.
func (r *linkRule) shows(id casegraph.ID) bool {
	if len(r.showing) == 0 {
		return false
	}
	kind, _ := casegraph.KindOf(id)
	return kind.IsObject() && kind != casegraph.KindAccount
}

// allows tells whether a link that was followed out of one end would be out of
// the other as well.
func (r *linkRule) allows(id casegraph.ID, kind casegraph.LinkKind) bool {
	return kind != casegraph.LinkShows || len(r.showing) == 0 || r.shows(id)
}

// split divides nodes by what is followed out of them, keeping their order.
func (r *linkRule) split(ids []casegraph.ID) (plain, showing []casegraph.ID) {
	if len(r.showing) == 0 {
		return ids, nil
	}
	for _, id := range ids {
		if r.shows(id) {
			showing = append(showing, id)
		} else {
			plain = append(plain, id)
		}
	}
	return plain, showing
}

type linkReader func(context.Context, casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error)

// read reads nodes by the rule: one call, or two if it parts them.
func (r *linkRule) read(ctx context.Context, ids []casegraph.ID, request casegraph.LinkRequest, by linkReader) (map[casegraph.ID]casegraph.LinkPage, error) {
	plain, showing := r.split(ids)
	var pages map[casegraph.ID]casegraph.LinkPage
	if len(plain) > 0 {
		request.IDs, request.Kinds = plain, r.plain
		read, err := by(ctx, request)
		if err != nil || len(showing) == 0 {
			return read, err
		}
		pages = read
	}
	if len(showing) > 0 {
		request.IDs, request.Kinds = showing, r.showing
		read, err := by(ctx, request)
		if err != nil || pages == nil {
			return read, err
		}
		maps.Copy(pages, read)
	}
	return pages, nil
}

func checkNodeKinds(kinds []casegraph.Kind) error {
	for i, kind := range kinds {
		if !kind.Valid() {
			return casegraph.BadInput("nodeKinds[%d]: %q is no kind of node", i, kind)
		}
	}
	return nil
}
