package resolvers

import (
	"context"
	"slices"
	"strings"

	"casegraph"
	"casegraph/api"
	"casegraph/identity"
)

// MaxLookup is how many values one look-up takes.
const MaxLookup = 500

// As what a value matches, beside the kinds of identifiers.
const (
	matchedID        = "id"
	matchedNumber    = "case-number"
	matchedReference = "reference"
)

// candidate is a node that a value may mean.
type candidate struct {
	id      casegraph.ID
	matched string
}

// Lookup tells what pasted values are. It takes three calls to the store,
// however many values there are: names, nodes, and identifiers' degrees.
func (r query) Lookup(ctx context.Context, values []string) ([]*api.Lookup, error) {
	if len(values) > MaxLookup {
		return nil, casegraph.BadInput("values: at most %d", MaxLookup)
	}
	values = slices.DeleteFunc(slices.Clone(values), func(value string) bool { return strings.TrimSpace(value) == "" })
	results := make([]*api.Lookup, len(values))
	candidates := make([][]candidate, len(values))
	keys := make([]casegraph.Key, 0, 2*len(values)) // of each value, as it is and as a case's number
	for i, value := range values {
		if len(value) > identity.MaxValue {
			return nil, casegraph.BadInput("values[%d]: at most %d bytes", i, identity.MaxValue)
		}
		results[i] = &api.Lookup{Value: value}
		candidates[i], results[i].Kinds = r.guess(value)
		trimmed := strings.TrimSpace(value)
		keys = append(keys, casegraph.Key{Reference: trimmed}, casegraph.CaseKey("", trimmed))
	}
	named, err := r.Store.Resolve(ctx, keys)
	if err != nil {
		return nil, err
	}
	var ids []casegraph.ID
	for i := range values {
		candidates[i] = behindID(candidates[i], called(named[keys[2*i+1]], named[keys[2*i]]), func(c candidate) bool { return c.matched == matchedID })
		for _, c := range candidates[i] {
			ids = append(ids, c.id)
		}
	}
	return results, r.hit(ctx, results, candidates, ids)
}

// guess tells what a value looks like, and which ids that would have.
func (r query) guess(value string) (candidates []candidate, kinds []string) {
	trimmed := strings.TrimSpace(value)
	if _, ok := casegraph.KindOf(casegraph.ID(trimmed)); ok {
		return []candidate{{id: casegraph.ID(trimmed), matched: matchedID}}, []string{matchedID}
	}
	for _, kind := range identity.Guess(value) {
		normal, err := identity.Normalise(kind, value, r.Identity)
		if err == nil && !normal.Placeholder {
			candidates = append(candidates, candidate{id: identifierID(normal), matched: string(kind)})
		}
		kinds = append(kinds, string(kind))
	}
	return candidates, kinds
}

// behindID puts what a value is the name of before what it looks like, but
// behind the id that it is.
func behindID[T any](guesses, names []T, isID func(T) bool) []T {
	if len(guesses) > 0 && isID(guesses[0]) {
		return append(guesses, names...)
	}
	return append(names, guesses...)
}

// called are the nodes that a value is the name of: cases first.
func called(cases, others []casegraph.ID) (candidates []candidate) {
	for _, id := range slices.Concat(cases, others) {
		matched := matchedReference
		if kind, _ := casegraph.KindOf(id); kind == casegraph.KindCase {
			matched = matchedNumber
		}
		candidates = append(candidates, candidate{id: id, matched: matched})
	}
	return candidates
}

// hit keeps the candidates that are there and that the asker may see.
func (r query) hit(ctx context.Context, results []*api.Lookup, candidates [][]candidate, ids []casegraph.ID) error {
	found, err := r.nodes(ctx, ids)
	if err != nil {
		return err
	}
	var identifiers []casegraph.ID
	for id, n := range found {
		if n.Kind() == casegraph.KindIdentifier {
			identifiers = append(identifiers, id)
		}
	}
	degrees := map[casegraph.ID]casegraph.LinkPage{}
	if len(identifiers) > 0 {
		if degrees, err = r.degrees(ctx, identifiers); err != nil {
			return err
		}
	}
	for i, result := range results {
		met := map[casegraph.ID]bool{}
		for _, c := range candidates[i] {
			n := found[c.id]
			if n == nil || met[c.id] {
				continue
			}
			met[c.id] = true
			hit := &api.LookupHit{Node: n, Matched: c.matched}
			if n.Kind() == casegraph.KindIdentifier {
				hit.Accounts = new(degrees[c.id].Degree)
			}
			result.Hits = append(result.Hits, hit)
		}
		var names []string
		for _, hit := range result.Hits {
			if (hit.Matched == matchedNumber || hit.Matched == matchedReference) && !slices.Contains(names, hit.Matched) {
				names = append(names, hit.Matched)
			}
		}
		result.Kinds = behindID(result.Kinds, names, func(kind string) bool { return kind == matchedID })
	}
	return nil
}
