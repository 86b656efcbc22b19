package resolvers

import (
	"context"
	"slices"
	"unicode/utf8"

	"casegraph"
	"casegraph/api"
	"casegraph/words"
)

// Bounds of a search.
const (
	MaxQuery = 200 // characters
	MaxWords = 16
)

// Search finds nodes by words: those that have each word exactly come first,
// then those that have words one slip away. It takes one call for the
// vocabulary, one or two searches, and one for the nodes.
func (r query) Search(ctx context.Context, text string, kinds []casegraph.Kind, first *int) (*api.Search, error) {
	size, err := pageSize("first", first)
	if err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(text) > MaxQuery {
		return nil, casegraph.BadInput("query: at most %d characters", MaxQuery)
	}
	asked := words.Split(text)
	switch {
	case len(asked) == 0:
		return nil, casegraph.BadInput("query: at least one word")
	case len(asked) > MaxWords:
		return nil, casegraph.BadInput("query: at most %d words", MaxWords)
	}
	near, err := r.near(ctx, asked)
	if err != nil {
		return nil, err
	}
	request := casegraph.SearchRequest{Words: alone(asked), Kinds: kinds, First: size, Mask: mask(ctx)}
	if request.Mask.HidesFields() {
		request.First = casegraph.MaxPage // those of which fields alone have the words are left out
	}
	exact, err := r.Store.Search(ctx, request)
	if err != nil {
		return nil, err
	}
	found := exact
	if request.Words = terms(near); len(exact) < request.First && wider(request.Words) {
		widened, err := r.Store.Search(ctx, request)
		if err != nil {
			return nil, err
		}
		found = distinct(append(slices.Clone(exact), widened...))
	}
	hits, err := r.hits(ctx, found[:min(request.First, len(found))], exact)
	if err != nil {
		return nil, err
	}
	if request.Mask.HidesFields() {
		hits = withWords(hits, alone(asked), terms(near))
	}
	hits = hits[:min(size, len(hits))]
	return &api.Search{Words: seen(near, hits), Hits: hits}, nil
}

// withWords keeps the hits that have the words in what the asker sees of them.
func withWords(hits []*api.SearchHit, exact, forms [][]string) []*api.SearchHit {
	hits = slices.DeleteFunc(hits, func(hit *api.SearchHit) bool {
		hit.Exact = hasWords(hit.Node, exact)
		return !hit.Exact && !hasWords(hit.Node, forms)
	})
	slices.SortStableFunc(hits, func(a, b *api.SearchHit) int {
		switch {
		case a.Exact == b.Exact:
			return 0
		case a.Exact:
			return -1
		}
		return 1
	})
	return hits
}

// seen keeps the terms that stand in what was found: the vocabulary also has
// the words of what the asker may not see.
func seen(near []*api.SearchWord, hits []*api.SearchHit) []*api.SearchWord {
	met := map[string]bool{}
	for _, hit := range hits {
		for _, text := range hit.Node.Texts() {
			for _, word := range words.Split(text) {
				met[word] = true
			}
		}
	}
	for _, word := range near {
		word.Terms = slices.DeleteFunc(word.Terms, func(term string) bool { return term != word.Word && !met[term] })
	}
	return near
}

// near finds the known words that count as the words asked for, in one call.
func (r query) near(ctx context.Context, asked []string) ([]*api.SearchWord, error) {
	var variants []string
	for _, word := range asked {
		variants = append(variants, words.Variants(word)...)
	}
	known, err := r.Store.Terms(ctx, variants)
	if err != nil {
		return nil, err
	}
	near := make([]*api.SearchWord, len(asked))
	for i, word := range asked {
		terms := []string{word}
		for _, variant := range words.Variants(word) {
			for _, term := range known[variant] {
				if term != word && len(words.Variants(word)) > 1 && words.Near(word, term) {
					terms = append(terms, term)
				}
			}
		}
		slices.Sort(terms[1:])
		near[i] = &api.SearchWord{Word: word, Terms: slices.Compact(terms)}
	}
	return near, nil
}

func alone(asked []string) [][]string {
	lists := make([][]string, len(asked))
	for i, word := range asked {
		lists[i] = []string{word}
	}
	return lists
}

func terms(near []*api.SearchWord) [][]string {
	lists := make([][]string, len(near))
	for i, word := range near {
		lists[i] = word.Terms
	}
	return lists
}

func wider(lists [][]string) bool {
	return slices.ContainsFunc(lists, func(terms []string) bool { return len(terms) > 1 })
}

func (r query) hits(ctx context.Context, found, exact []casegraph.ID) ([]*api.SearchHit, error) {
	nodes, err := r.nodes(ctx, found)
	if err != nil {
		return nil, err
	}
	hits := make([]*api.SearchHit, 0, len(found))
	for _, id := range found {
		if n := nodes[id]; n != nil {
			hits = append(hits, &api.SearchHit{Node: n, Exact: slices.Contains(exact, id)})
		}
	}
	return hits, nil
}
