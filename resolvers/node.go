package resolvers

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"casegraph"
)

// nodes reads nodes by id in one call, each once. What the asker may not see
// is not in the map, and neither are comments about such cases; the cases
// among seen are known to be none of them.
func (r *Resolver) nodes(ctx context.Context, ids []casegraph.ID, seen ...casegraph.ID) (map[casegraph.ID]casegraph.Node, error) {
	return r.nodesThen(ctx, 0, ids, seen...)
}

// nodesThen reads nodes as they were recorded by a moment; 0 is now.
func (r *Resolver) nodesThen(ctx context.Context, moment casegraph.Seq, ids []casegraph.ID, seen ...casegraph.ID) (map[casegraph.ID]casegraph.Node, error) {
	ids = distinct(ids)
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := r.Store.Nodes(ctx, casegraph.NodesRequest{IDs: ids, AsOf: moment, Mask: mask(ctx)})
	if err != nil {
		return nil, err
	}
	hideFields(ctx, found)
	hideViews(ctx, found)
	if err := r.hideDeleted(ctx, found); err != nil {
		return nil, err
	}
	return found, r.hideComments(ctx, found, seen)
}

// hideComments takes out the comments about cases that the asker may not see.
func (r *Resolver) hideComments(ctx context.Context, nodes map[casegraph.ID]casegraph.Node, seen []casegraph.ID) error {
	if !mask(ctx).RestrictedCases {
		return nil
	}
	var comments []*casegraph.Comment
	var about []casegraph.ID
	for _, n := range nodes {
		c, ok := n.(*casegraph.Comment)
		if ok && nodes[c.CaseID] == nil && !slices.Contains(seen, c.CaseID) {
			comments, about = append(comments, c), append(about, c.CaseID)
		}
	}
	if len(comments) == 0 {
		return nil
	}
	cases, err := r.Store.Nodes(ctx, casegraph.NodesRequest{IDs: distinct(about), Mask: mask(ctx)})
	if err != nil {
		return err
	}
	for _, c := range comments {
		if cases[c.CaseID] == nil {
			delete(nodes, c.ID)
		}
	}
	return nil
}

// distinct leaves out repeats and the empty id.
func distinct(ids []casegraph.ID) []casegraph.ID {
	seen := make(map[casegraph.ID]bool, len(ids))
	kept := make([]casegraph.ID, 0, len(ids))
	for _, id := range ids {
		if id != "" && !seen[id] {
			seen[id] = true
			kept = append(kept, id)
		}
	}
	return kept
}

// each reads one node a parent, in the parents' order; the zero T stands for
// none, for one of another kind, and for one that the asker may not see.
func each[T any, P any](ctx context.Context, r *Resolver, parents []P, idOf func(P) casegraph.ID) ([]T, error) {
	ids := make([]casegraph.ID, len(parents))
	for i, parent := range parents {
		ids[i] = idOf(parent)
	}
	found, err := r.nodesThen(ctx, momentOf(parents), ids)
	if err != nil {
		return nil, err
	}
	results := make([]T, len(parents))
	for i, id := range ids {
		results[i], _ = found[id].(T)
	}
	return results, nil
}

// one reads the node with an id; the zero T if there is none that is a T.
func one[T any](ctx context.Context, r *Resolver, moment casegraph.Seq, id casegraph.ID) (T, error) {
	found, err := r.nodesThen(ctx, moment, []casegraph.ID{id})
	node, _ := found[id].(T)
	return node, err
}

// find reads a node by its id or by what its source calls it.
func find[T any](ctx context.Context, r *Resolver, moment casegraph.Seq, kind casegraph.Kind, id *casegraph.ID, name string, reference, source *string) (T, error) {
	var none T
	switch {
	case (id == nil) == (reference == nil):
		return none, casegraph.BadInput("id: give either id or %s", name)
	case id != nil:
		return one[T](ctx, r, moment, *id)
	}
	key := casegraph.Key{Kind: kind, Reference: *reference}
	if kind == casegraph.KindCase {
		key = casegraph.CaseKey("", *reference)
	}
	if source != nil {
		key.Source = *source
	}
	ids, err := r.Store.Resolve(ctx, []casegraph.Key{key})
	if err != nil {
		return none, err
	}
	switch len(ids[key]) {
	case 0:
		return none, nil
	case 1:
		return one[T](ctx, r, moment, ids[key][0])
	}
	found, err := r.nodes(ctx, ids[key])
	if err != nil {
		return none, err
	}
	if c := meant(found, *reference); c != nil {
		return one[T](ctx, r, moment, c.ID)
	}
	return none, casegraph.BadInput("source: several sources have this %s; say which", name)
}

// meant is, of several cases with a number, our own, or else the only one whose
// number is spelt so.
func meant(found map[casegraph.ID]casegraph.Node, number string) *casegraph.Case {
	var spelt []*casegraph.Case
	for _, n := range found {
		c, isCase := n.(*casegraph.Case)
		if isCase && c.Source == "" {
			return c
		}
		if isCase && c.Number == number {
			spelt = append(spelt, c)
		}
	}
	if len(spelt) != 1 {
		return nil
	}
	return spelt[0]
}

// must reads the node of a non-null field.
func (r *Resolver) must(ctx context.Context, moment casegraph.Seq, ids []casegraph.ID) ([]casegraph.Node, error) {
	found, err := r.nodesThen(ctx, moment, ids)
	if err != nil {
		return nil, err
	}
	results, errs := make([]casegraph.Node, len(ids)), make(graphql.BatchErrorList, len(ids))
	missing := false
	for i, id := range ids {
		if results[i] = found[id]; results[i] == nil {
			errs[i], missing = casegraph.NotFound("node", id), true
		}
	}
	if missing {
		return results, errs
	}
	return results, nil
}
